"""What `due` says of the time after incidents: post-mortems, and action items that are overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from cockpit.domain.action_items import IncidentItem, due_words, id_length, overdue_items
from cockpit.domain.review import Owed
from cockpit.service import action_items, reviews
from cockpit.service.session import Session


class Aftermath(Struct, frozen=True):
    """What is owed to one incident once it is over; `items` are overdue."""

    inc: str
    ref: str
    severity: str
    title: str
    owed: Owed | None
    items: tuple[IncidentItem, ...] = ()


def aftermaths(session: Session) -> tuple[Aftermath, ...]:
    """Return the incidents to which something is owed, or whose items are overdue."""
    late: dict[str, list[IncidentItem]] = {}
    items = session.reads.action_items()
    for each in overdue_items(items, action_items.today(session)):
        late.setdefault(each.inc, []).append(each)
    owed = {each.lesson.inc: each for each in reviews.list_owed(session, items)}
    found = []
    for inc in dict.fromkeys((*owed, *late)):
        items = tuple(late.get(inc, ()))
        if inc in owed:
            lesson = owed[inc].lesson
            head = (lesson.ref, lesson.severity.value, lesson.title)
        else:
            head = (items[0].ref, items[0].severity.value, items[0].incident)
        found.append(Aftermath(inc, *head, owed.get(inc), items))
    return tuple(found)


def aftermath_lines(each: Aftermath, today: date) -> Iterator[str]:
    """Yield what is owed to one incident's post-mortem, then its overdue items."""
    yield from nudge_lines(each.owed)
    yield from item_lines(each.items, today)


def nudge_lines(owed: Owed | None) -> Iterator[str]:
    """Yield what is owed to a post-mortem, each with the command that settles it."""
    for each in owed.nudges if owed else ():
        mark = "! " if each.late else ""
        yield f"{'learn':<11}{mark}{each.sentence} {each.how}"


def item_lines(items: Sequence[IncidentItem], today: date) -> Iterator[str]:
    """Yield overdue action items."""
    size = id_length(items)
    for each in items:
        owner = f", {each.item.owner}" if each.item.owner else ""
        title = " ".join(each.item.title.split())
        words = f"{each.item.id[:size]} {title} ({due_words(each, today)}{owner})"
        yield f"{'action':<11}! {words}"
