"""The dispatcher against everything a platform's answers may do: at rest observed is wanted, or a state has a name.

Seeded faults of each kind on a clock that tests turn (`make faults`: a thousand of each), and over HTTP; and nothing
is applied again whose first try nobody can vouch for, but after it was read back.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.database.store import Database
from sync.errors import Failure, PlatformError
from sync.guards.limits import Guards
from sync.ids import AccountId
from sync.platform import PROVIDERS, Refusal
from sync.use_cases.plan_scopes import PlanningRules
from tests.doubles.platform import Action, Lost, WorldPlatform
from tests.road import Road, TestClock
from tests.road_over_http import RoadOverHttp, road_over_http

FAULTS = int(os.environ.get("ROLLCALL_TEST_FAULTS", "100"))
PEOPLE = 24
SCHOOL = "school"

OUTCOMES: dict[str, Callable[[], Any]] = {
    "reset_before": lambda: Lost.BEFORE,
    "reset_after": lambda: Lost.AFTER,
    "server_error": lambda: PlatformError(Failure.UNCONFIRMED, "internal.error"),
    "too_many": lambda: PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=1.0),
    "not_ready": lambda: PlatformError(Failure.RETRY, "attachment.not.ready"),
    "lying_ok": lambda: Lost.LIE,
    "partial": lambda: None,
}
NEVER_LIES_OF = {"read_members", "read_chat", "list_members"}


@dataclass
class Faulty(WorldPlatform):
    """Half of the calls meet the fault, until so many were dealt. `doubtful`: accounts whose last write nobody can
    vouch for; writing one of them again before it was read back is noted in `unread`.
    """

    kind: str = "reset_before"
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    left: int = FAULTS
    doubtful: set[tuple[str | None, str]] = field(default_factory=set)
    unread: list[Action] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = self._watch
        self.outcome = self._deal

    def _deal(self, action: Action) -> Any:
        if self.left <= 0 or self.chance.random() < 0.5 or (self.kind == "lying_ok" and action.name in NEVER_LIES_OF):
            return None
        self.left -= 1
        outcome: Any = OUTCOMES[self.kind]()
        vouched = (
            outcome is None or outcome is Lost.LIE or getattr(outcome, "failure", None) in {Failure.BUSY, Failure.RETRY}
        )
        if not vouched and action.name not in NEVER_LIES_OF:
            self.doubtful |= {(action.chat, account) for account in action.accounts}
        return outcome

    async def _watch(self, action: Action) -> None:
        spoken_of = {(action.chat, account) for account in action.accounts}
        if action.name == "read_members":
            self.doubtful -= spoken_of
        elif spoken_of & self.doubtful:
            self.unread.append(action)

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:
        if self.kind != "partial" or self.left <= 0:
            return await WorldPlatform.add_members(self, chat, accounts)
        failed = [account for account in accounts if self.chance.random() < 0.5]
        self.left -= len(failed)
        added = [account for account in accounts if account not in failed]
        refused = await WorldPlatform.add_members(self, chat, added) if added else {}
        return {**refused, **{account: Refusal("try.again", for_good=False) for account in failed}}


def _is_doubtful(outcome: Any) -> bool:
    """Whether after it nobody knows if the call was carried out."""
    if isinstance(outcome, PlatformError):
        return outcome.failure is Failure.UNCONFIRMED
    return outcome in {Lost.BEFORE, Lost.AFTER}


class Term:
    """Random hirings and dismissals of a school's people, everybody linked."""

    def __init__(self, road: Road, seed: int) -> None:
        self.road, self.chance, self.told = road, random.Random(seed), 0
        self.employed: set[int] = set()

    async def begins(self) -> None:
        self.road.knows(*(str(person) for person in range(1, PEOPLE + 1)))
        linked = [
            self._event(
                "account.linked.v1",
                person_id=f"p{person}",
                provider=PROVIDERS[self.road.token],
                external_user_id=str(person),
            )
            for person in range(1, PEOPLE + 1)
        ]
        await self.road.post([self._event("school.organisation.registered.v1", name="Школа"), *linked])

    async def goes_on(self) -> None:
        events = []
        for person in self.chance.sample(range(1, PEOPLE + 1), 8):
            if person in self.employed:
                events.append(self._event("school.employee.dismissed.v1", employee_id=f"p{person}"))
            else:
                hired = "school.employee.hired.v1"
                events.append(self._event(hired, employee_id=f"p{person}", position_type="teaching_staff"))
            self.employed ^= {person}
        await self.road.post(events)

    def _event(self, type_: str, **data: Any) -> dict[str, Any]:
        self.told += 1
        self.road.clock.turn(milliseconds=1)
        if type_.startswith("school"):
            data["organisation_id"] = SCHOOL
        envelope = {"specversion": "1.0", "source": "sis", "id": str(self.told), "type": type_}
        return {**envelope, "time": self.road.clock.at.isoformat(), "data": data}


@pytest.fixture
async def faulty(kind: str, sqlite_url: str) -> AsyncIterator[Road]:
    clock = TestClock()
    rules = PlanningRules(guards=Guards(on=False))  # as many leave as come
    road = Road(Database(sqlite_url, clock=clock.of_database), clock, Faulty(kind=kind), rules)
    yield road
    await road.database.close()


@pytest.mark.parametrize("kind", OUTCOMES)
async def test_at_rest_the_platform_is_as_wanted_after_many_faults(faulty: Road, kind: str) -> None:
    platform, term = faulty.platform, Term(faulty, seed=sum(map(ord, kind)))
    assert isinstance(platform, Faulty)
    await term.begins()
    while platform.left > 0:
        await term.goes_on()
        await faulty.converge(turns=3000)
    await faulty.converge(turns=3000)
    assert (await faulty.members())[f"staff:{SCHOOL}"] == {str(person): "member" for person in term.employed}
    assert await faulty.unsettled() == []
    assert platform.unread == []


@pytest.fixture(params=["max", "vk"])
async def over_http(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[RoadOverHttp]:
    async with road_over_http(request.param, sqlite_url) as road:
        yield road


FAULTS_OVER_HTTP = ("reset_before", "reset_after", "too_many", "server_error", "partial", "lying_ok", "wrong_json")


@pytest.mark.parametrize("fault", FAULTS_OVER_HTTP)
async def test_at_rest_it_is_as_wanted_over_http_too(over_http: RoadOverHttp, fault: str) -> None:
    road, url = over_http, over_http.stand_in.url
    term = Term(road, seed=sum(map(ord, fault)))
    await term.begins()
    async with ClientSession() as session:
        faults = {"seed": 7, "rates": {fault: 0.5}, "until_calls": 100}
        async with session.post(f"{url}/_sim/faults", json=faults) as answer:
            assert answer.status == 200
        for _ in range(8):
            await term.goes_on()
            await road.converge(turns=3000)
        await session.post(f"{url}/_sim/faults", json={})
    await road.converge(turns=3000)
    assert (await road.members())[f"staff:{SCHOOL}"] == {str(person): "member" for person in term.employed}
    assert await road.unsettled() == []
