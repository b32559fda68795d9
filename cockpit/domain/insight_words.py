"""What each figure of the insights means, in a sentence or two; docs/insights.md says more."""

from __future__ import annotations

DEFINITIONS: tuple[tuple[str, str], ...] = (
    (
        "Incidents",
        "Those that began in the period, imported ones too. Exercises, planned work and deleted "
        "incidents do not count.",
    ),
    (
        "Detected",
        "From the beginning to the first observation in the timeline or the declaration, whichever "
        "came first. Unknown where nobody said when it began.",
    ),
    ("Acknowledged", "From the beginning until its stage was acknowledged, for good."),
    ("First word to customers", "From the beginning to the first update sent to customers."),
    (
        "Contained",
        "From the beginning until no further customers were harmed, for good: contained, worked "
        "around or fixed.",
    ),
    ("Resolved", "From the beginning until it was resolved, for good."),
    (
        "Median, nine of ten",
        "In half of the incidents it took at most that long; in nine of ten at most the other. "
        "Only incidents of which it is known count.",
    ),
    (
        "Promises kept",
        "An update that names the time of the next one promises it. It is kept when the next one "
        "was sent by then, or by the time to which it was moved before it passed.",
    ),
    (
        "Downtime",
        "From the beginning of an incident of the kinds and severities that the playbook counts "
        "until it was contained, else resolved. Time in which several were down counts once.",
    ),
    ("Open debt", "Action items of the kind debt that are not done, of all time."),
)
