"""Two schools, each with a token for all it may do: what they do with it, and all that the API shows either of them.

Routes are those of the app, event types those of the catalogue: a parameter or a body that is not known here fails.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select

from adapters.database.schema import rooms
from adapters.database.tokens import Wanted, create_token
from adapters.web.access import OPEN, OWN_SECRET, READS
from sync.ids import OrganisationId
from tests.histories import OFTEN_WHAT as EVENT_TYPES
from tests.histories import (
    ORDERED,
    PLAIN,
    PROVIDERS,
    SOURCES,
    Event,
    enveloped,
    with_identity,
)
from tests.web.conftest import Api

FIRST, SECOND, REGION = "school-1", "school-2", "region"
EVERY_SCOPE = ["events:write", "accounts:write", "read", "operate"]

# What ids are asked for: those that both schools know, those of either, and those of nobody.
PEOPLE = ("anna", "vera", "elena", "unknown")
IDS: Mapping[str, Sequence[str]] = {
    "organisation_id": (FIRST, SECOND, "unknown"),
    "class_id": ("5a", "6a", "unknown"),
    "chat_id": ("club", "class:5a", "parents:6a", "staff:school-1", "unknown"),
    "person_id": PEOPLE,
    "provider": PROVIDERS,
    "number": ("999999",),  # holds are counted for all schools together: of which somebody has one is another's to try
}
# What is asked for besides; None leaves it out.
QUESTIONS: Mapping[str, Sequence[str | None]] = {
    "person": PEOPLE,
    "organisation": (None, FIRST),
    "chat": (None, "class:5a"),
    "excluded": ("true",),
    "sheet": ("list", "slips"),
    "count": ("true",),
    "limit": (None,),
    "cursor": (None,),
}
BODIES: Mapping[tuple[str, str], Any] = {
    ("PUT", "/v1/persons/{person_id}/accounts/{provider}"): {"external_user_id": "1002"},
    ("DELETE", "/v1/persons/{person_id}/accounts/{provider}"): None,
    ("DELETE", "/v1/persons/{person_id}/notices/{organisation_id}"): None,
    ("PATCH", "/v1/organisations/{organisation_id}"): {"account": "north", "sign_in_url": "https://sis.test/enter"},
    ("POST", "/v1/organisations/{organisation_id}/chats/{chat_id}/adoption"): None,
    ("POST", "/v1/holds/{number}/approve"): {"reason": "why"},
    ("POST", "/v1/reconcile"): {"organisation": FIRST, "apply": True},
    ("POST", "/v1/holds/{number}/reject"): {"reason": "why"},
}
TAKES_EVENTS = ("POST", "/v1/events")

# Numbers that count all schools together, or are given by chance: of no meaning to anybody.
WITHOUT_MEANING = {"offset", "external_chat_id", "invite_link", "code"}
MADE_HERE = re.compile(r"web-\d+|(?<=rollcall/)[0-9a-f]+")


class Asking(NamedTuple):
    method: str
    path: str
    body: Any = None


def routes_of(app: FastAPI) -> list[tuple[str, APIRoute]]:
    """The routes that want a token, by method."""
    included = (getattr(route, "original_router", app).routes for route in app.routes)
    routes = (route for some in included for route in some if isinstance(route, APIRoute))
    closed = (route for route in routes if route.path not in OPEN and not route.path.startswith(OWN_SECRET))
    return [(method, route) for route in closed for method in sorted(route.methods or ())]


def reads(app: FastAPI) -> Iterator[Asking]:
    for method, route in routes_of(app):
        if method in READS:
            for path, query in product(_paths(route), _queries(app, method, route)):
                yield Asking(method, f"{path}?{query}" if query else path)


def writes(app: FastAPI) -> Iterator[Asking]:
    """Everything that can be asked for besides events."""
    for method, route in routes_of(app):
        if method not in READS and (method, route.path) != TAKES_EVENTS:
            body = BODIES[method, route.path]
            yield from (Asking(method, path, body) for path in _paths(route))


def _paths(route: APIRoute) -> Iterator[str]:
    names = [parameter.name for parameter in route.dependant.path_params]
    for ids in product(*(IDS[name] for name in names)):
        quoted = {name: quote(id_, safe="") for name, id_ in zip(names, ids, strict=True)}
        yield route.path.format(**quoted)


def _queries(app: FastAPI, method: str, route: APIRoute) -> Iterator[str]:
    described = app.openapi()["paths"][route.path][method.lower()].get("parameters", ())
    names = [parameter["name"] for parameter in described if parameter["in"] == "query"]
    for values in product(*(QUESTIONS[name] for name in names)):
        yield urlencode({name: value for name, value in zip(names, values, strict=True) if value is not None})


def one_of_each(seed: int, school: str) -> list[Event]:
    """An event of each type, by one school."""
    choose = random.Random(seed).choice
    made = [enveloped(choose, type_, data(choose), day_range=range(1, 61)) for _, type_, data in EVENT_TYPES]
    return [
        {**with_identity(event, number), "id": f"{school} {number}", "data": _said_by(school, event["data"])}
        for number, event in enumerate(made)
    ]


def _said_by(school: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {**data, "organisation_id": school} if "organisation_id" in data else dict(data)


def speaker(event: Event) -> str:
    """Whose event it is: its school's; of accounts each school has a portal, and so has the region."""
    school = event["data"].get("organisation_id")
    if school is None:
        return {ORDERED: FIRST, PLAIN: SECOND}.get(event["source"], REGION)
    return school if school in {FIRST, SECOND} else REGION


