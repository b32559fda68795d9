"""The files of `data/`: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable


def data_file(name: str) -> str:
    """Return the text of a data file, such as `playbook.toml` or `templates/outage.md`."""
    return _locate(name).read_text(encoding="utf-8")


def data_names(directory: str) -> tuple[str, ...]:
    """Return the files in a data directory and below it, such as `customers/resolved.md`, sorted.

    None when the directory is missing.
    """
    return tuple(sorted(_walk(_locate(directory), "")))


def _walk(place: Traversable, prefix: str) -> Iterator[str]:
    if not place.is_dir():
        return
    for each in place.iterdir():
        if each.is_file():
            yield prefix + each.name
        else:
            yield from _walk(each, f"{prefix}{each.name}/")


def _locate(name: str) -> Traversable:
    place = _root()
    for part in name.split("/"):
        place = place / part
    return place


def _root() -> Traversable:
    import pathlib
    import zipfile
    from importlib.resources import files

    package = files("cockpit")
    inside = package / "_data"
    if inside.is_dir():
        return inside
    if isinstance(package, zipfile.Path):
        return zipfile.Path(package.root, "data/")
    return pathlib.Path(str(package)).parent / "data"
