"""The description of all calls, made from their table and from the messages themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cockpit.domain.wire import MAX_PAGE_OPS, MAX_WAIT_SECONDS, PROTOCOL, Refusal
from cockpit.server.envelopes import Envelope

if TYPE_CHECKING:
    from cockpit.server.routes import Call

_REFUSED = {
    400: "Not understood.",
    401: "No token, an unknown one, or one that was taken away.",
    403: "Not in that role.",
    404: "Not of this workspace.",
    408: "The body took too long.",
    409: "The history is another one, or the name is taken.",
    410: "The invite was used or has expired.",
    413: "Too large.",
    415: "Packed in an unknown way.",
    426: "Another version of the protocol.",
    429: "Too often.",
    503: "The database does not answer; come back.",
}
_ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_SHAPES: dict[str, dict[str, Any]] = {
    "id": {"pattern": "^[0-9a-f]{32}$"},
    "inc": {"pattern": "^([0-9a-f]{32})?$"},
    "t": {"pattern": "^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}$"},
    "dev": {"pattern": "^[0-9a-f]{8}$"},
    "name": {"maxLength": 64},
    "title": {"maxLength": 200},
    "doing": {"maxLength": 100},
    "ttl": {"minimum": 60, "maximum": 30 * 24 * 3600},
}
"""What is asked of a field beyond its type, by its name."""

_REFUSALS = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _REFUSED}
_QUERY: dict[str, dict[str, Any]] = {
    "since": {"type": "string", "default": "0", "pattern": "^(0|[1-9][0-9]{0,17}-[0-9a-f]{16})$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_OPS, "default": MAX_PAGE_OPS},
    "wait": {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_SECONDS, "default": 0},
    "inc": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "here": {"type": "integer", "minimum": 0},
}


def describe_calls(calls: Sequence[Call]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    shapes = [shape for call in calls for shape in (call.takes, call.gives) if shape]
    schemas, components = msgspec.json.schema_components(
        (*shapes, Refusal, Envelope), ref_template="#/components/schemas/{name}"
    )
    for component in components.values():
        for name, schema in component.get("properties", {}).items():
            schema.update(_SHAPES.get(name, {}))
    components["Push"]["properties"]["ops"]["items"] = schemas[-1]
    named = dict(zip(map(str, (*shapes, Refusal, Envelope)), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Incident cockpit: sync", "version": str(PROTOCOL)},
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {
                str(status): {"description": words, "content": _json(named[str(Refusal)])}
                for status, words in _REFUSED.items()
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(call: Call, schemas: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done."}
    if call.gives:
        success["content"] = _json(schemas[str(call.gives)])
    elif call.status == 200:
        success["content"] = {"text/plain": {}, "application/json": {}}
    operation: dict[str, Any] = {
        "operationId": call.run.__name__,
        "summary": (call.run.__doc__ or "").partition("\n")[0],
        "parameters": list(_parameters(call)),
        "responses": {str(call.status): success, **_REFUSALS},
    }
    if call.run.__name__ == "pull":
        operation["responses"]["204"] = {"description": "Nothing new in that time."}
    if call.takes:
        operation["requestBody"] = {"required": True, "content": _json(schemas[str(call.takes)])}
    if call.roles is not None:
        operation["security"] = [{"token": []}]
        operation["description"] = "For: " + ", ".join(sorted(call.roles)) + "."
    return operation


def _parameters(call: Call) -> Iterable[dict[str, Any]]:
    for piece in call.path.split("/"):
        if piece.startswith("{"):
            yield {"name": piece[1:-1], "in": "path", "required": True, "schema": _ID}
    if call.run.__name__ == "pull":
        for name, schema in _QUERY.items():
            yield {"name": name, "in": "query", "schema": schema}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
