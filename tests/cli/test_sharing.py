"""Sharing from the shell, with a real server: join, invite, share, exchange, leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Commands
from tests.cli.team import INVITE, Person
from tests.cli.test_json import keys
from tests.store.store_events import open_store
from tests.sync.served import Served, serve

Hire = Callable[[str], Person]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with a workspace that nobody owns yet."""
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def landlord(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of who used the server's own invite."""
    return tmp_path_factory.mktemp("landlord")


@pytest.fixture
def hire(
    tmp_path: Path, cockpit: Commands, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Person]:
    """A function that gives somebody a machine."""
    return lambda name: Person(name, tmp_path / name, cockpit, monkeypatch)


@pytest.fixture
def ana(
    served: Served,
    landlord: Path,
    hire: Hire,
    cockpit: Commands,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Person:
    """The owner of a workspace of her own, called Payments."""
    keeper = Person("keeper", landlord, cockpit, monkeypatch)
    if not (landlord / "cockpit.db").exists():
        keeper.join(f"{served.url}/j#{served.code}")
    title = f"Payments {tmp_path.name}"
    keeper.ok("sync", "create", title, "-w", "Team", "--store-in-file")
    ana = hire("ana")
    ana.join(keeper.invite("-w", title, "--role", "owner"))
    return ana


@pytest.fixture
def ben(ana: Person, hire: Hire) -> Person:
    """An editor of Ana's workspace."""
    ben = hire("ben")
    ben.join(ana.invite())
    return ben


def test_two_people_share_an_incident(ana: Person, ben: Person) -> None:
    assert ana.ok("declare", "Checkout fails", "--json").data["ref"] == "INC-1"
    assert "sent" in ana.ok("sync", "now").out
    assert "received" in ben.ok("sync", "now").out
    ben.ok("log", "seen by ben")
    ben.ok("sync", "now")
    ana.ok("sync", "now")
    entry = ana.ok("show", "--json").data["timeline"][-1]
    assert (entry["text"], entry["author"]) == ("seen by ben", "ben")


def test_an_invite_is_good_once_and_says_how_to_use_it(ana: Person, hire: Hire) -> None:
    made = ana.ok("sync", "invite", "--within", "2h")
    found = INVITE.search(made.out)
    assert found
    assert "as editor, good once, until" in made.err
    assert found[1] not in made.err
    hire("ben").join(found[1])
    refused = hire("cleo")("sync", "join", found[1], "--store-in-file")
    assert refused.code == 4
    assert "used already" in refused.err


def test_an_invite_that_is_no_word_of_the_command_comes_from_standard_input(
    ana: Person, hire: Hire
) -> None:
    for name, words in (("ben", ()), ("cleo", ("-",))):
        stdin = f" {ana.invite()} \n".encode()
        done = hire(name).ok("sync", "join", *words, "--store-in-file", stdin=stdin)
        assert f"as {name} (editor)" in done.out


def test_an_invite_is_not_used_up_where_the_token_could_not_be_kept(
    ana: Person, hire: Hire
) -> None:
    invite, ben = ana.invite(), hire("ben")
    refused = ben("sync", "join", invite)
    assert refused.code == 1
    assert "--store-in-file keeps it in a private file (0600)" in refused.err
    ben.join(invite)
    (token,) = (ben.home / "secrets").iterdir()
    assert token.stat().st_mode & 0o777 == 0o600
    assert (ben.home / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_token_stands_in_its_file_and_nowhere_else(ana: Person) -> None:
    (place,) = (ana.home / "secrets").iterdir()
    found = re.search(r"ic1\.[0-9a-f]{32}\.[A-Za-z0-9_-]{43}", place.read_text(encoding="utf-8"))
    assert found
    ana.ok("declare", "Checkout fails")
    ana.ok("sync", "now")
    holders = [
        each
        for each in ana.home.rglob("*")
        if each.is_file() and found[0].encode() in each.read_bytes()
    ]
    assert holders == [place]


def test_a_token_goes_to_its_own_server_only(ana: Person) -> None:
    import sqlite_utils

    database = sqlite_utils.Database(ana.home / "cockpit.db")
    database.execute("UPDATE remote SET url = 'http://127.0.0.1:1'")
    database.conn.commit()
    database.conn.close()
    refused = ana("sync", "now")
    assert refused.code == 4
    assert "names another server" in refused.err


def test_what_was_here_before_is_shared_only_when_somebody_says_so(ana: Person, hire: Hire) -> None:
    ben = hire("ben")
    ben.ok("declare", "Of old")
    ben.ok("declare", "Only for us", "--private")
    assert "2 incidents are on this machine alone" in ben.join(ana.invite()).out
    ben.ok("sync", "now")
    ana.ok("sync", "now")
    assert ana.refs() == []
    shared = ben.ok("sync", "share", "--all")
    assert "Left here: 1 private" in shared.out
    ana.ok("sync", "now")
    assert ana.refs() == ["INC-1"]


def test_two_machines_that_took_one_number_agree(ana: Person, ben: Person) -> None:
    ana.ok("declare", "First")
    ben.ok("declare", "Second")
    ana.ok("sync", "now")
    told = ben.ok("sync", "now")
    assert "INC-1 is called INC-1-" in told.out
    ana.ok("sync", "now")
    assert ana.refs() == ben.refs()
    assert len(set(ana.refs())) == 2
    assert "is called" not in ben.ok("sync", "now").out


def test_a_private_incident_has_a_workspace_of_its_own(ana: Person, ben: Person) -> None:
    ana.ok("declare", "Only for us", "--private")
    made = ana.ok("sync", "share", "INC-1", "--apart", "--encrypted")
    assert "is a workspace of its own now" in made.out
    assert "nowhere else" in made.out
    ben.ok("sync", "now")
    assert ben.refs() == []
    ana.ok("declare", "For the team")
    ana.ok("sync", "now")
    ben.ok("sync", "now")
    assert ben.refs() == ["INC-2"]
    invite = ana.invite("-w", "INC-1")
    assert "." in invite.partition("#")[2]
    ben.join(invite)
    assert ben.refs() == ["INC-1", "INC-2"]
    shown = ben.ok("show", "INC-1", "--json").data
    assert (shown["title"], shown["private"]) == ("Only for us", True)


def test_the_setting_says_where_new_incidents_go(
    ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCKPIT_SHARE", "none")
    ana.ok("declare", "Alone")
    monkeypatch.delenv("COCKPIT_SHARE")
    ana.ok("declare", "Shared")
    ana.ok("declare", "Exercise", "--drill")
    assert ana.ok("sync", "status", "--json").data[0]["incidents"] == 1


def test_it_is_said_where_new_incidents_go_and_that_a_setting_is_misspelt(
    ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = ana.ok("sync", "status", "--json").data[0]["title"]
    assert f"new incidents go to “{title}”" in ana.ok("config", "check").out
    monkeypatch.setenv("COCKPIT_SHARE", title.replace("y", "i"))
    wrong = f"“{title.replace('y', 'i')}” is not a workspace for new incidents; expected {title}."
    checked, status = ana("config", "check"), ana.ok("sync", "status")
    assert checked.code == 2
    for said in (checked.out, status.out):
        assert wrong in said
        assert "Until then they stay on this machine" in said
    monkeypatch.setenv("COCKPIT_SHARE", "none")
    assert "new incidents stay on this machine" in ana.ok("config", "check").out
    monkeypatch.delenv("COCKPIT_SHARE")
    ana.ok("sync", "create", "Platform", "-w", title, "--store-in-file")
    words = f"ew incidents stay on this machine: the setting share names none of {title}, Platform"
    assert words in ana.ok("config", "check").out
    assert words in ana.ok("sync", "status").out


def test_a_reader_reads_and_is_refused_in_words(ana: Person, hire: Hire) -> None:
    cleo = hire("cleo")
    ana.ok("declare", "Checkout fails")
    ana.ok("sync", "now")
    cleo.join(ana.invite("--role", "reader"))
    refused = cleo("log", "me too")
    assert refused.code == 1
    assert "You are a reader in “Payments" in refused.err
    assert "An owner can invite you as an editor." in refused.err
    assert cleo("sync", "invite").code == 4
    cleo.ok("declare", "Of my own")
    assert cleo.ok("sync", "status", "--json").data[0]["unsent"] == 0


def test_a_guest_sees_one_incident(ana: Person, hire: Hire) -> None:
    cleo = hire("cleo")
    ana.ok("declare", "Checkout fails")
    ana.ok("declare", "Search is slow")
    ana.ok("sync", "now")
    joined = cleo.join(ana.invite("--guest", "INC-2"))
    assert "guest of one incident" in joined.out
    assert cleo.refs() == ["INC-2"]
    cleo.ok("log", "INC-2", "from the vendor")
    cleo.ok("sync", "now")
    ana.ok("sync", "now")
    assert "from the vendor" in str(ana.ok("show", "INC-2", "--json").data["timeline"])


def test_members_are_listed_and_taken_out(ana: Person, ben: Person) -> None:
    listed = ana.ok("sync", "members", "--json").data
    assert [(each["name"], each["role"]) for each in listed][-2:] == [
        ("ben", "editor"),
        ("keeper", "owner"),
    ]
    assert "ben" in ana.ok("sync", "members").out
    assert ben("sync", "revoke", "ana").code == 4
    assert ana("sync", "revoke", "ana").code == 2
    assert "no member and no device" in ana("sync", "revoke", "nobody").err
    assert "Took 1 device of ben out" in ana.ok("sync", "revoke", "ben").out
    ben.ok("declare", "While out")
    refused = ben("sync", "now")
    assert refused.code == 4
    assert "taken out" in refused.err
    assert "to send" in refused.out
    ben.join(ana.invite("--for", "ben"))
    ana.ok("sync", "now")
    assert "INC-1" in ana.refs()


def test_values_set_at_the_same_time_are_on_the_page_once(ana: Person, ben: Person) -> None:
    ana.ok("declare", "Checkout fails")
    ana.ok("log", "INC-1", "CPU at 9 %")
    entry = ana.ok("show", "INC-1", "--json").data["timeline"][-1]["id"]
    ana.ok("sync", "now")
    ben.ok("sync", "now")
    for person, severity in ((ana, "SEV1"), (ben, "SEV3")):
        person.ok("amend", "INC-1", entry, f"CPU as {person.name} saw it")
        person.ok("set", "INC-1", "severity", severity)
    for person in (ana, ben, ana):
        person.ok("sync", "now")
    lines = ana.ok("show", "INC-1").out.splitlines()
    told = [line for line in lines if " values for " in line]
    assert [line.split(":")[0] for line in told] == [
        "values     ! 2 values for severity",
        "values     ! 2 values for wording of an entry",
    ]
    assert sum("ana SEV1" in line or "at the same time" in line for line in lines) == 1
    ana.ok("set", "INC-1", "severity", "SEV2")
    ana.ok("amend", "INC-1", entry, "CPU at 95 %")
    assert " values for " not in ana.ok("show", "INC-1").out


def test_an_update_sent_by_a_clock_far_ahead_is_told(ana: Person) -> None:
    ana.ok("declare", "Checkout fails")
    ana.ok("sync", "now")
    assert "clock" not in ana.ok("update", "INC-1", "--text", "We look into it.", "--sent").err
    with open_store(ana.home / "cockpit.db") as store:
        store.remotes.note_skew(store.remotes.joined()[0].ws, 3_600_000)
    told = ana.ok("update", "INC-1", "--text", "We look into it still.", "--sent").err
    assert "clock is 1 h ahead of the server's. Times in the text come from this clock" in told


def test_a_refusal_is_no_exchange_and_is_said_once(ana: Person, ben: Person) -> None:
    before = ben.ok("sync", "status", "--json").data[0]["synced_at"]
    ana.ok("sync", "revoke", "ben")
    refused = ben("sync", "now")
    assert (refused.code, refused.err.count("invite")) == (4, 1)
    assert ben.ok("sync", "status", "--json").data[0]["synced_at"] == before


def test_a_second_device_of_one_member_joins_by_that_name(
    ana: Person, ben: Person, hire: Hire
) -> None:
    refused = ana("sync", "invite", "--for", "ben")
    assert refused.code != 0
    assert "role" not in refused.err
    tablet = hire("ben")
    refused = tablet("sync", "join", ana.invite(), "--store-in-file")
    assert "cockpit sync invite --for NAME" in refused.err
    assert refused.err.count("another name") == 1
    tablet.join(ben.invite("--for", "ben"))


def test_a_name_is_taken_once(ana: Person, ben: Person, hire: Hire) -> None:
    other = hire("other")
    refused = other("sync", "join", ana.invite(), "--name", "ben", "--store-in-file")
    assert refused.code == 4
    assert "Another member has that name" in refused.err


def test_leaving_keeps_what_is_here(ana: Person, ben: Person) -> None:
    ana.ok("declare", "Checkout fails")
    ana.ok("sync", "now")
    ben.ok("sync", "now")
    left = ben.ok("sync", "leave")
    assert "Its incidents stay here" in left.out
    assert ben.refs() == ["INC-1"]
    assert list((ben.home / "secrets").iterdir()) == []
    assert "shares incidents with nobody" in ben.ok("sync", "status").out
    devices = ana.ok("sync", "members", "--json").data[1]["devices"]
    assert [bool(each["revoked_at"]) for each in devices] == [True]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("sync", "now"), "shares incidents with nobody"),
        (("sync", "invite"), "shares incidents with nobody"),
        (("sync", "join", "nonsense"), "That is not an invite."),
        (("sync", "join", "http://sync.example/j#abc"), "only be on this machine"),
        (("sync", "share"), "Name incidents, or --all."),
        (("--readonly", "sync", "join", "https://sync.example/j#abc"), "read-only"),
    ],
)
def test_what_cannot_be_is_said_plainly(
    cockpit: Commands, words: tuple[str, ...], message: str
) -> None:
    refused = cockpit(*words)
    assert refused.code in (1, 2)
    assert message in refused.err


def test_a_server_that_is_gone_is_said_and_nothing_is_lost(tmp_path: Path, hire: Hire) -> None:
    with serve(tmp_path) as running:
        dan = hire("dan")
        dan.join(f"{running.url}/j#{running.code}")
    dan.ok("declare", "Server is gone")
    tried = dan("sync", "now")
    assert tried.code == 4
    assert "cannot be reached" in tried.err
    assert "12 to send" in tried.out
    assert "The server was not told" in dan.ok("sync", "leave").err
    assert dan.refs() == ["INC-1"]


def test_the_page_names_the_keys(ana: Person) -> None:
    assert list(ana.ok("sync", "status", "--json").data[0]) == keys("A shared workspace")
    assert list(ana.ok("sync", "now", "--json").data[0]) == keys("An exchange with a server")
    assert list(ana.ok("sync", "invite", "--json").data) == keys("An invite")
    member = ana.ok("sync", "members", "--json").data[0]
    assert list(member) == keys("A member")
    assert list(member["devices"][0]) == keys("A member's device")
