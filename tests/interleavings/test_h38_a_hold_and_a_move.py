"""H38. Held in the old class, restored into a new one; approving the hold of yesterday must not throw the pupil out of
today's.

A hold acts on places that still carry it, under the school's lock; moving on lets it go; of two who decide at once the
second finds it decided.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.database.schema import holds, places
from sync.ports.holds import Decision
from sync.use_cases.decide_holds import Verdict, approval, decide_hold, expire_holds, rejection
from tests.interleavings.pauses import overlap
from tests.interleavings.test_h14_holds_leak import ACCOUNTS, EVERYBODY, PUPILS, flooded
from tests.interleavings.told import Told, shown
from tests.laws.roads import rows
from tests.road import Road

YES, NO = approval("operator", "as it is"), rejection("operator", "a column slipped")
RESTORED = {"class:5a": {"1": "member"}}


@pytest.fixture
async def told(roster: Road, accounts: Road) -> Told:
    """All pupils of a class are held."""
    told = await flooded(roster)
    accounts.rules = roster.rules
    return told


async def decide(road: Road, decision: Decision) -> Verdict:
    [hold] = await rows(road, select(holds))
    return (await decide_hold(road.database, road.rules, hold.hold_no, decision, road.clock.now())).verdict


@pytest.mark.parametrize(("class_id", "decision"), [("5a", YES), ("5b", YES), ("5b", NO)])
@pytest.mark.parametrize("after", ["holds.find", "schools.lock", "holds.carriers", "plans.write"])
async def test_who_is_restored_while_a_person_decides_is_where_they_were_restored_to(
    roster: Road, accounts: Road, told: Told, after: str, class_id: str, decision: Decision
) -> None:
    """Whichever comes first: the decision sees the move, or the move what was decided."""
    await roster.post([told.school("class.opened", class_id="5b", name="5 Б", school_year="2026/2027")])
    restored = told.school("student.restored", student_id=PUPILS[0], class_id=class_id)
    waited = await overlap(roster.database, after, lambda: decide(roster, decision), lambda: accounts.post([restored]))
    assert waited == [after != "holds.find"]
    await roster.converge()
    stay = {} if decision is YES else {"class:5a": dict.fromkeys(list(ACCOUNTS.values())[1:], "member")}
    assert await shown(roster) == {**stay, f"class:{class_id}": {"1": "member"}}
    assert [row.person_id for row in await rows(roster, select(places)) if row.hold_no and not row.rejected] == []


@pytest.mark.parametrize("after", ["schools.lock", "holds.carriers", "holds.decide", "plans.write"])
async def test_of_two_who_decide_at_once_the_second_finds_it_decided(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    verdicts = []

    async def first() -> None:
        verdicts.append(("first", await decide(roster, NO)))

    async def second() -> None:
        verdicts.append(("second", await decide(accounts, YES)))

    assert await overlap(roster.database, after, first, second) == [True]
    assert dict(verdicts) == {"first": Verdict.DONE, "second": Verdict.REJECTED}
    await roster.converge()
    assert await shown(roster) == EVERYBODY


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("after", ["schools.lock", "holds.carriers", "holds.decide", "plans.write"])
async def test_of_two_who_approve_as_its_time_ends_and_the_end_one_counts(
    roster: Road, accounts: Road, told: Told, after: str, approved: bool
) -> None:
    """Three processes at once, the one at the terminals a second behind."""
    [hold] = await rows(roster, select(holds))
    verdicts: list[Verdict] = []
    expired: list[int] = []

    async def approve(road: Road) -> None:
        at = hold.expires_at - timedelta(seconds=1)
        verdicts.append((await decide_hold(road.database, road.rules, hold.hold_no, YES, at)).verdict)

    async def expire(road: Road) -> None:
        expired.append(await expire_holds(road.database, road.rules, hold.expires_at))

    first, second = (approve, expire) if approved else (expire, approve)
    meanwhile = [lambda: approve(accounts), lambda: second(accounts)]
    assert await overlap(roster.database, after, lambda: first(roster), *meanwhile) == [True, True]
    assert set(verdicts) == ({Verdict.DONE, Verdict.APPROVED} if approved else {Verdict.REJECTED})
    assert expired == [0 if approved else 1]
    roster.clock.at = hold.expires_at
    await roster.converge()
    assert await shown(roster) == ({} if approved else EVERYBODY)


async def test_what_was_approved_and_is_not_settled_yet_does_not_take_out_who_comes_back(
    roster: Road, told: Told
) -> None:
    assert await decide(roster, YES) is Verdict.DONE
    await roster.post([told.school("student.restored", student_id=PUPILS[0], class_id="5a")])
    await roster.converge()
    assert await shown(roster) == RESTORED
