"""The notice of a new school year on a student's page: once a year, and only by a move into that year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cases.happenings import (
    Happening,
    class_opened,
    class_renamed,
    enrolled,
    expelled,
    promoted,
    restored,
    transferred,
)
from tests.cases.world import World

NEXT = "2027/2028"
TODAY = date(2026, 11, 2)


def a_pupil(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.a_class("7 В")
    world.tell(class_opened("8 Б", NEXT))


async def test_350_who_is_promoted_is_told_of_the_new_school_year(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "8 Б", NEXT))
    assert await world.notices("Аня") == {NEXT: TODAY}


async def test_351_who_was_not_heard_of_before_is_told_by_a_promotion_too(world: World) -> None:
    world.tell(class_opened("8 Б", NEXT))
    world.pupil("Вера")
    await world.happens(promoted("Вера", "8 Б", NEXT))
    assert await world.notices("Вера") == {NEXT: TODAY}


async def test_352_a_class_renamed_into_a_later_year_tells_its_pupils(world: World) -> None:
    a_pupil(world)
    world.pupil("Боря").in_class("7 В")
    await world.happens(class_renamed("7 Б", "8 Б", school_year=NEXT))
    assert (await world.notices("Аня"), await world.notices("Боря")) == ({NEXT: TODAY}, {})


async def test_353_a_class_announced_again_with_a_later_year_as_an_import_does_tells_them_too(world: World) -> None:
    a_pupil(world)
    await world.happens(class_opened("7 Б", NEXT))
    assert await world.notices("Аня") == {NEXT: TODAY}


async def test_354_a_transfer_into_a_class_of_a_later_year_tells(world: World) -> None:
    a_pupil(world)
    await world.happens(transferred("Аня", "8 Б"))
    assert await world.notices("Аня") == {NEXT: TODAY}


@pytest.mark.parametrize(
    "happening", [transferred("Аня", "7 В"), enrolled("Аня", "8 Б"), class_renamed("7 Б", "7 Ю")], ids=lambda h: h.type
)
async def test_355_a_transfer_within_the_year_an_enrolment_or_a_new_name_alone_tells_nothing(
    world: World, happening: Happening
) -> None:
    a_pupil(world)
    await world.happens(happening)
    assert await world.notices("Аня") == {}


@pytest.mark.parametrize("returns", [enrolled, restored])
async def test_356_who_comes_back_into_a_later_year_is_told_nothing(
    world: World, returns: Callable[[str, str], Happening]
) -> None:
    a_pupil(world)
    await world.happens(expelled("Аня"))
    await world.happens(returns("Аня", "8 Б"))
    assert await world.notices("Аня") == {}


async def test_357_who_came_into_the_class_this_year_is_told_of_the_next(world: World) -> None:
    a_pupil(world)
    await world.happens(enrolled("Аня", "7 В"))
    await world.happens(class_renamed("7 В", "8 В", school_year=NEXT))
    assert await world.notices("Аня") == {NEXT: TODAY}


async def test_358_once_closed_it_does_not_come_again_for_that_year(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "8 Б", NEXT))
    assert await world.closes_notice("Аня")
    assert not await world.closes_notice("Аня")
    await world.happens(promoted("Аня", "8 Б", NEXT))
    await world.happens(class_renamed("8 Б", "8 Ю", school_year=NEXT))
    await world.happens(transferred("Аня", "7 В"))
    await world.happens(transferred("Аня", "8 Б"))
    assert await world.notices("Аня") == {}


async def test_359_the_year_after_is_told_though_the_last_notice_was_closed(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "8 Б", NEXT))
    await world.closes_notice("Аня")
    await world.happens(class_renamed("8 Б", "9 Б", school_year="2028/2029"))
    assert await world.notices("Аня") == {"2028/2029": TODAY}


async def test_360_it_stands_from_the_day_the_promotion_holds(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "8 Б", NEXT).on(date(2026, 11, 5)))
    assert await world.notices("Аня") == {}
    world.road.clock.turn(days=3)
    await world.road.converge()
    assert await world.notices("Аня") == {NEXT: date(2026, 11, 5)}


async def test_361_it_stands_for_sixty_days(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "8 Б", NEXT).on(date(2026, 10, 1)))
    world.road.clock.turn(days=27)
    assert await world.notices("Аня") == {NEXT: date(2026, 10, 1)}
    world.road.clock.turn(days=1)
    assert await world.notices("Аня") == {}


async def test_362_a_renaming_plans_no_membership_anew(world: World) -> None:
    a_pupil(world)
    await world.happens(class_renamed("7 Б", "8 Б", school_year=NEXT))
    assert [(done.action, done.chat) for done in world.calls()] == [("rename", "8 Б")]


async def test_363_promoted_once_more_it_stands_from_the_first_time(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "8 Б", NEXT))
    world.road.clock.turn(days=3)
    await world.happens(promoted("Аня", "8 Б", NEXT))
    assert await world.notices("Аня") == {NEXT: TODAY}


async def test_364_who_came_into_the_later_year_and_is_then_promoted_is_told(world: World) -> None:
    world.tell(class_opened("8 Б", NEXT))
    world.pupil("Вера")
    await world.happens(enrolled("Вера", "8 Б"))
    assert await world.notices("Вера") == {}
    await world.happens(promoted("Вера", "8 Б", NEXT))
    assert await world.notices("Вера") == {NEXT: TODAY}


async def test_365_a_promotion_tells_before_its_class_is_renamed_and_the_renaming_not_again(world: World) -> None:
    a_pupil(world)
    await world.happens(promoted("Аня", "7 Б", NEXT))
    assert await world.notices("Аня") == {NEXT: TODAY}
    await world.closes_notice("Аня")
    await world.happens(class_renamed("7 Б", "8 Ю", school_year=NEXT))
    assert await world.notices("Аня") == {}
