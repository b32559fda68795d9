"""Components: set by hand, said in updates, undone like everything else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain.events import ComponentChange, EntryAdded, Message
from cockpit.domain.playbook import Component
from cockpit.domain.vocabulary import MessageState
from cockpit.errors import InvalidInputError
from cockpit.service import closing, exports, updates
from cockpit.service.components import MOST_COMPONENTS, set_component
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.undo import undo
from cockpit.store.database import NewEvent
from tests.service.conftest import START, MovedClock


def test_a_component_has_a_state_with_a_reason(session: Session, inc: str) -> None:
    view = set_component(session, inc, "orders", "partial", "cards fail")
    assert view.components == {"Orders and payments": "partial_outage"}
    assert (
        read_timeline(session, inc)[-1].text == "Orders and payments: partial outage (cards fail)"
    )
    view = set_component(session, inc, "Orders and Payments", "ok")
    assert view.components == {"Orders and payments": "operational"}
    text = "Orders and payments: partial outage → operational"
    assert read_timeline(session, inc)[-1].text == text
    assert set_component(session, inc, "orders", "operational").last_op == view.last_op


def test_setting_a_component_is_undone(session: Session, inc: str, clock: MovedClock) -> None:
    change = ComponentChange("API", "major_outage")
    message = Message(MessageState.SENT, "customers", components=(change,))
    said = EntryAdded(START, "down", "communication", message)
    session.write(lambda _: [NewEvent(inc, said)])
    clock.move(1)
    set_component(session, inc, "api", "ok")
    clock.move(1)
    assert "the state of API" in undo(session, inc)
    assert session.reads.view(inc).components == {"API": "major_outage"}
    set_component(session, inc, "Search", "degraded")
    undo(session, inc)
    assert session.reads.view(inc).components == {"API": "major_outage"}


def test_names_are_those_of_the_playbook_where_it_lists_some(session: Session, inc: str) -> None:
    session.__dict__["playbook"] = replace(
        session.playbook, components=(Component("checkout", "Checkout API"),)
    )
    with pytest.raises(InvalidInputError, match="Did you mean Checkout API"):
        set_component(session, inc, "chekout api", "ok")
    assert "Checkout API" in set_component(session, inc, "CHECKOUT", "major").components


def test_a_hostile_name_is_kept_as_text_and_a_long_one_refused(session: Session, inc: str) -> None:
    name = "a.b [/x] \x1b[31m"
    view = set_component(session, inc, name, "major")
    assert len(view.components) == 1
    with pytest.raises(InvalidInputError, match="at most 100"):
        set_component(session, inc, "x" * 101, "ok")
    for number in range(MOST_COMPONENTS - 1):
        set_component(session, inc, f"node {number}", "ok")
    with pytest.raises(InvalidInputError, match="at most 100 components"):
        set_component(session, inc, "one more", "ok")


def test_an_update_tells_customers_what_changed_since_the_last_one(
    session: Session, inc: str, clock: MovedClock
) -> None:
    def send(audience: str) -> tuple[ComponentChange, ...]:
        clock.move(1)
        text = updates.compose(session, inc, stage="investigating", audience=audience)
        return updates.sent(session, text).messages[-1].msg.components

    set_component(session, inc, "orders", "major")
    set_component(session, inc, "Search", "ok")
    text = updates.compose(session, inc, stage="investigating")
    assert updates.copied(session, text).messages[-1].msg.components == ()
    assert send("support") == ()
    assert send("customers") == (ComponentChange("Orders and payments", "major_outage"),)
    assert send("customers") == ()
    set_component(session, inc, "orders", "ok")
    told = ComponentChange("Orders and payments", "operational", "major_outage")
    assert send("customers") == (told,)
    undo(session, inc)
    assert send("customers") == (told,)


def test_a_template_can_say_what_is_affected(session: Session, inc: str) -> None:
    from cockpit.domain.update_facts import gather_facts

    set_component(session, inc, "orders", "partial")
    view = set_component(session, inc, "Search", "ok")
    facts = gather_facts(view, session.playbook, "customers", None, START)
    assert facts["components"] == "Orders and payments (partial outage)"


def test_exports_carry_components_and_waivers(session: Session, inc: str) -> None:
    set_component(session, inc, "a | b <script>", "major")
    closing.waive(session, inc, "owner", "the | team")
    text = exports.export_incident(session, inc, "md")
    assert "| Not operational | a \\| b " in text
    assert "<script>" not in text
    assert "owner: the \\| team" in text
    assert "major_outage" in exports.export_incident(session, inc, "json")
