"""The tests of convergence can fail: each rule that is left out here makes them red."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from cockpit.domain import clock, fold, receipt, registers, wire
from cockpit.domain.envelope import decode_leniently
from cockpit.domain.registers import Candidate, Register
from cockpit.errors import CockpitError
from cockpit.store import (
    arrivals,
    entry_rows,
    incident_rows,
    projections,
    redactions,
    remotes,
    writing,
)
from cockpit.sync import exchange, pages
from tests.sync import server_model, test_directed
from tests.sync.backends import ModelBackend
from tests.sync.team_machine import TeamMachine

Patch = pytest.MonkeyPatch


def no_chain_check(patch: Patch) -> None:
    """Neither side looks whether the history is still the one that it was."""
    patch.setattr(server_model.Log, "chain_at", lambda log, seq: _Anything())
    patch.setattr(pages, "_leads", lambda *parts, **how: True)
    patch.setattr(arrivals, "_differs", lambda *parts: False)


def server_without_chain_check(patch: Patch) -> None:
    """The server gives what comes after a number, whatever stands there now."""
    patch.setattr(server_model.Log, "chain_at", lambda log, seq: _Anything())


def client_without_chain_check(patch: Patch) -> None:
    """The client believes every page."""
    patch.setattr(pages, "_leads", lambda *parts, **how: True)


def chain_of_the_last_id(patch: Patch) -> None:
    """A place is named by its last event alone."""
    _set_chain(patch, lambda _, op_id, at: sha256(f"{op_id}{at}".encode()).hexdigest()[:16])


def chain_without_time(patch: Patch) -> None:
    """A place says nothing of when the server got the events."""
    _set_chain(patch, lambda chain, op_id, _: sha256(f"{chain}{op_id}".encode()).hexdigest()[:16])


def tie_by_device(patch: Patch) -> None:
    """Two values of one time are ordered by their machine, which a copied disk makes two."""
    patch.setattr(registers, "rank", lambda each: (each.eff, each.t))
    _read_by_arrival(patch)


def counter_alone(patch: Patch) -> None:
    """Values of one effective time are ordered by the counter, without the rest of the stamp."""
    patch.setattr(registers, "rank", lambda each: (each.eff, each.t[13:17], each.op))


def no_refold(patch: Patch) -> None:
    """What is known stays as it was folded when the server says when it got it."""
    patch.setattr(projections.Projector, "receive", lambda projector, records, *_: list(records))


def last_to_arrive_wins(patch: Patch) -> None:
    """The value that came last counts."""

    def resolve(candidates: Iterable[Candidate]) -> Register | None:
        found = list(candidates)
        return Register(found[-1].value, found[-1]) if found else None

    patch.setattr(projections, "resolve", resolve)
    _read_by_arrival(patch)


def sent_when_answered(patch: Patch) -> None:
    """An event that was answered once is never sent again."""
    answered: set[str] = set()
    plan, send = exchange.plan_batch, exchange.Exchange._send

    def remember(self: exchange.Exchange, ops: Sequence[tuple[str, bytes]]) -> int:
        held = send(self, ops)
        answered.update(op_id for op_id, _ in ops)
        return held

    def leave_out(unsent: Sequence[Any], *rest: Any) -> exchange.Batch:
        batch = plan([each for each in unsent if each.op.id not in answered], *rest)
        return exchange.Batch(batch.ops, batch.unfit, unsent[-1].n)

    patch.setattr(exchange.Exchange, "_send", remember)
    patch.setattr(exchange, "plan_batch", leave_out)


def unknown_kinds_dropped(patch: Patch) -> None:
    """What is not understood is not kept."""
    divide = arrivals._divide

    def drop(rows: Iterable[Any]) -> Any:
        return divide(row for row in rows if row.op is None or row.op.known)

    patch.setattr(arrivals, "_divide", drop)


def no_clamp(patch: Patch) -> None:
    """A stamp counts as it is, however far ahead."""
    for module in (clock, registers):
        patch.setattr(module, "effective_ms", lambda stamp, received: clock.stamp_ms(stamp))


def times_not_held_back(patch: Patch) -> None:
    """What a fast clock says of when something was done counts, although it lies ahead."""
    for module in (projections, entry_rows, incident_rows, fold):
        patch.setattr(module, "read_body", lambda record: decode_leniently(record.op))


def times_held_back_on_arrival_alone(patch: Patch) -> None:
    """What was written here keeps its times when the server says when it got it."""
    patch.setattr(projections, "read_held", lambda record: (receipt.read_body(record), False))


def no_clamped_witness(patch: Patch) -> None:
    """A clock follows every other, however far ahead that is."""

    def witness(self: writing.Stamper, last: str, records: Iterable[Any]) -> str:
        for each in records:
            last = clock.witness(last, each.op.t, None, self.device)
        return last

    patch.setattr(writing.Stamper, "witness", witness)


def answered_values_may_win(patch: Patch) -> None:
    """Clocks alone decide, whoever saw what."""

    def resolve(candidates: Iterable[Candidate]) -> Register | None:
        found = sorted(candidates, key=registers.rank)
        return Register(found[-1].value, found[-1]) if found else None

    patch.setattr(projections, "resolve", resolve)


def own_events_sent_again_alone(patch: Patch) -> None:
    """After a loss everybody sends only what they wrote."""
    unsent = remotes.Remotes.unsent

    def own(self: remotes.Remotes, *parts: Any, **how: Any) -> tuple[Any, ...]:
        return tuple(each for each in unsent(self, *parts, **how) if each.op.by == _member(self))

    patch.setattr(remotes.Remotes, "unsent", own)


def known_events_keep_their_time(patch: Patch) -> None:
    """Of an event that is here it is not noted where the server put it."""
    patch.setattr(arrivals, "_confirm", lambda *parts: 0)


def late_corrections_not_blanked(patch: Patch) -> None:
    """A redaction removes only what is there when it comes."""
    patch.setattr(projections.Projector, "_collect_late_text", lambda *parts: None)


def redaction_blanks_nothing(patch: Patch) -> None:
    """A redaction hides and does not remove."""
    patch.setattr(projections, "blank_entry", lambda *parts: None)
    patch.setattr(redactions, "blank_entry", lambda *parts: None)


def cursor_moves_first(patch: Patch) -> None:
    """The cursor is kept before the events are, and stays where these fail."""
    patch.setattr(remotes, "take_page", _lose_a_page(remotes.take_page))


BY_CHANCE = (
    no_chain_check,
    server_without_chain_check,
    last_to_arrive_wins,
    sent_when_answered,
    unknown_kinds_dropped,
    known_events_keep_their_time,
    redaction_blanks_nothing,
    cursor_moves_first,
)
"""Rules whose absence the team at random finds."""

BY_HISTORY: tuple[tuple[Callable[[Patch], None], Callable[[], None]], ...] = (
    (chain_of_the_last_id, test_directed.the_same_event_at_the_same_place_after_another_one),
    (
        chain_without_time,
        test_directed.events_that_came_back_at_another_time_count_by_that_everywhere,
    ),
    (client_without_chain_check, test_directed.a_page_that_is_not_whole_is_not_taken),
    (tie_by_device, test_directed.two_copies_of_a_machine_that_write_at_once_agree),
    (counter_alone, test_directed.a_fast_clock_keeps_the_order_of_what_it_wrote),
    (no_clamp, test_directed.a_fast_clock_offline_wins_no_longer_once_it_is_online),
    (times_not_held_back, test_directed.a_fast_clock_misleads_nobodys_countdown),
    (times_held_back_on_arrival_alone, test_directed.a_fast_clock_misleads_nobodys_countdown),
    (no_refold, test_directed.a_fast_clock_offline_wins_no_longer_once_it_is_online),
    (no_clamped_witness, test_directed.a_clock_a_year_ahead_neither_wins_nor_drags_the_others),
    (answered_values_may_win, test_directed.what_was_answered_stays_answered_after_a_restore),
    (own_events_sent_again_alone, test_directed.a_laptop_that_is_gone_lives_on_in_the_others),
    (sent_when_answered, test_directed.an_event_that_was_answered_and_lost_is_sent_again),
    (unknown_kinds_dropped, test_directed.an_unknown_kind_comes_back_from_whoever_has_it),
)
"""Rules whose absence the history beside them finds."""


@pytest.mark.parametrize("mutate", BY_CHANCE, ids=lambda each: each.__name__)
def test_chance_finds_it(mutate: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    with pytest.raises((AssertionError, CockpitError)):
        run_state_machine_as_test(
            type("Team", (TeamMachine,), {"backend_type": ModelBackend}),
            settings=settings(
                max_examples=300,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.parametrize(
    ("mutate", "history"), BY_HISTORY, ids=[each.__name__ for each, _ in BY_HISTORY]
)
def test_a_history_finds_it(
    mutate: Callable[[Patch], None], history: Callable[[], None], monkeypatch: Patch
) -> None:
    history()
    mutate(monkeypatch)
    with pytest.raises(AssertionError):
        history()


class _Anything:
    """Equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__


def _set_chain(patch: Patch, chain: Callable[[str, str, int], str]) -> None:
    for module in (wire, pages, server_model):
        patch.setattr(module, "next_chain", chain)


def _read_by_arrival(patch: Patch) -> None:
    """Let values come in the order in which this machine got them."""
    read = projections.Projector._read_candidates

    def by_arrival(self: projections.Projector) -> Iterator[Any]:
        for key, candidates in read(self):
            rows = self._connection.rows("SELECT id, n FROM op WHERE inc = ?", (key[0],))
            place = dict(rows)
            yield key, sorted(candidates, key=lambda each: place[each.op])

    patch.setattr(projections.Projector, "_read_candidates", by_arrival)


def _member(self: remotes.Remotes) -> str:
    return self.joined()[0].member


def _lose_a_page(take_page: Callable[..., Any]) -> Callable[..., Any]:
    calls = iter(range(10**9))

    def take(*parts: Any) -> Any:
        if next(calls) % 7 == 6:
            return remotes.Intake(remotes.Outcome.TAKEN)
        return take_page(*parts)

    return take
