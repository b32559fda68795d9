"""The description of the calls: complete, true, and nothing that it allows breaks the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from msgspec import Struct
from starlette.routing import Route

from cockpit.server.app import make_app
from cockpit.server.openapi import describe_calls
from cockpit.server.routes import CALLS
from cockpit.server.service import Service
from tests.server.calling import INC
from tests.server.serving import serving

CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]


async def test_every_route_is_described(service: Service) -> None:
    described = {
        (path, method.upper()): operation
        for path, operations in describe_calls(CALLS)["paths"].items()
        for method, operation in operations.items()
    }
    routes = [route for route in make_app(service).routes if isinstance(route, Route)]
    assert set(described) == {
        (route.path, method)
        for route in routes
        for method in route.methods or ()
        if method != "HEAD"
    }
    for call in CALLS:
        operation = described[call.path, call.method]
        assert operation["summary"].endswith(".")
        assert ("security" in operation) == (call.roles is not None)
        assert ("requestBody" in operation) == (call.takes is not None)
        named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert named == {piece[1:-1] for piece in call.path.split("/") if piece.startswith("{")}


class Api(Struct):
    """A running server's description, and two who may call it."""

    schema: Any
    owner: dict[str, str]
    guest: dict[str, str]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with an owner and a guest."""
    home = tmp_path_factory.mktemp("api") / "home"
    with serving(home, "--rate", "0") as server, httpx.Client(trust_env=False) as http:

        def join(code: str, name: str) -> dict[str, str]:
            wish = {"code": code, "name": name, "dev": "ab12cd34"}
            joined: dict[str, str] = http.post(f"{server.url}/v1/join", json=wish).json()
            return joined

        owner = join(server.code, "ana")
        invited = http.post(
            f"{server.url}/v1/w/{owner['ws']}/invites",
            json={"role": "guest", "inc": INC},
            headers={"Authorization": f"Bearer {owner['token']}"},
        )
        guest = join(invited.json()["code"], "gil")
        yield Api(schemathesis.openapi.from_url(f"{server.url}/openapi.json"), owner, guest)
        assert "Traceback" not in server.logged()


@pytest.mark.parametrize("who", ["owner", "guest"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.run.__name__)
def test_nothing_that_is_described_breaks_it(api: Api, call: Any, who: str) -> None:
    check(api, call, who, 15)


@pytest.mark.parametrize(
    "examples",
    [pytest.param(150, marks=pytest.mark.slow), pytest.param(500, marks=pytest.mark.extra)],
)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.run.__name__)
def test_nothing_that_is_described_breaks_it_long(api: Api, call: Any, examples: int) -> None:
    check(api, call, "owner", examples)


def check(api: Api, call: Any, who: str, examples: int) -> None:
    """Make calls as the description allows them, and some that it forbids."""
    joined = getattr(api, who)
    operation = api.schema[call.path][call.method]
    cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    if call.takes or "{" in call.path:
        cases |= operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        if "ws" in (case.path_parameters or {}):
            case.path_parameters["ws"] = joined["ws"]
        if "wait" in (case.query or {}):
            case.query["wait"] = "0"
        case.call_and_validate(
            checks=CHECKS, headers={"Authorization": f"Bearer {joined['token']}"}
        )

    ask()
