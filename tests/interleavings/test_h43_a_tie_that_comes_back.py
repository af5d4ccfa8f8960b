"""H43. Anna has left, and Vera needs the account that Anna holds. While we find that nobody ties Anna, a school
takes her back: she would be without her account though she is a pupil.

We ask under the locks of every school that knows her, and of herself: whoever ties her comes before, and she keeps it,
or after, as if a moment later.
"""

from __future__ import annotations

import pytest

from rollcall.untied import FormerHolders
from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told
from tests.road import Road


@pytest.fixture
async def told(roster: Road) -> Told:
    told = Told()
    roster.knows("1")
    for school in ("former", "school", "third"):
        told.school("organisation.registered", school, name="Школа")
        told.school("class.opened", school, class_id="5", name="5", school_year="2026/2027")
    for school, pupil in (("former", "anna"), ("school", "vera")):
        told.school("student.enrolled", school, student_id=pupil, class_id="5")
        told.account("linked", pupil, "1")
    told.school("student.expelled", "former", student_id="anna")
    await roster.post(told.events)
    await roster.plan()
    assert roster.claims
    return told


@pytest.mark.parametrize("school", ["former", "third"])
async def test_who_comes_back_while_we_look_waits(roster: Road, accounts: Road, told: Told, school: str) -> None:
    back = told.school("student.enrolled", school, student_id="anna", class_id="5")
    assert await overlap(roster.database, "plans.load", roster.unlink, lambda: accounts.post([back])) == [True]


@pytest.mark.parametrize("school", ["former", "third"])
async def test_who_came_back_before_we_hold_the_locks_keeps_the_account(
    roster: Road, accounts: Road, told: Told, school: str
) -> None:
    back = told.school("student.enrolled", school, student_id="anna", class_id="5")
    unlinked: list[str] = []

    async def unlink() -> None:
        unlinked.extend(await roster.unlink())

    assert await overlap(roster.database, "people.ties", unlink, lambda: accounts.post([back])) == [False]
    assert unlinked == []


@pytest.mark.parametrize("school", ["former", "third"])
async def test_we_wait_for_who_comes_back(roster: Road, accounts: Road, told: Told, school: str) -> None:
    back = told.school("student.enrolled", school, student_id="anna", class_id="5")
    accounts.claims, unlinked = roster.claims.copy(), list[str]()

    async def unlink() -> None:
        unlinked.extend(await accounts.unlink())

    assert await overlap(roster.database, "facts.write_timelines", lambda: roster.post([back]), unlink) == [True]
    assert unlinked == []


async def test_two_who_find_the_same_say_it_once(roster: Road, accounts: Road, told: Told) -> None:
    accounts.claims, unlinked = roster.claims.copy(), list[str]()

    async def also() -> None:
        unlinked.extend(await accounts.unlink())

    await overlap(roster.database, "inbox.record", roster.unlink, also)
    assert unlinked == []
    former = FormerHolders(roster.database, roster.rules, roster.clock.now, None)
    assert await former.unlink(accounts.claims) == ()
