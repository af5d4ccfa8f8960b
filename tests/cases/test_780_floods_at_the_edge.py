"""Edges of the guards: in each case one condition alone decides."""

from __future__ import annotations

from tests.cases.happenings import chat_created, chat_edited, dismissed, guardian_removed
from tests.cases.test_600_guards import all_expelled, held, reject, strict
from tests.cases.world import World, members

# what ended last


async def test_780_who_was_rejected_and_is_dismissed_later_is_counted_again(world: World) -> None:
    strict(world)
    world.pupils(10, "5 А")
    cooks = [f"Повар {number}" for number in range(5)]
    for cook in cooks:
        world.worker(cook)
    world.tell(chat_created("Столовая", employees=cooks))
    await world.happens(chat_edited("Столовая", remove=cooks))
    await reject(world)
    await world.happens(*map(dismissed, cooks))
    assert [persons for persons, _ in await held(world)] == [5]
    assert await world.chat("Столовая") == members(cooks)


async def test_781_a_guardianship_that_ended_after_a_graduation_is_what_ended_last(world: World) -> None:
    strict(world)
    graduates, names = world.pupils(5, "11 А"), world.pupils(5, "7 Б")
    mothers = [f"Мама {name}" for name in names]
    for mother, *children in zip(mothers, graduates, names, strict=True):
        world.parent(mother).of(*children)
    world.tell(chat_created("Турслёт", guardians=mothers))
    await world.happens(*all_expelled(graduates, "graduated"))
    assert await world.chat("Турслёт") == members(mothers)
    await world.happens(*(guardian_removed(mother, name) for mother, name in zip(mothers, names, strict=True)))
    assert await world.chat("Турслёт") == members(mothers)
