"""Whatever dies or is answered while a school moves: in the end all are in the new chat, and the old was told once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from adapters.simulator.faults import Faults, Plan
from sync.errors import Failure, PlatformError
from tests.doubles.platform import Action, Lost, Outcome
from tests.laws.crashes import dying
from tests.moving.conftest import CLASS, OTHER, TEACHER, School, school_in_memory, school_on
from tests.road import Road

PUPILS = {1, 2}
STRIDE = 3
ROUNDS = 20  # more than a move takes
UNKNOWN_RIGHT = PlatformError(Failure.NEEDS_PERSON, "chat.denied")


class Watch:
    """Watches a move at each call: nobody leaves the old chat for it before all are in the new one."""

    def __init__(self, school: School, old: str) -> None:
        self.school, self.old = school, old

    async def check(self) -> None:
        there = await self.school.members(OTHER[self.old])
        if not await self.school.members(self.old) >= PUPILS:
            assert there == {*PUPILS, TEACHER}


def said(school: School) -> Sequence[str]:
    return [text for _, text in school.messages() if "«5 А»" in text]


async def test_killed_at_any_step_the_move_comes_to_its_end(sqlite_url: str) -> None:
    """Each round a process dies a step later, until one lives to the end of it."""
    async with school_in_memory("vk", sqlite_url) as school:
        await school.begins(len(PUPILS))
        at, steps, died = "vk", 1, True

        async def moves(road: Road) -> None:
            for _ in range(ROUNDS):
                await road.plan()
                await road.settle()
                road.clock.turn(seconds=1)

        while died:
            before = len(said(school))
            await school.chooses(OTHER[at])
            died = await dying(school.road, steps, moves)
            await Watch(school, at).check()
            await school.road.converge()
            assert await school.members(OTHER[at]) == {*PUPILS, TEACHER}, steps
            assert await school.members(at) == {TEACHER}, steps
            assert len(said(school)) - before <= 1
            at, steps = OTHER[at], steps + STRIDE
        assert steps > 20 * STRIDE
        assert len(said(school)) - before == 1


@pytest.mark.parametrize("outcome", [Lost.BEFORE, Lost.AFTER, Lost.LIE, UNKNOWN_RIGHT])
async def test_whatever_becomes_of_the_message_it_is_written_once_at_most_and_holds_nothing_up(
    in_memory: School, outcome: Outcome
) -> None:
    school = in_memory
    await school.begins(len(PUPILS))

    def of(action: Action) -> Outcome:
        return outcome if action.name == "write_message" else None

    vk = school.road.clients["vk"]
    vk.outcome = of  # type: ignore[attr-defined]
    await school.moves("max")
    assert await school.members("max") == {*PUPILS, TEACHER}
    assert await school.members("vk") == {TEACHER}
    assert len(said(school)) == (outcome is Lost.AFTER)


async def test_a_message_that_was_not_carried_out_is_tried_again_and_nobody_leaves_before(in_memory: School) -> None:
    school = in_memory
    await school.begins(len(PUPILS))
    vk, tries = school.road.clients["vk"], list[str]()

    def of(action: Action) -> Outcome:
        if action.name != "write_message" or action.title is None or "«5 А»" not in action.title:
            return None
        tries.append(action.name)
        return PlatformError(Failure.RETRY, "attachment.not.ready") if len(tries) < 4 else None

    async def before(action: Action) -> None:
        if action.name == "remove_member" and len(tries) < 4:
            row = (await school.rooms(CLASS))["vk"]
            assert action.chat != row.external_chat_id

    vk.outcome = of  # type: ignore[attr-defined]
    school.road.platform.before = before
    await school.moves("max")
    assert (len(tries), len(said(school))) == (4, 1)
    assert await school.members("vk") == {TEACHER}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("begin", ["vk", "max"])
async def test_through_faults_of_every_kind_all_arrive(sqlite_url: str, begin: str, seed: int) -> None:
    """On the simulator, over HTTP; lying answers are what looks are for."""
    async with school_on(begin, sqlite_url) as school:
        await school.begins(len(PUPILS))
        kinds = ("reset_before", "reset_after", "server_error", "partial", "too_many", "wrong_json", "lying_ok")
        plan = Plan(seed=seed, rates=dict.fromkeys(kinds, 0.06), until_calls=60)
        school.simulation.faults = Faults(plan)
        await school.moves(OTHER[begin])
        await school.road.converge()
        assert await school.members(OTHER[begin]) == {*PUPILS, TEACHER}
        assert await school.members(begin) == {TEACHER}
        assert len(said(school)) <= 1
