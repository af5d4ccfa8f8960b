"""The HTTP API as a stranger meets it: a real server on a free port over the whole road."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import socket
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import aiohttp
import pytest
import uvicorn
from fastapi import FastAPI
from yarl import URL

from adapters.database.read.registry import registry_of
from adapters.database.tokens import Wanted, create_token
from adapters.sheets.sheets import print_sheets
from adapters.web.app import build_app
from adapters.web.dependencies import Dependencies
from events.decode import decode, decode_batch
from events.intake import Intake
from events.own_events import OwnEvents
from rollcall.bearers import Audit, Bearers
from sync.ids import OrganisationId, PersonId
from sync.titles import Titles
from sync.use_cases.adopt_chats import offer_adoption
from sync.use_cases.choose_account import choose_account, show_choice
from sync.use_cases.choose_policies import choose_policies
from sync.use_cases.choose_sign_in import choose_sign_in
from sync.use_cases.decide_holds import decide_hold
from sync.use_cases.reconcile_school import reconcile_school
from tests.road import Road
from tests.web.documented import statuses

ACCOUNTS = {"max", "max:north", "vk"}

BATCH = {"Content-Type": "application/cloudevents-batch+json"}


@dataclass
class Api:
    """Asks with a bearer token (by default one for everything) and gives status and body."""

    road: Road
    url: str
    session: aiohttp.ClientSession
    token: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def ask(
        self, method: str, path: str, *, token: str | None = None, headers: dict[str, str] | None = None, **body: Any
    ) -> tuple[int, Any]:
        bearer = {"Authorization": f"Bearer {self.token if token is None else token}"} if token != "" else {}
        url = URL(self.url + path, encoded=True)
        async with self.session.request(method, url, headers={**bearer, **(headers or {})}, **body) as response:
            is_json = "json" in response.content_type
            if response.status >= 400:
                assert response.content_type == "application/problem+json"
            assert response.status in (statuses(method, url.raw_path) or {response.status}), f"{method} {path}"
            if response.content_type == "application/pdf":
                return response.status, await response.read()
            return response.status, await (response.json(content_type=None) if is_json else response.text())

    async def get(self, path: str, *, token: str | None = None) -> Any:
        status, body = await self.ask("GET", path, token=token)
        assert status == 200, body
        return body

    async def items(self, path: str) -> list[Any]:
        found: list[Any] = (await self.get(path))["items"]
        return found

    async def post(self, *events: dict[str, Any], token: str | None = None) -> list[dict[str, Any]]:
        status, body = await self.ask("POST", "/v1/events", token=token, json=list(events), headers=BATCH)
        assert status == 202, body
        outcomes: list[dict[str, Any]] = body["outcomes"]
        return outcomes

    def event(self, kind: str, **data: Any) -> dict[str, Any]:
        """An event of the system `sis`, each a second later than the one before."""
        number = next(self.numbers)
        return {
            "specversion": "1.0",
            "id": str(number),
            "source": "sis",
            "type": f"{kind}.v1",
            "time": f"2026-11-01T10:{number // 60:02}:{number % 60:02}Z",
            "data": data,
        }

    def school(self, school: str = "s1", class_id: str = "5a") -> list[dict[str, Any]]:
        """A school with a chat administrator, a class with its teacher, a pupil and a guardian."""
        of = {"organisation_id": school}
        return [
            self.event("school.organisation.registered", **of, name="Школа", chat_administrator_id=f"{school}-adm"),
            self.event("school.employee.hired", **of, employee_id=f"{school}-adm", position_type="administration"),
            self.event("school.employee.hired", **of, employee_id=f"{school}-t", position_type="teaching_staff"),
            self.event(
                "school.class.opened",
                **of,
                class_id=class_id,
                name="5 А",
                school_year="2026/2027",
                homeroom_teacher_id=f"{school}-t",
            ),
            self.event("school.student.enrolled", **of, student_id=f"{school}-p", class_id=class_id),
            self.event("school.guardian.assigned", **of, guardian_id=f"{school}-g", student_id=f"{school}-p"),
        ]

    def links(self, *pairs: tuple[str, int]) -> list[dict[str, Any]]:
        """Links of persons to accounts of MAX."""
        return [
            self.event("account.linked", person_id=person, provider="max", external_user_id=str(account))
            for person, account in pairs
        ]

    async def token_for(
        self, scopes: Iterable[str], *schools: str, source: str = "", expires_at: datetime | None = None
    ) -> str:
        """A token of some schools, or of all; `source`: as whom one of some schools speaks."""
        of = list(map(OrganisationId, schools))
        wanted = Wanted("test", list(scopes), of, [source] if source else [], expires_at)
        async with self.road.database.writing() as connection:
            _, token = await create_token(connection, wanted, self.road.clock.now())
        return token


async def reconcile(road: Road, organisation_id: str, apply: bool) -> None:
    now = road.clock.now()
    await reconcile_school(road.looking, OrganisationId(organisation_id), "web", now, lambda _: None, apply=apply)


async def close_notice(road: Road, organisation_id: str, student_id: str) -> bool:
    async with road.database.planning() as tx:
        return await tx.plans.close_notice(OrganisationId(organisation_id), PersonId(student_id), road.clock.now())


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
async def api(road: Road) -> AsyncIterator[Api]:
    async with api_over(road) as served:
        yield served


@contextlib.asynccontextmanager
async def api_over(road: Road) -> AsyncIterator[Api]:
    """The whole API over a road, on this loop, and a token for everything."""
    async with serving(dependencies_over(road)) as url, aiohttp.ClientSession() as session:
        served = Api(road, url, session)
        served.token = await served.token_for(["events:write", "accounts:write", "read", "operate"])
        yield served


def dependencies_over(road: Road) -> Dependencies:
    numbers = itertools.count(1)
    registry = registry_of(
        road.database.reading, Titles(), {"max": road.platform.capabilities}, monotonic=road.clock.monotonic
    )
    intake = Intake(road.database, road.rules, road.clock.now, road.noticed.append)
    return Dependencies(
        registry=registry,
        account_events=OwnEvents(registry.people, intake, road.clock.now, lambda: f"own-{next(numbers)}"),
        intake=intake,
        decode=decode,
        decode_batch=decode_batch,
        check_token=Bearers(road.database, None, road.clock.now),
        audit=Audit(road.database, road.clock.now),
        now=road.clock.now,
        offer_adoption=lambda school, chat: offer_adoption(road.database, school, chat, secrets.choice),
        close_notice=partial(close_notice, road),
        reconcile=partial(reconcile, road),
        choose_policies=lambda *chosen: choose_policies(road.database, *chosen, now=road.clock.now()),
        choose_sign_in=lambda *chosen: choose_sign_in(road.database, *chosen),
        print_sheets=print_sheets,
        choose_account=lambda *chosen: choose_account(road.database, ACCOUNTS, *chosen, now=road.clock.now()),
        show_choice=lambda *chosen: show_choice(
            road.database, ACCOUNTS, *chosen, rules=road.rules, now=road.clock.now()
        ),
        decide_hold=lambda number, decision: decide_hold(road.database, road.rules, number, decision, road.clock.now()),
    )


@contextlib.asynccontextmanager
async def serving(deps: Dependencies) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with serving_on(listening, build_app(deps)):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextlib.asynccontextmanager
async def serving_on(listening: socket.socket, app: FastAPI) -> AsyncIterator[None]:
    server = _Server(uvicorn.Config(app, lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve([listening]))
    yield
    server.should_exit = True
    await task
