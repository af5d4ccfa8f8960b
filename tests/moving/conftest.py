"""A school on one platform, its people with accounts on one or both, and the dispatcher on both."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.read.registry import registry_of
from adapters.database.schema import affected, rooms
from adapters.database.store import Database
from adapters.max.client import max_client
from adapters.simulator.entities import SERVICE_ID, Chat
from adapters.simulator.ground import ALL_PERMISSIONS
from adapters.simulator.server import simulator
from adapters.simulator.world import World
from adapters.vk.client import vk_client
from sync.adoption import Verdict
from sync.affected import MOVED
from sync.guards.limits import Guards
from sync.ids import AccountId, ChatId, OrganisationId, PersonId
from sync.platform import Platform
from sync.updates import POSTED, PlatformUpdate
from sync.use_cases.adopt_chats import adopt_chats, offer_adoption
from sync.use_cases.choose_account import Choice, Shown, choose_account, show_choice
from sync.use_cases.look_at_rooms import Looking, look_at_rooms
from sync.use_cases.plan_scopes import PlanningRules
from sync.use_cases.settle_rooms import Dispatch
from sync.views.chats import ChatView
from sync.views.explanation import ExplainedChat
from sync.views.registry import Asked, Registry, Window
from tests.doubles.platform import Action, WorldPlatform
from tests.interleavings.told import Told
from tests.road import NoLimit, Road, TestClock

SCHOOL = OrganisationId("school")
CLASS = ChatId("class:5a")
PROVIDER = {"max": "max", "vk": "vk_id"}
FIRST = {"max": 1000, "vk": 0}  # accounts of a platform are numbered from here
TEACHER = 500
WITHOUT_GUARDS = PlanningRules(guards=Guards(on=False))
OTHER = {"max": "vk", "vk": "max"}


@dataclass(kw_only=True)
class BothRoad(Road):
    """`platform` only shows the world."""

    clients: dict[str, Platform]

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.database, self.clients, NoLimit(), self.clock)

    @property
    def looking(self) -> Looking:
        return Looking(self.database, self.clients, NoLimit())

    async def look(self) -> None:
        """Looks at every room once, on both platforms."""
        async with self.database.writing() as connection:
            await connection.execute(rooms.update().values(looked_at=None, look_until=None))
        for token in self.clients:
            while await look_at_rooms(self.looking, token):
                pass


@dataclass
class School:
    """Class 5a with a homeroom teacher, who administrates its chats, and pupils. `at`: its platform to begin with."""

    road: BothRoad
    at: str
    simulation: Any = None  # where there is one
    told: Told = field(default_factory=Told)
    sent: int = 0

    async def begins(self, pupils: int, linked_on: Iterable[str] = ("max", "vk")) -> None:
        self.told.school("organisation.registered", name="Школа")
        self.told.school("employee.hired", employee_id="t", position_type="other")
        opened = {"name": "5 А", "school_year": "2026/2027", "homeroom_teacher_id": "t"}
        self.told.school("class.opened", class_id="5a", **opened)
        for platform in linked_on:
            self.links("t", TEACHER, platform)
        for number in range(1, pupils + 1):
            self.enrols(number)
            for platform in linked_on:
                self.links(f"p{number}", number, platform)
        await self.goes_on()

    def enrols(self, number: int) -> None:
        self.told.school("student.enrolled", student_id=f"p{number}", class_id="5a")

    def links(self, person: str, number: int, platform: str) -> None:
        account = str(FIRST[platform] + number)
        self.road.knows(account)
        self.told.account("linked", person, account, provider=PROVIDER[platform])

    async def takes(self) -> None:
        """Takes what was told since, and plans it."""
        await self.posts()
        await self.road.plan()

    async def posts(self) -> None:
        """Takes what was told since, and plans of it what is planned at once."""
        new, self.sent = self.told.events[self.sent :], len(self.told.events)
        await self.road.post(new)

    async def goes_on(self) -> None:
        """Takes what was told since, and lets everything come to rest."""
        await self.takes()
        await self.road.converge()

    async def shows(self, platform: str) -> Shown:
        now, tokens = self.road.clock.now(), self.road.clients
        return await show_choice(self.road.database, tokens, SCHOOL, platform, None, rules=self.road.rules, now=now)

    async def chooses(self, platform: str) -> None:
        now, tokens = self.road.clock.now(), self.road.clients
        assert await choose_account(self.road.database, tokens, SCHOOL, platform, None, now=now) is Choice.CHOSEN

    async def moves(self, platform: str) -> None:
        await self.chooses(platform)
        await self.road.converge()

    async def hands_over(self, chat_id: ChatId) -> None:
        """The teacher makes a chat on MAX, with the bot as its administrator, and posts the code of a school's chat."""
        teacher, now = FIRST["max"] + TEACHER, self.road.clock.now()
        made = self.world.make_chat(teacher, "наш класс", now)
        self.world.put_service(made.chat_id, teacher, ALL_PERMISSIONS, now)
        offer = await offer_adoption(self.road.database, SCHOOL, chat_id, secrets.choice)
        assert offer is not None
        posted = PlatformUpdate("one", POSTED, str(made.chat_id), AccountId(str(teacher)), offer.code)
        async with self.road.database.hearing() as tx:
            await tx.hear("max", [posted])
        [decided] = await adopt_chats(self.road.database, self.road.clients)
        assert decided.verdict is Verdict.ADOPTED

    # what there is

    @property
    def world(self) -> World:
        return self.road.platform.world

    async def rooms(self, chat_id: ChatId = CLASS) -> dict[str, Any]:
        """The rows of the rooms of a chat, by platform; the latest of several."""
        async with self.road.database.reading() as connection:
            found = await connection.execute(select(rooms).where(rooms.c.chat_id == chat_id).order_by(rooms.c.life))
            return {row.platform_token: row for row in found}

    async def perhaps_filled(self) -> bool:
        """Whether some room has come to rest that takes over from another, and nobody has planned that yet."""
        async with self.road.database.reading() as connection:
            return bool((await connection.execute(select(affected).where(affected.c.kind == MOVED))).first())

    async def chat(self, platform: str, chat_id: ChatId = CLASS) -> Chat | None:
        row = (await self.rooms(chat_id)).get(platform)
        return self.world.chats[int(row.external_chat_id)] if row and row.external_chat_id else None

    async def members(self, platform: str, chat_id: ChatId = CLASS) -> set[int]:
        """Who stands in the chat on a platform, by the number of the account there; the teacher is 500."""
        chat = await self.chat(platform, chat_id)
        people = chat.members.items() if chat is not None else ()
        return {user_id - FIRST[platform] for user_id, _ in people if user_id != SERVICE_ID}

    @staticmethod
    def account(number: int, platform: str) -> AccountId:
        return AccountId(str(FIRST[platform] + number))

    def messages(self) -> list[tuple[str, str]]:
        """What was written: the title of the chat, and the text."""
        world = self.world
        return [(world.chats[message.chat_id].title, message.text) for message in world.messages if message.chat_id]

    @property
    def registry(self) -> Registry:
        can = {token: client.capabilities for token, client in self.road.clients.items()}
        return registry_of(
            self.road.database.reading, self.road.rules.policy.titles, can, monotonic=self.road.clock.monotonic
        )

    async def status(self) -> Any:
        return await self.registry.operations.status(None, self.road.clock.now())

    async def chats(self) -> Sequence[ChatView]:
        listed = await self.registry.schools.chats(SCHOOL, Window(limit=1000))
        assert listed is not None
        return listed.items

    async def states(self, chat_id: ChatId = CLASS) -> dict[str, tuple[str, str | None]]:
        """State, and what it waits for, of everybody who is shown in a chat."""
        listed = await self.registry.schools.members(SCHOOL, chat_id, Window(limit=1000), excluded=False)
        assert listed is not None
        return {view.person_id: (view.state, view.waits_for) for view in listed.items}

    async def explained(self, person: str, chat_id: ChatId = CLASS) -> ExplainedChat:
        told = await self.registry.people.explain(PersonId(person), Asked(SCHOOL, chat_id), None)
        assert told is not None
        return told.chats[0]


