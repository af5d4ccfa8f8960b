"""A school with two classes, all linked, on a platform whose people do as they like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from adapters.database.read.registry import registry_of
from sync.ids import AccountId, ChatId, OrganisationId
from sync.titles import Titles
from sync.updates import PlatformUpdate
from sync.use_cases.choose_policies import choose_policies
from sync.use_cases.hear_updates import hear_updates
from sync.views.registry import Registry
from tests.interleavings.told import Told, shown
from tests.road import Road

ANNA, BORIS, TEACHER, OTHER_TEACHER, FOREIGN = 1, 2, 3, 4, 77
A, B = ChatId("class:a"), ChatId("class:b")


@dataclass
class School:
    """Anna and the teacher are in class a; Boris and the other teacher in class b. Nobody known holds account 77."""

    road: Road
    said: Told = field(default_factory=Told)
    numbers: Iterator[int] = field(default_factory=count)
    chats: dict[str, int] = field(default_factory=dict)
    jumped_at: datetime | None = None  # the machine's clock

    async def begins(self) -> None:
        told = self.said
        self.road.knows("1", "2", "3", "4", "77")
        told.school("organisation.registered", name="Школа")
        for person, account in (("t", TEACHER), ("o", OTHER_TEACHER)):
            told.school("employee.hired", employee_id=person, position_type="other")
            told.account("linked", person, str(account))
        for class_id, teacher, pupil, account in (("a", "t", "anna", ANNA), ("b", "o", "boris", BORIS)):
            year = {"name": f"5 {class_id}", "school_year": "2026/2027"}
            told.school("class.opened", class_id=class_id, homeroom_teacher_id=teacher, **year)
            told.school("student.enrolled", student_id=pupil, class_id=class_id)
            told.account("linked", pupil, str(account))
        await self.road.post(told.events)
        await self.road.converge()
        names = {f"5 {class_id}": f"class:{class_id}" for class_id in "ab"}
        self.chats = {names[c.title]: c.chat_id for c in self.road.platform.world.chats.values() if c.title in names}

    async def happens(self, type_: str, **data: Any) -> None:
        await self.road.post([self.said.school(type_, **data)])

    async def told(self, kind: str, chat: str, account: int = 0, text: str = "") -> None:
        """The platform tells of it."""
        news = PlatformUpdate(
            f"news-{next(self.numbers)}", kind, str(self.chats[chat]), AccountId(str(account or "")), text
        )
        await hear_updates(self.road.database, "max", [news])

    async def hears(self) -> None:
        """From now on the platform's updates are heard by somebody."""
        async with self.road.database.hearing() as tx:
            await tx.hold_hearing("max", "test", 1_000_000)

    async def chooses(self, strangers: str | None = None, titles: str | None = None) -> None:
        now = self.road.clock.now()
        assert await choose_policies(
            self.road.database, OrganisationId("school"), strangers, titles, "директор", now=now
        )
        await self.settles()

    async def needs_person(self) -> dict[str, str]:
        status = await self.registry.operations.status(None, self.road.clock.now())
        return {each.chat_id: each.state for each in status.needs_person}

    async def alarms(self) -> list[tuple[str, str | None]]:
        found = (await self.registry.operations.status(None, self.road.clock.now())).alarms
        return [(alarm.kind, alarm.chat_id) for alarm in found if alarm.kind not in {"no_staff", "no_administrator"}]

    @property
    def registry(self) -> Registry:
        can = {"max": self.road.platform.capabilities}
        connect, seconds = self.road.database.reading, self.road.clock.monotonic
        return registry_of(connect, Titles(), can, monotonic=seconds, jumped_at=lambda: self.jumped_at)

    async def looks(self) -> None:
        """Every room is looked at once, and what that leaves is done."""
        await self.road.look()
        await self.settles()

    async def settles(self) -> None:
        """What is due now is done, without any look."""
        for _ in range(20):
            await self.road.plan()
            if not await self.road.settle():
                return
        raise AssertionError("it does not come to rest")

    async def shown(self) -> dict[str, dict[str, str]]:
        """Of the classes' chats alone."""
        return {chat_id: members for chat_id, members in (await shown(self.road)).items() if chat_id in {A, B}}

    # what people do

    def joins(self, chat: str, account: int) -> None:
        self.road.platform.world.join(self.chats[chat], account, self.road.clock.at)

    def leaves(self, chat: str, account: int) -> None:
        self.road.platform.world.leave(self.chats[chat], account, self.road.clock.at)

    def promotes(self, chat: str, account: int, *, is_admin: bool) -> None:
        self.road.platform.world.promote(self.chats[chat], TEACHER, account, is_admin=is_admin)


AT_REST = {A: {"1": "member", "3": "admin"}, B: {"2": "member", "4": "admin"}}


@pytest.fixture
async def school(road: Road) -> School:
    made = School(road)
    await made.begins()
    assert await made.shown() == AT_REST
    return made
