"""Which tool a JSON document comes from, as far as its fields tell."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from cockpit.domain.foreign_record import describe
from cockpit.domain.statuspage import UNCHANGED
from cockpit.errors import ImportRefusedError


class Look(Struct, frozen=True):
    """How a document is recognised: fields that it has, by dotted path; `form` imports it."""

    name: str
    fields: tuple[str, ...]
    form: str = ""


_LOOKS = (
    Look("an export of this cockpit", ("format", "incidents"), "cockpit"),
    Look("a Grafana notification", ("orgId", "alerts"), "grafana"),
    Look("a Grafana notification", ("state", "ruleId"), "grafana"),
    Look("a Grafana notification", ("state", "evalMatches"), "grafana"),
    Look("an Alertmanager notification", ("groupKey", "alerts"), "alertmanager"),
    Look("a PagerDuty webhook", ("event.event_type", "event.data"), "pagerduty"),
    Look("a PagerDuty webhook", ("messages.data.incident",), "pagerduty"),
    Look("PagerDuty log entries", ("log_entries",), "pagerduty"),
    Look("PagerDuty notes", ("notes.content",), "pagerduty"),
    Look("PagerDuty incidents", ("incidents.incident_number",), "pagerduty"),
    Look("a PagerDuty incident", ("incident.incident_number",), "pagerduty"),
    Look("PagerDuty services", ("services.escalation_policy",)),
    Look("PagerDuty services", ("services.service_key",)),
    Look("Google Cloud incidents", ("external_desc", "updates"), "gcp"),
    Look("Statuspage incidents", ("incidents.incident_updates",), "statuspage"),
    Look("a Statuspage incident", ("incident.incident_updates",), "statuspage"),
    Look("incidents of Statuspage's manage API", ("page_id", "incident_updates")),
    Look("incidents of Statuspage's manage API", ("impact_override", "incident_updates")),
    Look("an update of Statuspage's manage API", ("incident_id", "wants_twitter_update")),
    Look("a Statuspage component", ("page_id", "showcase")),
    Look("a Statuspage component", ("page.status_indicator", "component")),
    Look("an Opsgenie webhook", ("action", "alert.alertId")),
    Look("an Amazon SNS notification", ("Type", "TopicArn")),
    Look("a Google Cloud Monitoring notification", ("incident.policy_name",)),
    Look("a Google Cloud Monitoring notification", ("incident.condition_name",)),
    Look("a Pingdom notification", ("check_id", "current_state")),
    Look("a Checkly notification", ("check_id", "alert_type")),
    Look("a New Relic notification", ("condition_id", "policy_name")),
    Look("a Graylog notification", ("check_result",)),
    Look("a Telegram update", ("update_id", "callback_query")),
    Look("a vRealize notification", ("alertId", "criticality")),
    Look("a Riemann event", ("host", "service", "metric", "state")),
    Look("a Datadog notification", ("monitor_id", "query")),
    Look("a Datadog notification", ("event_type", "org", "last_updated")),
    Look("a Sentry notification", ("project_slug", "culprit")),
)


def recognise(document: Any) -> Look | None:
    """Return what a document looks like, None for one that nobody knows."""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return None
    known = next((look for look in _LOOKS if all(_has(first, each) for each in look.fields)), None)
    if known is None and first and all(_has(each, "payload") for each in first.values()):
        return Look("templates of alerts for tests, not alerts", ())
    return known


def unexpected(document: Any, wanted: str, fields: str) -> ImportRefusedError:
    """Return the refusal of a document that is not what was `wanted`; the caller raises it.

    wanted: "no Grafana notification"; fields: what such a document has.
    """
    look = recognise(document)
    if look is None:
        message = f"The file is {wanted}: expected {fields}, found {describe(document)}."
        return ImportRefusedError(message, UNCHANGED)
    hint = f" Import it as {look.form}." if look.form else " No import reads these."
    message = f"The file is {wanted}: it looks like {look.name}."
    return ImportRefusedError(message, f"{UNCHANGED}{hint}")


def _has(value: Any, path: str) -> bool:
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict) or name not in value:
        return False
    return not rest or _has(value[name], rest)
