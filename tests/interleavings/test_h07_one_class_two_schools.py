"""H7. Two schools open class K at once, each under its own lock: both plan it as theirs. Or K goes from A to B in a
batch that holds B's lock alone, and A's pupils are never taken out.

What is named globally (class, group, chat) has a row; who may change its owner locks it, and leaves the old owner's
school touched in the same transaction. A plan that was made meanwhile must not take that touch away.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from tests.interleavings.pauses import overlap
from tests.interleavings.told import Event, Told, shown
from tests.road import START, Road

OPENED = {
    "class": {"class_id": "k", "name": "7 Б", "school_year": "2026/2027"},
    "group": {"group_id": "g", "class_id": None, "subject": "Алгебра", "name": "А", "teacher_id": None},
}


@pytest.fixture
async def told(roster: Road) -> Told:
    """Two schools; a pupil of each says to be in class k."""
    told, accounts = Told(), count(1)
    roster.knows("1", "2")
    for school in ("a", "b"):
        told.school("organisation.registered", school, name="Школа")
        told.school("student.enrolled", school, student_id=f"pupil-{school}", class_id="k")
        told.account("linked", f"pupil-{school}", str(next(accounts)))
    await roster.post(told.events)
    return told


def opened(told: Told, school: str, minutes: int = 0) -> Event:
    at = START - timedelta(minutes=60 - minutes)
    return told.school("class.opened", school, **OPENED["class"], at=at, source=f"sis of {school}")


async def check(road: Road, told: Told) -> None:
    await road.converge()
    day = road.clock.at.date()
    wanted = told.members("a", day) | told.members("b", day)
    assert wanted
    assert await shown(road) == wanted


@pytest.mark.parametrize("after", ["lock_entities", "timelines", "load", "open_rooms"])
@pytest.mark.parametrize("minutes", [-1, 1])
async def test_a_class_opened_by_two_schools_at_once_is_the_later_ones(
    roster: Road, accounts: Road, told: Told, after: str, minutes: int
) -> None:
    by_a, by_b = opened(told, "a"), opened(told, "b", minutes)
    assert await overlap(roster.database, after, lambda: roster.post([by_a]), lambda: accounts.post([by_b])) == [True]
    await check(roster, told)


@pytest.mark.parametrize("after", ["timelines", "touch", "load", "open_rooms", "write"])
async def test_pupils_who_come_while_their_class_changes_hands_are_in_no_chat_of_the_old_school(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    """The old school's batch says nothing of who owns the class, so it does not lock it: the touch makes it good."""
    roster.knows("3")
    await roster.post([opened(told, "a"), told.account("linked", "new", "3")])
    await roster.converge()
    enrolled, by_b = told.school("student.enrolled", "a", student_id="new", class_id="k"), opened(told, "b", 1)
    await overlap(roster.database, after, lambda: roster.post([enrolled]), lambda: accounts.post([by_b]))
    await check(roster, told)
    assert await shown(roster) == {"class:k": {"2": "member"}}


@pytest.mark.parametrize("after", ["lock_entities", "touch", "load", "open_rooms", "write"])
async def test_pupils_who_come_while_their_class_is_taken_over_are_in_no_chat_of_the_old_school(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    accounts.knows("3")
    await roster.post([opened(told, "a"), told.account("linked", "new", "3")])
    by_b, enrolled = opened(told, "b", 1), told.school("student.enrolled", "a", student_id="new", class_id="k")
    await overlap(roster.database, after, lambda: roster.post([by_b]), lambda: accounts.post([enrolled]))
    await check(roster, told)
    assert await shown(roster) == {"class:k": {"2": "member"}}


async def test_a_class_that_changes_hands_while_its_school_is_planned_is_planned_again(
    roster: Road, accounts: Road, told: Told
) -> None:
    """A touch left during `plan_touched`, of the very class that it plans, stays."""
    await roster.post([opened(told, "a")])
    await roster.converge()
    await roster.post([opened(told, "b", -1)])  # an earlier word: the class stays, and its school is touched
    by_third = opened(told, "third", 1)
    await overlap(roster.database, "load", roster.plan, lambda: accounts.post([by_third]))
    await roster.converge()
    assert await shown(roster) == told.members("a", roster.clock.at.date()) == {}


async def test_a_group_and_a_chat_change_hands_as_a_class_does(roster: Road, accounts: Road, told: Told) -> None:
    chat = {"chat_id": "c", "name": "Алгебра", "chat_type": "subject", "group_id": "g", "employee_ids": []}
    students = {"student_ids": ["pupil-a", "pupil-b"]}

    def both(school: str, minutes: int) -> list[Event]:
        at = START - timedelta(minutes=60 - minutes)
        return [
            told.school("group.opened", school, **OPENED["group"], **students, at=at),
            told.school("chat.created", school, **chat, student_ids=[], at=at),
        ]

    by_a, by_b = both("a", 0), both("b", 1)
    assert await overlap(roster.database, "load", lambda: roster.post(by_a), lambda: accounts.post(by_b)) == [True]
    await check(roster, told)
    assert await shown(roster) == {"c": {"2": "member"}}
