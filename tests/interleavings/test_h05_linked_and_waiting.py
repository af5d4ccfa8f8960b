"""H5. A roster batch enrols P and reads P's accounts: none. An account batch links P and reads P's schools: none yet.
Both commit, and P is linked and waits until the nightly run.

The row of the person is where the two meet: the one who comes second waits, and reads what the first has written.
Where the school knows the person already nobody waits: the link leaves a affected, and a plan that was made without the
link must not take that away.
"""

from __future__ import annotations

import pytest

from tests.interleavings.pauses import overlap
from tests.interleavings.told import Event, Told, shown
from tests.road import Road


@pytest.fixture
async def told(roster: Road) -> Told:
    told = Told()
    roster.knows("1")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="7b", name="7 Б", school_year="2026/2027")
    await roster.post(told.events)
    return told


async def meet(first: Road, after: str, events: list[Event], second: Road, others: list[Event]) -> bool:
    """The first batch stands still behind a method while the second comes; gives whether the second waited for it."""
    return await overlap(first.database, after, lambda: first.post(events), lambda: second.post(others)) == [True]


async def check(roster: Road, told: Told) -> None:
    await roster.converge()
    wanted = told.members("school", roster.clock.at.date())
    assert wanted
    assert await shown(roster) == wanted


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("after", ["people.lock", "plans.load"])
async def test_who_is_linked_while_a_school_first_names_them_joins(
    roster: Road, accounts: Road, told: Told, after: str, known: bool
) -> None:
    if known:
        await roster.post([told.school("student.enrolled", "elsewhere", student_id="anna", class_id="1a")])
    enrolled = told.school("student.enrolled", student_id="anna", class_id="7b")
    await meet(roster, after, [enrolled], accounts, [told.account("linked", "anna", "1")])
    await check(roster, told)


@pytest.mark.parametrize("after", ["people.lock", "people.ties"])
async def test_whom_a_school_first_names_while_they_are_linked_joins(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    linked = told.account("linked", "anna", "1")
    enrolled = told.school("student.enrolled", student_id="anna", class_id="7b")
    await meet(accounts, after, [linked], roster, [enrolled])
    await check(roster, told)


@pytest.mark.parametrize("after", ["plans.load", "plans.open_rooms", "facts.next_starts"])
async def test_a_link_during_a_plan_of_somebody_known_is_planned_next(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    await roster.post([told.school("person.described", person_id="olga", last_name="О", first_name="О")])
    hired = told.school("employee.hired", employee_id="olga", position_type="administration")
    await meet(roster, after, [hired], accounts, [told.account("linked", "olga", "1")])
    await check(roster, told)


@pytest.mark.parametrize("after", ["affected.listed", "plans.load", "facts.next_starts"])
async def test_a_link_while_an_earlier_one_is_planned_is_planned_next(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    roster.knows("2")
    await roster.post([told.school("employee.hired", employee_id="olga", position_type="administration")])
    await accounts.post([told.account("linked", "olga", "1")])
    linked = told.account("linked", "olga", "2")
    await overlap(roster.database, after, roster.plan, lambda: accounts.post([linked]))
    await check(roster, told)


async def test_another_schools_first_tie_does_not_wait(roster: Road, accounts: Road, told: Told) -> None:
    """Two schools may name one person at the same time; only accounts stand against both."""
    await roster.post([told.school("student.enrolled", "elsewhere", student_id="anna", class_id="1a")])
    hired = told.school("employee.hired", employee_id="anna", position_type="administration")
    third = told.school("student.enrolled", "third", student_id="anna", class_id="2a")
    assert not await meet(roster, "plans.load", [hired], accounts, [third])


async def test_a_link_waits_for_no_school(roster: Road, accounts: Road, told: Told) -> None:
    """Account work takes no organisation: while a school is planned, the people it knows are linked."""
    await roster.post([told.school("student.enrolled", student_id="anna", class_id="7b")])
    hired = told.school("employee.hired", employee_id="olga", position_type="administration")
    assert not await meet(roster, "facts.next_starts", [hired], accounts, [told.account("linked", "anna", "1")])
    await check(roster, told)