def as_said(event: Event, who: str) -> Event:
    """The event of a source of theirs: one that orders its events as the one it has in the history."""
    return {**event, "source": f"{event['source']} of {who}"}


@dataclass
class Schools:
    """Both schools before one API, and the region."""

    api: Api
    app: FastAPI
    tokens: dict[str, str] = field(default_factory=dict)
    heard: dict[str, list[Any]] = field(default_factory=lambda: {FIRST: [], SECOND: [], REGION: []})

    async def begin(self) -> None:
        for who in (FIRST, SECOND):
            self.tokens[who] = await self._token(who, [f"{source} of {who}" for source in SOURCES])
        self.tokens[REGION] = self.api.token

    async def _token(self, school: str, sources: Sequence[str]) -> str:
        wanted = Wanted(school, EVERY_SCOPE, [OrganisationId(school)], sources)
        async with self.api.road.database.writing() as connection:
            return (await create_token(connection, wanted, self.api.road.clock.now()))[1]

    async def say(self, who: str, events: Sequence[Event]) -> None:
        if events:
            told = await self.api.post(*(as_said(event, who) for event in events), token=self.tokens[who])
            self.heard[who] += [plain(each) for each in told]

    async def tries(self, who: str, events: Sequence[Event]) -> list[dict[str, Any]]:
        """Says what is another's to say, as it stands."""
        return await self.api.post(*events, token=self.tokens[who])

    async def ask(self, who: str, asking: Asking) -> tuple[int, Any]:
        body = {} if asking.body is None else {"json": asking.body}
        status, told = await self.api.ask(asking.method, asking.path, token=self.tokens[who], **body)
        assert status < 500, asking
        return status, told

    async def write(self, who: str) -> None:
        """Tries everything that can be written, but events: of nobody's but their own does anything come."""
        for asking in writes(self.app):
            status, told = await self.ask(who, asking)
            self.heard[who].append((asking, status, plain(told)))

    async def goes_on(self) -> None:
        """A second passes: what is planned and due is done, the same for everybody."""
        await self.api.road.plan()
        self.api.road.clock.turn(seconds=1)
        await self.api.road.settle()

    async def view(self, who: str) -> dict[str, Any]:
        """All that a school is shown, was answered, and has on the platform."""
        shown: dict[str, Any] = {asking.path: plain(await self.ask(who, asking)) for asking in reads(self.app)}
        return shown | {"heard": self.heard[who], "platform": await self._chats(who)}

    async def _chats(self, school: str) -> list[Any]:
        async with self.api.road.database.reading() as connection:
            own = select(rooms).where(rooms.c.organisation_id == school).order_by(rooms.c.chat_id, rooms.c.life)
            found = (await connection.execute(own)).fetchall()
        return [(room.chat_id, room.life, room.platform_token, *self._chat(room.external_chat_id)) for room in found]

    def _chat(self, external_chat_id: str | None) -> tuple[Any, ...]:
        if external_chat_id is None:
            return ()
        chat = self.api.road.platform.world.chats[int(external_chat_id)]
        return chat.title, chat.archived, sorted(self.api.road.shown(external_chat_id).items())


def plain(told: Any) -> Any:
    """An answer without what has no meaning."""
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items() if not _without_meaning(key, value)}
    if isinstance(told, (list, tuple)):
        return [plain(each) for each in told]
    return MADE_HERE.sub("one", told) if isinstance(told, str) else told


def _without_meaning(key: str, value: Any) -> bool:
    return key in WITHOUT_MEANING or (key == "id" and isinstance(value, int))
