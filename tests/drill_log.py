"""The figures of a drill's debrief, counted once more from the exported events alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]

AUDIENCES = {1: "core", 2: "support", 3: "executives", 4: "employees", 5: "customers"}


class DrillLog:
    """What happened in a drill, from the events of `cockpit export --format json`."""

    def __init__(self, exported: dict[str, Any]) -> None:
        (incident,) = exported["incidents"]
        self.events: list[Event] = incident["events"]
        self.start = _time(self._bodies("inc.open")[0]["at"])
        self.ring = {
            each["obj"].removeprefix("sh:"): AUDIENCES[each["v"]["ring"]]
            for each in self._bodies("reg.set")
            if each["f"] == "card"
        }
        self.told = [(each["sh"], _time(each["at"])) for each in self._bodies("told.add")]
        entries = self._bodies("entry.add")
        self.sent = sorted(
            (_time(each["at"]), each["msg"]["audience"], each["msg"].get("next_at"))
            for each in entries
            if each.get("msg", {}).get("state") == "sent"
        )
        self.came = {
            each["src"]["id"]: _time(each["at"])
            for each in entries
            if each.get("src", {}).get("format") == "drill" and "inject" in each["src"]["id"]
        }

    def end(self) -> datetime | None:
        """Return when it was resolved, None if it was not."""
        status = [each for each in self.events if each["d"].get("f") == "status"]
        if not status or status[-1]["d"]["v"] != "resolved":
            return None
        return _happened(status[-1])

    def severity(self) -> str:
        values = [each["v"] for each in self._bodies("reg.set") if each["f"] == "severity"]
        return str([self._bodies("inc.open")[0]["severity"], *values][-1])

    def first_words(self, until: datetime) -> dict[str, int]:
        """Return the seconds until each audience heard first: customers by a text alone."""
        words = [(at, audience) for at, audience, _ in self.sent]
        words += [
            (at, self.ring[person]) for person, at in self.told if self.ring[person] != "customers"
        ]
        return {
            audience: _seconds(at - self.start)
            for at, audience in sorted(words, reverse=True)
            if at <= until
        }

    def promises(self, until: datetime) -> tuple[int, int]:
        """Return how many promised times were kept and missed; none of them was moved."""
        kept = missed = 0
        for audience in {each[1] for each in self.sent}:
            mine = [(at, next_at) for at, who, next_at in self.sent if who == audience]
            for place, (_, next_at) in enumerate(mine):
                if next_at is None:
                    continue
                met = mine[place + 1][0] if place + 1 < len(mine) else None
                if met is not None:
                    kept += met <= _time(next_at)
                    missed += met > _time(next_at)
                else:
                    missed += until > _time(next_at)
        return kept, missed

    def _bodies(self, kind: str) -> list[Event]:
        return [each["d"] for each in self.events if each["k"] == kind]


def check_agreement(found: dict[str, Any], exported: dict[str, Any]) -> None:
    """Compare a debrief (`drill debrief --json`) with the exported events, figure by figure."""
    log = DrillLog(exported)
    end = log.end()
    until = _time(found["until"])
    assert found["over"] == (end is not None)
    if end is not None:
        assert abs((until - end).total_seconds()) < 1
    assert abs(found["lasted_seconds"] - (until - log.start).total_seconds()) <= 1
    assert found["severity"] == log.severity()
    assert found["came_in"] == len(log.came)
    findings = found["findings"]
    shown = {
        each["about"]: each["seconds"]
        for each in findings
        if each["topic"] == "first-word" and each["seconds"] is not None
    }
    assert shown == log.first_words(until)
    kept, missed = log.promises(until)
    made = found["promises"]
    assert (made["kept"], made["missed"], made["extended"]) == (kept, missed, 0)
    assert made["made"] == kept + missed
    told = {person for person, _ in log.told}
    people = {each["about"]: each for each in findings if each["topic"] == "people"}
    assert people.pop("told")["count"] == len(told)
    assert not set(people) & told
    for each in findings:
        if each["topic"] == "questions":
            assert each["about"] in log.came
    stages = {each["d"]["v"] for each in log.events if each["d"].get("f") == "stage"}
    steps = {each["about"]: each for each in findings if each["topic"] == "steps"}
    missing = "Not done" in steps.get("acknowledge", {}).get("sentence", "")
    assert missing != bool(stages - {"detected"})


def _happened(event: Event) -> datetime:
    """Return when a change happened: as it says, else as its clock says."""
    if at := event["d"].get("at"):
        return _time(at)
    return datetime.fromtimestamp(int(event["t"][:12], 16) / 1000, UTC)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _seconds(span: Any) -> int:
    return round(span.total_seconds())