@asynccontextmanager
async def school_on(platform: str, database_url: str, *, partner_operations: bool = True) -> AsyncIterator[School]:
    clock = TestClock()
    store = Database(database_url, clock=clock.of_database, platform=platform)
    async with (
        simulator(requests_per_second=0) as stand_in,
        max_client(stand_in.max_url, "simulator", call_timeout_s=5.0, partner_operations=partner_operations) as on_max,
        vk_client(stand_in.vk_url, "simulator", call_timeout_s=5.0) as on_vk,
    ):
        road = BothRoad(store, clock, WorldPlatform(stand_in.world), clients={"max": on_max, "vk": on_vk})
        try:
            yield School(road, platform, stand_in.simulation)
        finally:
            await store.close()


@asynccontextmanager
async def school_in_memory(
    platform: str, database_url: str, rules: PlanningRules = WITHOUT_GUARDS
) -> AsyncIterator[School]:
    """The same without HTTP: each step of either platform is open to the test, by `road.platform` both."""
    clock = TestClock()
    store = Database(database_url, clock=clock.of_database, platform=platform)
    both = WorldPlatform()

    async def before(action: Action) -> None:
        await both.before(action)

    async def after(action: Action) -> None:
        await both.after(action)

    clients: dict[str, Platform] = {
        token: WorldPlatform(both.world, before=before, after=after, now=clock.now) for token in ("max", "vk")
    }
    try:
        yield School(BothRoad(store, clock, both, rules=rules, clients=clients), platform)
    finally:
        await store.close()


@pytest.fixture(params=["vk", "max"])
async def school(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[School]:
    """A school that begins on VK, and one that begins on MAX."""
    async with school_on(request.param, database_url) as made:
        yield made


@pytest.fixture
async def on_vk(database_url: str) -> AsyncIterator[School]:
    async with school_on("vk", database_url) as made:
        yield made


@pytest.fixture
async def in_memory(database_url: str) -> AsyncIterator[School]:
    async with school_in_memory("vk", database_url) as made:
        yield made


@pytest.fixture
async def guarded(sqlite_url: str) -> AsyncIterator[School]:
    async with school_in_memory("vk", sqlite_url, PlanningRules()) as made:
        yield made
