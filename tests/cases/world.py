"""A school built in sentences, and what the platform shows of it: every case goes down the whole road."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from adapters.database.read.registry import registry_of
from adapters.simulator.entities import Chat, User
from events.intake import EventOutcome
from sync.ids import AccountId, ChatId, OrganisationId, PersonId
from sync.views.chats import ChatView, MemberView
from sync.views.operations import HoldView
from sync.views.persons import MembershipView
from sync.views.registry import Registry, Window
from tests.cases import happenings as told
from tests.cases.happenings import Happening
from tests.road import START, Road

SCHOOL = "школа"
TOKEN = "max"
EVERYTHING = Window(limit=1000)
STAFF = f"staff:{SCHOOL}"

Members = dict[str, str]
"""The persons in a chat by name, with their role there; an account that nobody has goes by its number."""


@dataclass(frozen=True, slots=True)
class Done:
    """A write that the platform carried out: what, in the chat of which title, to whom."""

    action: str
    chat: str
    persons: frozenset[str] = frozenset()


@dataclass(slots=True)
class Person:
    """Somebody who is being introduced. Each sentence adds to what the world is told at its start."""

    world: World
    name: str

    def in_class(self, class_id: str) -> Person:
        self.world.a_class(class_id)
        return self._tell(told.enrolled(self.name, class_id))

    def of(self, *students: str) -> Person:
        return self._tell(*(told.guardian_assigned(self.name, student) for student in students))

    def leads(self, *classes: str) -> Person:
        for class_id in classes:
            self.world.a_class(class_id)
        return self._tell(*(told.homeroom_assigned(class_id, self.name) for class_id in classes))

    def works_as(self, position: str) -> Person:
        return self._tell(told.hired(self.name, position))

    def administrates_chats(self) -> Person:
        return self._tell(told.chat_administrator_assigned(self.name))

    def unlinked(self) -> Person:
        del self.world.accounts[self.name]
        return self

    def private(self) -> Person:
        """Lets nobody add them to chats («Безопасный режим»)."""
        account = self.world.accounts[self.name]
        self.world.road.platform.world.put_users([User(account, privacy=True)])
        return self

    def _tell(self, *happenings: Happening) -> Person:
        self.world.beginning.extend(happenings)
        return self


@dataclass
class World:
    """One registered school, everybody introduced linked. What is told first is settled before anything happens."""

    road: Road
    accounts: dict[str, int] = field(default_factory=dict)
    beginning: list[Happening] = field(default_factory=lambda: [told.registered()])
    classes: set[str] = field(default_factory=set)
    _owners: dict[int, str] = field(default_factory=dict)
    _linked: set[str] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: count(1))

    # who and what there is

    def pupil(self, name: str) -> Person:
        return self._person(name)

    def parent(self, name: str) -> Person:
        return self._person(name)

    def teacher(self, name: str) -> Person:
        return self._person(name).works_as("teaching_staff")

    def worker(self, name: str, position: str = "other") -> Person:
        return self._person(name).works_as(position)

    def pupils(self, number: int, class_id: str) -> list[str]:
        """So many pupils of one class, by name."""
        names = [f"{class_id}-{index:03}" for index in range(1, number + 1)]
        for name in names:
            self.pupil(name).in_class(class_id)
        return names

    def _person(self, name: str) -> Person:
        """Somebody new is linked to an account of their own; who is known already is spoken of further."""
        if name not in self.accounts:
            self.accounts[name] = self.account(100 + len(self._owners) + 1, name)
        return Person(self, name)

    def account(self, number: int, owner: str | None = None) -> int:
        """An account that the platform knows, called by its owner's name where it is shown."""
        self.road.platform.world.put_users([User(number)])
        if owner is not None:
            self._owners[number] = owner
        return number

    def a_class(self, *class_ids: str) -> None:
        for class_id in class_ids:
            if class_id not in self.classes:
                self.classes.add(class_id)
                self.tell(told.class_opened(class_id))

    def a_group(self, name: str, **of: Any) -> None:
        """A group with a chat of the same name."""
        self.tell(told.group_opened(f"группа {name}", **of), told.chat_created(name, group=f"группа {name}"))

    def tell(self, *happenings: Happening) -> None:
        """What the school begins with, beside the sentences above."""
        self.beginning.extend(happenings)

    # what happens

    async def happens(self, *happenings: Happening) -> list[EventOutcome]:
        """One batch, settled until nothing is due; the calls told from now on are those that it made."""
        await self.begins()
        self.road.platform.world.calls.clear()
        taken = await self.road.post([self._event(happening) for happening in happenings])
        await self.road.converge()
        return taken

    async def planned(self, *happenings: Happening) -> None:
        """One batch, planned and not yet settled."""
        await self.begins()
        self.road.platform.world.calls.clear()
        await self.road.post([self._event(happening) for happening in happenings])
        await self.road.plan()

    async def begins(self) -> None:
        """Settles what was told so far and is not yet."""
        new = [person for person in self.accounts if person not in self._linked]
        self._linked.update(new)
        beginning = [*self.beginning, *(told.linked(person, self.accounts[person]) for person in new)]
        self.beginning.clear()
        if beginning:
            await self.road.post([self._event(happening) for happening in beginning])
            await self.road.converge()

    def _event(self, happening: Happening) -> dict[str, Any]:
        """The event as the school's system publishes it, a second later than the one before."""
        number = next(self._numbers)
        at = START - timedelta(days=1) + timedelta(seconds=number) - happening.ago
        of_school = {} if happening.type.startswith("account.") else {"organisation_id": SCHOOL}
        return {
            "specversion": "1.0",
            "id": f"{number}",
            "source": "электронная школа",
            "type": happening.type,
            "time": at.isoformat(),
            "data": of_school | happening.data,
        }

    async def left(self, person: str, title: str) -> None:
        """Somebody leaves a chat on their own, and the platform tells of it."""
        await self.begins()
        chat = self.found(title)
        account = self.accounts[person]
        self.road.platform.world.leave(chat.chat_id, account, self.road.clock.now())
        async with self.road.database.settling() as tx:
            await tx.ask_read_backs([(TOKEN, str(chat.chat_id), AccountId(str(account)), "left")])
        await self.road.converge()

    # what the platform shows

    async def chats(self) -> dict[str, Members]:
        """Every chat there is and that is not archived, by title."""
        await self.begins()
        shown = {chat.title: self._members(chat) for chat in self._platform_chats() if not chat.archived}
        assert len(shown) == sum(not chat.archived for chat in self._platform_chats()), "two chats of one title"
        return shown

    async def chat(self, title: str) -> Members:
        """Who is in the open chat of this title; nobody where there is none."""
        return (await self.chats()).get(title, {})

    async def archived(self) -> dict[str, Members]:
        await self.begins()
        return {chat.title: self._members(chat) for chat in self._platform_chats() if chat.archived}

    async def chats_of(self, person: str) -> Members:
        """The titles of the open chats somebody is in, with their role there."""
        shown = await self.chats()
        return {title: members[person] for title, members in shown.items() if person in members}

    def _platform_chats(self) -> Sequence[Chat]:
        return list(self.road.platform.world.chats.values())

    def found(self, title: str) -> Chat:
        """The platform's own chat of this title."""
        return next(chat for chat in self._platform_chats() if chat.title == title)

    def _members(self, chat: Chat) -> Members:
        return {self._name(int(account)): role for account, role in self.road.shown(str(chat.chat_id)).items()}

    def _name(self, account: int) -> str:
        return self._owners.get(account, str(account))

    def calls(self) -> list[Done]:
        """The writes since the last that happened, in their order."""
        titles: Mapping[int, str] = {chat.chat_id: chat.title for chat in self._platform_chats()}
        return [
            Done(call.action, titles.get(call.chat_id or 0, ""), frozenset(map(self._name, call.user_ids)))
            for call in self.road.platform.world.calls
        ]

    # what the registry shows

    @property
    def registry(self) -> Registry:
        capabilities = {TOKEN: self.road.platform.capabilities}
        titles, clock = self.road.rules.policy.titles, self.road.clock
        return registry_of(self.road.database.reading, titles, capabilities, monotonic=clock.monotonic)

    async def listed(self) -> list[ChatView]:
        await self.begins()
        listed = await self.registry.schools.chats(OrganisationId(SCHOOL), EVERYTHING)
        return list(listed.items) if listed is not None else []

    async def standing(self, chat_id: str) -> list[MemberView]:
        await self.begins()
        listed = await self.registry.schools.members(OrganisationId(SCHOOL), ChatId(chat_id), EVERYTHING, excluded=True)
        return list(listed.items) if listed is not None else []

    async def states(self, chat_id: str) -> dict[str, str]:
        """How each person stands in a chat: the state, of who is kept out by what, of the refused the code."""
        return {view.person_id: _state(view) for view in await self.standing(chat_id)}

    async def reasons(self, chat_id: str) -> dict[str, list[str]]:
        return {view.person_id: list(view.reasons) for view in await self.standing(chat_id)}

    async def memberships(self, person: str) -> dict[str, MembershipView]:
        await self.begins()
        listed = await self.registry.people.memberships(PersonId(person), None, EVERYTHING)
        return {view.chat_id: view for view in listed.items} if listed is not None else {}

    async def waits_for(self, person: str) -> dict[str, str | None]:
        """What somebody's memberships wait for, by chat."""
        return {chat: view.waits_for for chat, view in (await self.memberships(person)).items()}

    async def notices(self, person: str) -> dict[str, date]:
        """The school years of which somebody's page tells that they began, and since when it does."""
        await self.begins()
        view = await self.registry.people.person(PersonId(person), None, self.road.clock.now())
        return {notice.school_year: notice.since for notice in view.notices} if view is not None else {}

    async def closes_notice(self, student: str) -> bool:
        async with self.road.database.planning() as tx:
            return await tx.plans.close_notice(OrganisationId(SCHOOL), PersonId(student), self.road.clock.now())

    async def holds(self) -> list[HoldView]:
        return list((await self.registry.operations.holds(None, EVERYTHING)).items)


def _state(view: MemberView) -> str:
    return ": ".join([view.state, *([view.refused_code] if view.refused_code else ()), *view.exclusions])


def members(names: Iterable[str]) -> Members:
    return dict.fromkeys(names, "member")
