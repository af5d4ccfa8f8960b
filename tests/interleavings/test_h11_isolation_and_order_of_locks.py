"""H11. Under REPEATABLE READ the second holder of a lock reads the snapshot from before its wait; and two transactions
that take the same locks in another order wait for each other for ever.

READ COMMITTED, the lock first, nothing used that was read before it; every kind of lock sorted by key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from sync.affected import PERSON, RETRY, Affected
from sync.facts import AT_ONCE, BLOCK, Assertion, Block
from sync.ids import EventNo, OrganisationId
from sync.planning_scope import Cause
from sync.ports.events import Incoming
from sync.versions import Version
from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told, shown
from tests.road import START, Road

FIRST, LAST = "a", "z"

Lock = Callable[[Any, Sequence[str]], Any]


def incoming(event_id: str) -> Incoming:
    return Incoming("sis", event_id, "school.person.blocked.v1", OrganisationId("school"), START, b"{}")


LOCKS: dict[str, Lock] = {
    "record": lambda tx, keys: tx.inbox.record([incoming(key) for key in keys], START),
    "lock_organisations": lambda tx, keys: tx.schools.lock(keys),
    "lock_persons (ties)": lambda tx, keys: tx.people.lock([(f"school {id(tx)}", key) for key in keys], ()),
    "lock_persons (links)": lambda tx, keys: tx.people.lock((), keys),
    "lock_accounts": lambda tx, keys: tx.people.lock_accounts([("max", key) for key in keys], ()),
    "affected": lambda tx, keys: tx.affected.add(
        {Affected(OrganisationId("s"), PERSON, key): Cause(EventNo(1), by_event=True) for key in keys}, START
    ),
}


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("name", sorted(LOCKS))
async def test_locks_are_taken_in_the_order_of_their_keys(roster: Road, name: str, known: bool) -> None:
    """One batch takes its locks one by one; another, whose keys come the other way round, never holds a later one
    while it waits for an earlier.
    """
    lock = LOCKS[name]
    for key in (LAST, FIRST) if known and name != "record" else ():  # in the table they stand the other way round
        async with roster.database.planning() as tx:
            await lock(tx, [key])

    async def one_by_one() -> None:
        async with roster.database.planning() as tx:
            await lock(tx, [FIRST])
            await tx.facts.announced(())  # where it is stopped
            await lock(tx, [LAST])

    async def both() -> None:
        async with roster.database.planning() as tx:
            await lock(tx, [LAST, FIRST])

    await overlap(roster.database, "facts.announced", one_by_one, both)


async def test_a_description_and_a_first_tie_crosswise_do_not_deadlock(roster: Road, told: Told) -> None:
    """A batch locks some persons to share and others to write; between the two it must not stand on one foot."""
    known = [told.school("student.enrolled", "elsewhere", student_id=who, class_id="1a") for who in (FIRST, LAST)]
    await roster.post(known)

    def crosswise(school: str, described: str, enrolled: str) -> Callable[[], Any]:
        names = {"last_name": "О", "first_name": "О"}
        batch = [
            told.school("person.described", school, person_id=described, **names),
            told.school("student.enrolled", school, student_id=enrolled, class_id="1a"),
        ]
        return lambda: roster.post(batch)

    third = told.school("student.enrolled", "third", student_id=FIRST, class_id="1a")
    fourth = told.school("student.enrolled", "third", student_id=LAST, class_id="1a")
    both = crosswise("one", FIRST, LAST), crosswise("two", LAST, FIRST)
    await overlap(roster.database, "plans.load", lambda: roster.post([third, fourth]), *both)


async def test_a_planner_and_links_over_the_same_people_do_not_deadlock(
    roster: Road, accounts: Road, told: Told
) -> None:
    """`plan_affected` takes away what links leave anew at the same time: both in the order of the keys."""
    people = [f"{number:02}" for number in range(60)]  # so many are taken away in the order in which they stand
    told.school("organisation.registered", name="Школа")
    for who in people:
        told.school("employee.hired", employee_id=who, position_type="administration")
    await roster.post(told.events)
    async with roster.database.planning() as tx:
        for who in people[::-1]:
            await tx.affected.add(
                {Affected(OrganisationId("school"), RETRY, who): Cause(EventNo(1), by_event=False)}, START
            )
    linked = [told.account("linked", who, str(number)) for number, who in enumerate(people, 1)]
    roster.knows(*(str(number) for number, _ in enumerate(people, 1)))

    async def held() -> None:
        async with accounts.database.planning() as tx:
            await tx.affected.add(
                {Affected(OrganisationId("school"), RETRY, people[30]): Cause(EventNo(1), by_event=False)}, START
            )
            await tx.facts.announced(())

    await overlap(accounts.database, "facts.announced", held, roster.plan, lambda: roster.post(linked))
    await roster.converge()
    assert await shown(roster) == told.members("school", roster.clock.at.date())


async def test_what_was_committed_while_a_batch_waited_for_its_lock_is_read(roster: Road) -> None:
    """The second of two batches over one school sees what the first has written, though it began before that."""
    fact = (BLOCK, ("school", "anna"))
    assertion = Assertion(*fact, Block(blocked=True), AT_ONCE, Version("sis", None, START, "1"), EventNo(1))
    seen: list[dict[Any, Any]] = []

    async def first() -> None:
        async with roster.database.planning() as tx:
            await tx.schools.lock([OrganisationId("school")])
            await tx.facts.write_timelines({fact: ((), (assertion,))})
            await tx.facts.announced(())

    async def second() -> None:
        async with roster.database.planning() as tx:
            await tx.facts.timelines([fact])  # its transaction has begun
            await tx.schools.lock([OrganisationId("school")])
            seen.append(await tx.facts.timelines([fact]))

    assert await overlap(roster.database, "facts.announced", first, second) == [True]
    assert seen == [{fact: (assertion,)}]


async def test_the_engine_reads_what_is_committed(roster: Road) -> None:
    async with roster.database.writing() as connection:
        level = (await connection.execute(text("SHOW transaction_isolation"))).scalar_one()
    assert level == "read committed"
