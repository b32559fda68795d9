"""Addresses of servers and invites: only those to which a token may go."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

from cockpit.errors import InvalidInputError

_HINT = "It begins with https://, such as https://sync.example."
_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_JOIN = "/j"


class InviteAddress(Struct, frozen=True):
    """What an invite's address says: the server, the code, and the keys of an encrypted one."""

    url: str
    code: str
    keys: str = ""

    def __repr__(self) -> str:
        """Name the server alone: the rest opens the workspace."""
        return f"InviteAddress({self.url!r})"


def check_address(url: str) -> str:
    """Return a server's address without a slash at its end.

    Raises InvalidInputError: for what is none, and for plain http to another machine.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidInputError("That is not the address of a server.", _HINT) from error
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise InvalidInputError("That is not the address of a server.", _HINT)
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidInputError("A server's address has no name, question or # in it.", _HINT)
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidInputError(
            "Without encryption (http) a server may only be on this machine.",
            "Use https, or a tunnel that ends here, such as ssh -L.",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def parse_invite(text: str) -> InviteAddress:
    """Return what an invite's address `https://host/j#<code>[.<key>…]` says.

    Raises InvalidInputError for anything else.
    """
    address, _, fragment = text.strip().partition("#")
    code, _, keys = fragment.partition(".")
    if not _CODE.fullmatch(code) or not address.rstrip("/").endswith(_JOIN):
        raise InvalidInputError(
            "That is not an invite.",
            "An invite is one line such as https://sync.example/j#…; copy all of it.",
        )
    return InviteAddress(check_address(address.rstrip("/").removesuffix(_JOIN)), code, keys)
