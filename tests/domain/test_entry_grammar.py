"""One line says kind, time and text; a pasted chat becomes dated entries and loses no line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.entry_grammar import WORDS, Work, parse_entry, split_paste
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-21T{clock}+00:00")


@pytest.mark.parametrize(
    ("line", "kind", "moment", "text"),
    [
        ("found memory errors", EntryKind.NOTE, None, "found memory errors"),
        ("  padded  ", EntryKind.NOTE, None, "padded"),
        ("/decision revert it", EntryKind.DECISION, None, "revert it"),
        ("/Decision revert", EntryKind.DECISION, None, "revert"),
        ("@09:10 alert received", EntryKind.NOTE, at("09:10"), "alert received"),
        ("-5m restarted", EntryKind.NOTE, at("09:35"), "restarted"),
        ("@-5m restarted", EntryKind.NOTE, at("09:35"), "restarted"),
        ("-1h30m first sign", EntryKind.NOTE, at("08:10"), "first sign"),
        ("/action @09:10 redeployed", EntryKind.ACTION, at("09:10"), "redeployed"),
        ("@09:10 /action redeployed", EntryKind.ACTION, at("09:10"), "redeployed"),
        ("@yesterday 23:10 quiet", EntryKind.NOTE, at("23:10") - timedelta(days=1), "quiet"),
        ("@2026-11-21 08:00 start", EntryKind.NOTE, at("08:00"), "start"),
        ("@2026-11-21T08:00Z start", EntryKind.NOTE, at("08:00"), "start"),
        ("/finding cache is cold", EntryKind.OBSERVATION, None, "cache is cold"),
        ("/alert p95 high", EntryKind.OBSERVATION, None, "p95 high"),
        ("//tmp is full", EntryKind.NOTE, None, "/tmp is full"),
        ("/note //tmp is full", EntryKind.NOTE, None, "/tmp is full"),
        ("/api/v1 answers 500", EntryKind.NOTE, None, "/api/v1 answers 500"),
        ("/2 of the disks", EntryKind.NOTE, None, "/2 of the disks"),
        ("@alice please look", EntryKind.NOTE, None, "@alice please look"),
        ("- a list item", EntryKind.NOTE, None, "- a list item"),
        ("-5 degrees", EntryKind.NOTE, None, "-5 degrees"),
        ("-x flag", EntryKind.NOTE, None, "-x flag"),
        ("09:10 is when", EntryKind.NOTE, None, "09:10 is when"),
        ("/note one\ntwo", EntryKind.NOTE, None, "one\ntwo"),
        ("disk [/bold] {x} 100%", EntryKind.NOTE, None, "disk [/bold] {x} 100%"),
    ],
)
def test_a_line_says_kind_time_and_text(
    line: str, kind: EntryKind, moment: datetime | None, text: str
) -> None:
    parsed = parse_entry(line, NOW)
    assert (parsed.kind, parsed.at, parsed.text) == (kind, moment, text)


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("/impact checkout fails for 40 %", "impact_text"),
        ("/cause a bad deploy", "cause"),
        ("/next roll back", "next_step"),
        ("/decision roll back", ""),
    ],
)
def test_three_kinds_also_fill_the_headline(line: str, headline: str) -> None:
    assert parse_entry(line, NOW).headline == headline


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/desicion revert", "Did you mean /decision?"),
        ("/tmp is full", "Type // for a text that begins with a slash"),
        ("/status resolved", "Change it itself"),
        ("/decision", "/decision needs a text"),
        ("@09:10", "There is no text"),
        ("   ", "There is no text"),
        ("@25:00 x", "expected 09:10"),
        ("@9:75 x", "expected 09:10"),
        ("/ask", "/ask needs what is asked"),
        ("/ask @ana 10m", "/ask @ana 10m restart the cache"),
        ("/ask @ restart", "“@” needs a name"),
        ("/ask 0m restart", "not a span of time"),
        ("/ask 8d restart", "up to 7 days"),
        ("/ask @25:00 restart", "expected 09:10"),
        ("/theory", "/theory needs a text"),
        ("/teory full", "Did you mean /theory?"),
    ],
)
def test_a_wrong_line_says_what_was_expected(line: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_entry(line, NOW)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("line", "owner", "within", "text"),
    [
        ("/ask @ana 10m restart the cache", "ana", 10, "restart the cache"),
        ("/ask 10m @ana restart the cache", "ana", 10, "restart the cache"),
        ("/ASK @ana restart", "ana", None, "restart"),
        ("/ask 1h30m restart", "", 90, "restart"),
        ("/ask 5min restart", "", 5, "restart"),
        ("/ask restart the cache", "", None, "restart the cache"),
        ("/ask @ana @ben restart", "ana", None, "@ben restart"),
        ("/ask 10 restarts", "", None, "10 restarts"),
        ("/ask //tmp is full, clean it", "", None, "/tmp is full, clean it"),
    ],
)
def test_an_ask_says_of_whom_and_until_when(
    line: str, owner: str, within: int | None, text: str
) -> None:
    parsed = parse_entry(line, NOW)
    wait = timedelta(minutes=within) if within else None
    assert (parsed.work, parsed.kind, parsed.at) == (Work.ASK, EntryKind.ACTION, None)
    assert (parsed.owner, parsed.within, parsed.text) == (owner, wait, text)


@pytest.mark.parametrize("line", ["@09:10 /ask @ana restart", "/ask @ana @09:10 restart"])
def test_an_ask_can_be_back_dated(line: str) -> None:
    parsed = parse_entry(line, NOW)
    assert (parsed.at, parsed.owner, parsed.text) == (at("09:10"), "ana", "restart")


def test_a_theory_is_a_text() -> None:
    parsed = parse_entry("-5m /theory @ana broke it 10m ago", NOW)
    assert (parsed.work, parsed.kind) == (Work.THEORY, EntryKind.OBSERVATION)
    assert (parsed.at, parsed.text) == (at("09:35"), "@ana broke it 10m ago")


NAMES = st.text("abcdefghijklmnopqrstuvwxyzäöü.-_", min_size=1, max_size=12).filter(
    lambda name: not name.startswith(("-", "now", "today", "yesterday"))
)
TITLES = st.text(min_size=1, max_size=30).map(lambda text: f"restart {text}".strip())


@given(NAMES | st.just(""), st.none() | st.integers(1, 10_080), TITLES)
def test_an_ask_reads_back_as_it_was_written(owner: str, within: int | None, title: str) -> None:
    line = " ".join(
        ["/ask", *([f"@{owner}"] if owner else []), *([f"{within}m"] if within else []), title]
    )
    parsed = parse_entry(line, NOW)
    wait = timedelta(minutes=within) if within else None
    assert (parsed.owner, parsed.within, parsed.text) == (owner, wait, title)


def test_times_are_of_the_zone_that_is_shown() -> None:
    parsed = parse_entry("@10:10 alert", NOW, ZoneInfo("Europe/Berlin"))
    assert parsed.at == at("09:10")


@given(st.sampled_from(sorted(WORDS)), st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_doubled_slash_always_keeps_a_command_as_text(command: str, text: str) -> None:
    assert parse_entry(f"//{command} {text}", NOW).text == f"/{command} {text}".strip()


@given(st.text())
def test_any_line_is_an_entry_or_a_plain_refusal(line: str) -> None:
    try:
        parsed = parse_entry(line, NOW)
    except InvalidInputError:
        return
    assert parsed.text


def texts(paste: str) -> list[tuple[datetime | None, str]]:
    return [(each.at, each.text) for each in split_paste(paste, NOW)]


def test_a_chat_becomes_dated_entries() -> None:
    paste = "[09:01] ann: checkout is down\n[09:03:20] bob: looking\n  at the cache\n"
    assert texts(paste) == [
        (at("09:01"), "ann: checkout is down"),
        (at("09:03:20"), "bob: looking\n  at the cache"),
    ]


def test_a_chat_with_names_above_the_words_becomes_dated_entries() -> None:
    paste = "Ann Lee  9:01 AM\ncheckout is down\n\nBob [9:03 AM]\nlooking\nfound it\n"
    assert texts(paste) == [
        (at("09:01"), "Ann Lee: checkout is down"),
        (at("09:03"), "Bob: looking\nfound it"),
    ]


def test_a_log_becomes_dated_entries() -> None:
    paste = "2026-11-21T09:10:00Z ERROR full\n2026-11-21 09:10:01,500 ERROR still full"
    assert texts(paste) == [(at("09:10"), "ERROR full"), (at("09:10:01"), "ERROR still full")]


def test_a_list_becomes_entries_with_kinds() -> None:
    paste = "Plan:\n- 09:10 – alert\n- 09:20 /decision revert\n  because of the cache\n"
    found = split_paste(paste, NOW)
    assert [(each.kind, each.at, each.text) for each in found] == [
        (EntryKind.NOTE, None, "Plan:"),
        (EntryKind.NOTE, at("09:10"), "alert"),
        (EntryKind.DECISION, at("09:20"), "revert\n  because of the cache"),
    ]


def test_bullets_and_plain_lines_each_become_an_entry() -> None:
    assert [text for _, text in texts("* one\n* two\n  more\n2) three")] == [
        "one",
        "two\n  more",
        "three",
    ]
    assert [text for _, text in texts("one\n\ntwo")] == ["one", "two"]
    assert [text for _, text in texts("Traceback:\n  File x\n    y\nValueError")] == [
        "Traceback:\n  File x\n    y",
        "ValueError",
    ]


def test_times_alone_and_slashes_are_kept_as_text() -> None:
    assert texts("09:10\n/tmp is full") == [(at("09:10"), "/tmp is full")]
    assert texts("09:10") == [(at("09:10"), "09:10")]
    assert texts("/tmp is full\n// comment") == [(None, "/tmp is full"), (None, "// comment")]
    assert split_paste("\n \n", NOW) == ()


LINES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["09:10", "[09:10] ann: x", "- one", "2. two", "Ann 9:10 AM", "  cont", "/decision do"]
    ),
    st.sampled_from(
        ["@09:10 q", "-", "* ", "25:61 z", "-5m w", "2026-11-21 09:10 log", "(9:05) p"]
    ),
)


@given(st.lists(LINES, max_size=12))
def test_no_line_with_text_is_lost(lines: list[str]) -> None:
    paste = "\n".join(lines)
    entries = split_paste(paste, NOW)
    kept = "\n".join(f"{each.kind} {each.at} {each.text}" for each in entries)
    place = 0
    for line in paste.replace("\r", "\n").split("\n"):
        words = line.split()
        if not words or words[-1][-1:].isdigit() or words[-1] in ("AM", "PM", "am", "pm"):
            continue  # a time alone or a name and a time: they are in `at` and in front
        found = kept.find(words[-1], place)
        assert found >= 0, (line, entries)
    assert all(each.text.strip() for each in entries)


@given(st.lists(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,3}", fullmatch=True), max_size=20))
def test_plain_lines_come_back_in_order(lines: list[str]) -> None:
    assert [each.text for each in split_paste("\n".join(lines), NOW)] == lines


def test_a_large_paste_is_split_in_time() -> None:
    paste = "\n".join(f"09:{n % 60:02} line {n} {'x' * 40}" for n in range(16_000))
    assert len(split_paste(paste, NOW)) == 16_000
