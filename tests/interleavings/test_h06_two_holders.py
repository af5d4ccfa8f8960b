"""H6. `linked(P1, X)` and `linked(P2, X)` are in different partitions; neither sees the other, and X is in the chats of
both. Who holds X is read from the whole history, so an assertion of the one may change who the other is.

The account has a row: the second waits and reads what the first has written, and all who ever claimed it are affected.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told, shown
from tests.road import START, Road


@pytest.fixture
async def told(roster: Road) -> Told:
    """Anna works in one school, Boris in another."""
    told = Told()
    roster.knows("1", "2")
    for school, person in (("school", "anna"), ("lyceum", "boris")):
        told.school("organisation.registered", school, name="Школа")
        told.school("employee.hired", school, employee_id=person, position_type="administration")
    await roster.post(told.events)
    return told


async def check(road: Road, told: Told) -> None:
    await road.converge()
    day = road.clock.at.date()
    wanted = told.members("school", day) | told.members("lyceum", day)
    assert await shown(road) == wanted


@pytest.mark.parametrize("after", ["people.lock_accounts", "people.account_assertions", "affected.add"])
@pytest.mark.parametrize("minutes", [-1, 1])
async def test_of_two_who_link_one_account_at_once_the_first_to_be_linked_holds_it(
    roster: Road, accounts: Road, told: Told, after: str, minutes: int
) -> None:
    linked = told.account("linked", "anna", "1", at=START - timedelta(hours=1))
    other = told.account("linked", "boris", "1", at=START - timedelta(hours=1) + timedelta(minutes=minutes))

    async def linked_and_planned() -> None:
        await accounts.post([other])
        await accounts.converge()

    assert await overlap(roster.database, after, lambda: roster.post([linked]), linked_and_planned) == [True]
    await check(roster, told)
    assert {"1": "member"} in (await shown(roster)).values()


@pytest.mark.parametrize("after", ["people.lock", "people.account_assertions", "affected.add"])
async def test_an_account_let_go_while_another_claims_it_is_the_others(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    await roster.post([told.account("linked", "anna", "1")])
    await roster.converge()
    unlinked, linked = told.account("unlinked", "anna"), told.account("linked", "boris", "1")

    async def linked_and_planned() -> None:
        await accounts.post([linked])
        await accounts.converge()

    await overlap(roster.database, after, lambda: roster.post([unlinked]), linked_and_planned)
    await check(roster, told)
    assert await shown(roster) == {"staff:lyceum": {"1": "member"}}


async def test_a_late_unlinking_between_two_links_breaks_the_run(roster: Road, told: Told) -> None:
    """Who has been linked longest is read from the history: a superseded assertion may yet decide."""
    hours = [timedelta(hours=hour) for hour in range(5)]
    first = told.account("linked", "anna", "1", at=START - hours[4])
    await roster.post([first, told.account("linked", "boris", "1", at=START - hours[2])])
    await roster.post([told.account("linked", "anna", "1", at=START - hours[1])])
    await check(roster, told)
    assert await shown(roster) == {"staff:school": {"1": "member"}}
    await roster.post([told.account("unlinked", "anna", at=START - hours[3])])
    await check(roster, told)
    assert await shown(roster) == {"staff:lyceum": {"1": "member"}}
