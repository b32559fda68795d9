"""Claims: who began last writes, and everybody comes to the same answer."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.presence import (
    Own,
    find_writer,
    gives_way,
    here_words,
    names_of,
    others_in,
    section_doing,
    update_doing,
    writer_words,
)
from cockpit.domain.wire import Presence

INC = "1" * 32
ANA, BEN = Own("ana", "a" * 8), Own("ben", "b" * 8)
WRITES = update_doing("customers")


def present(own: Own, doing: str = "", since: int = 0, inc: str = INC) -> Presence:
    return Presence(own.member, own.dev, inc, doing, since)


def test_others_are_those_on_other_devices_in_this_incident() -> None:
    second = Own("ana", "c" * 8)
    here = (present(BEN), present(ANA), present(second), present(Own("cleo", "d" * 8), inc=""))
    assert names_of(others_in(here, ANA, INC), ANA) == ("you elsewhere", "ben")
    assert names_of(others_in(here, ANA), ANA) == ("you elsewhere", "ben", "cleo")


def test_who_is_here_is_said_in_a_few_words() -> None:
    assert here_words(()) == ()
    assert here_words(("ben",)) == ("ben here", "1 here")
    assert here_words(("ben", "cleo", "dan", "eve")) == ("ben, cleo, dan and 1 more here", "4 here")


def test_a_writer_is_seen_by_the_others_only() -> None:
    here = (present(ANA, WRITES, 5), present(BEN, section_doing("cause"), 6))
    assert find_writer(here, BEN, INC, WRITES) == here[0]
    assert find_writer(here, ANA, INC, WRITES) is None
    assert find_writer(here, ANA, INC, section_doing("cause")) == here[1]
    assert find_writer(here, BEN, "2" * 32, WRITES) is None
    assert find_writer(here, BEN, INC, "") is None
    words = writer_words(present(ANA, WRITES, 14 * 3_600_000 + 120_000), BEN, UTC)
    assert words == "ana writes this update since 14:02"


@given(st.lists(st.integers(0, 3), min_size=2, max_size=5))
def test_of_all_who_write_exactly_one_goes_on(since: list[int]) -> None:
    """Whatever the order of beginning, and where two begin in the same moment."""
    people = [Own(f"m{place}", f"{place:08x}") for place in range(len(since))]
    here = [present(own, WRITES, at) for own, at in zip(people, since, strict=True)]
    stay = [own for own in people if gives_way(here, own, INC, WRITES) is None]
    assert len(stay) == 1


def test_nobody_gives_way_before_the_server_has_heard_of_them() -> None:
    here = (present(BEN, WRITES, 5), present(ANA, "", 9))
    assert gives_way(here, ANA, INC, WRITES) is None
    assert gives_way(here[:1], ANA, INC, WRITES) is None
    assert gives_way((here[0], present(ANA, WRITES, 4)), ANA, INC, WRITES) == here[0]
