"""The OpenAPI document says all that is so of each route; what every answer is, the other tests compare with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from yarl import URL

from tests.web.conftest import Api
from tests.web.documented import described_app, documented

OPEN = {"/livez", "/readyz", "/metrics"}
ALL_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = documented()["paths"].items()
    return [(path, method, operation) for path, methods in paths for method, operation in methods.items()]


def test_it_names_a_server_and_each_tag_and_who_answers_for_it() -> None:
    document = documented()
    assert document["servers"]
    assert document["info"].keys() >= {"title", "version", "description", "contact", "license"}
    assert {tag["name"] for tag in document["tags"]} == {tag for *_, each in operations() for tag in each["tags"]}


@pytest.mark.parametrize(("path", "method", "operation"), operations())
def test_each_route_says_by_whom_it_may_be_asked_and_that_it_may_fail(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    by = [name for names in operation["security"] for name in names]
    assert by == ([] if path in OPEN else ["MaxSecret"] if path.startswith("/webhooks") else ["HTTPBearer"])
    assert set(by) <= documented()["components"]["securitySchemes"].keys()
    statuses = operation["responses"]
    assert any(status.startswith("2") for status in statuses)
    assert any(status.startswith("4") for status in statuses)
    assert "500" in statuses
    assert by == [] or "401" in statuses
    assert "requestBody" not in operation or "400" in statuses


async def test_a_method_that_is_not_allowed_is_told_all_that_are(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    wrong = {}
    for template, methods in documented()["paths"].items():
        allowed = {method.upper() for method in methods}
        url = URL(api.url + re.sub(r"{\w+}", "a%2Fb", template), encoded=True)
        for method in sorted(ALL_METHODS - allowed):
            async with api.session.request(method, url, headers=headers) as response:
                told = set(response.headers.get("Allow", "").split(", "))
                if (response.status, told) != (405, allowed):
                    wrong[method, template] = (response.status, told)
    assert wrong == {}
    assert {len(methods) for methods in documented()["paths"].values()} > {1}


async def test_the_document_is_served_without_a_token(api: Api) -> None:
    assert await api.get("/v1/openapi.json", token="") == documented()


def test_a_document_is_made_once() -> None:
    app = described_app()
    assert app.openapi() is app.openapi()
