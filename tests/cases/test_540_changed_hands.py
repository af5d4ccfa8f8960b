"""An account that passes on while somebody stands in a chat by it: an alarm says so, and `explain` since when."""

from __future__ import annotations

import pytest

from sync.ids import PersonId
from sync.views.registry import Asked
from tests.cases.happenings import Happening, expelled, linked, unlinked
from tests.cases.world import World


async def alarms(world: World) -> list[tuple[str | None, str | None]]:
    """The chats, each with what is told of it."""
    found = (await world.registry.operations.status(None, world.road.clock.now())).alarms
    return [(alarm.chat_id, alarm.detail) for alarm in found if alarm.kind == "account_changed_hands"]


def two_of_one_account(world: World, class_of_the_second: str) -> None:
    """Аня, who has had it longer, and Боря."""
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.pupil("Боря").in_class(class_of_the_second).unlinked()
    world.account(7, "семь")
    world.tell(linked("Аня", 7), linked("Боря", 7))


@pytest.mark.parametrize("class_id", ["7 Б", "7 В"])
async def test_540_who_is_next_takes_it_be_it_in_the_same_chat_or_in_another(world: World, class_id: str) -> None:
    two_of_one_account(world, class_id)
    await world.begins()
    assert await alarms(world) == []
    await world.happens(unlinked("Аня"))
    assert await alarms(world) == [("class:7 Б", "another person holds the account of Аня")]
    explained = await world.registry.people.explain(PersonId("Аня"), Asked(), None)
    assert explained is not None
    assert [chat.account_passed_on_at is not None for chat in explained.chats] == [True]


async def test_541_somebody_whom_the_school_does_not_know_takes_it(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.account(7, "семь")
    world.tell(linked("Аня", 7))
    await world.begins()
    await world.happens(unlinked("Аня"), linked("чужой", 7))
    assert await alarms(world) == [("class:7 Б", "another person holds the account of Аня")]


async def test_542_a_link_that_comes_late_and_is_older_takes_it(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.pupil("Боря").in_class("7 В").unlinked()
    world.account(7, "семь")
    world.tell(linked("Аня", 7).recorded(hours=1))
    await world.begins()
    await world.happens(linked("Боря", 7).recorded(hours=2))
    assert await alarms(world) == [("class:7 Б", "another person holds the account of Аня")]


@pytest.mark.parametrize("happening", [unlinked("Аня"), expelled("Аня"), linked("Аня", 8)])
async def test_543_where_nobody_takes_it_there_is_none(world: World, happening: Happening) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.account(7, "семь")
    world.account(8, "восемь")
    world.tell(linked("Аня", 7))
    await world.begins()
    await world.happens(happening)
    assert await alarms(world) == []


async def test_544_of_who_stands_nowhere_by_it_there_is_none(world: World) -> None:
    two_of_one_account(world, "7 В")
    world.road.looks = False  # else nobody remembers that she was there
    await world.begins()
    await world.happens(expelled("Аня"))
    await world.happens(unlinked("Аня"))
    assert await world.chat("7 В") == {"семь": "member"}
    assert await alarms(world) == []
