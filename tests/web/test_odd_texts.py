"""Texts that nobody has for an id or a cursor, in every place of every route that takes one: refused or not found, and
nothing comes of them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from adapters.database.schema import inbox, persons
from adapters.web.access import READS
from adapters.web.app import build_app
from tests.laws.apart import BODIES, TAKES_EVENTS, Asking, routes_of
from tests.web.conftest import Api

APP = build_app(cast("Any", type("Nothing", (), {"check_token": None, "audit": None})()))
KNOWN = {"provider": "max", "number": "1"}
MET = {"organisation_id": "s1", "person_id": "s1-p", "chat_id": "class:5a", "class_id": "5a", **KNOWN}

ODD = {
    "NUL": "%00",
    "NUL within": "s1%00",
    "no UTF-8": "%FF",
    "a surrogate": "%ED%A0%80",
    "an escape": "%1B%5B31m",
    "C1": "%C2%9B",
    "blank": "%20",
    "nothing to be seen": "%E2%80%8B",
    "another direction": "%E2%80%AE",
    "very long": "a" * 20_000,
}


def paths(odd: str) -> Iterator[Asking]:
    for method, route in routes_of(APP):
        names = [parameter.name for parameter in route.dependant.path_params]
        if names and (method, route.path) != TAKES_EVENTS:
            path = route.path.format(**{name: KNOWN.get(name, odd) for name in names})
            yield Asking(method, path, BODIES.get((method, route.path)))


def queries(odd: str) -> Iterator[Asking]:
    cursor = base64.urlsafe_b64encode(odd.replace("%00", "\0").encode()).decode().rstrip("=")
    for method, route in routes_of(APP):
        described = APP.openapi()["paths"][route.path][method.lower()].get("parameters", ())
        for name in (parameter["name"] for parameter in described if parameter["in"] == "query"):
            person = "" if name == "person" else "&person=s1-p"
            value = cursor if name == "cursor" else odd
            yield Asking(method, f"{route.path.format(**MET)}?{name}={value}{person}")


def bodies(text: str) -> Iterator[Asking]:
    for (method, template), body in BODIES.items():
        path = template.format(**MET)
        for name in body or ():
            yield Asking(method, path, (body or {}) | {name: text})
        yield Asking(method, path, (body or {}) | {text: text})


async def left(api: Api) -> tuple[int, int]:
    async with api.road.database.reading() as connection:
        people = (await connection.execute(select(func.count()).select_from(persons))).scalar_one()
        events = (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()
    return people, events


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
async def test_in_a_path_or_a_query_they_are_refused_or_not_found(api: Api, odd: str) -> None:
    await api.post(*api.school("s1"))
    before = await left(api)
    for asking in [*paths(odd), *queries(odd)]:
        body = {} if asking.body is None else {"json": asking.body}
        status, told = await api.ask(asking.method, asking.path, **body)
        assert status in ({200, 404, 422} if asking.method in READS else {404, 422}), (asking, told)
    assert await left(api) == before


@pytest.mark.parametrize("text", ["\0", "\ud800", "a\0", "\x1b[31m"])
async def test_in_a_body_they_are_refused(api: Api, text: str) -> None:
    await api.post(*api.school("s1"))
    before = await left(api)
    for asking in bodies(text):
        headers = {"Content-Type": "application/json"}
        status, told = await api.ask(asking.method, asking.path, data=json.dumps(asking.body).encode(), headers=headers)
        assert status in {200, 204, 404, 409, 422}, (asking, told)
    assert (await left(api))[0] == before[0]


async def test_a_wrong_field_is_pointed_at_whatever_it_is_called(api: Api) -> None:
    status, told = await api.ask("POST", "/v1/reconcile", json={"organisation": "s1", "a/b~": 1})
    assert (status, [each["pointer"] for each in told["errors"]]) == (422, ["/a~1b~0"])
