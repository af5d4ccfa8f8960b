"""H15: guards do not read the school.

«Share of the persons in its chats» on every expulsion would count three thousand rows. So the floor comes first, from
the log of removals; the share only above the floor. `denied` and `blocked` are left out before anything is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.database.store import Database
from sync.guards.limits import Guards, Limit
from tests.doubles.transaction import Watched
from tests.interleavings.told import Event, Told
from tests.road import Road


@dataclass
class Asked:
    """A store that counts what guards ask of it."""

    store: Database
    asked: Counter[str] = field(default_factory=Counter)

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Any]:
        async with self.store.planning() as transaction:
            yield Watched(transaction, self._count)

    async def _count(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:
        port, _, asked = name.partition(".")
        if port in {"guarding", "holds"}:
            self.asked[asked] += 1
        return await call()


async def with_families(road: Road) -> Told:
    """A class of five pupils, each with a guardian; more than two leaving are looked at."""
    road.rules = replace(road.rules, guards=Guards(organisation=Limit(0.9, 2), chat=Limit(0.5, 100)))
    told = Told()
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    for number in range(1, 6):
        told.school("student.enrolled", student_id=f"pupil-{number}", class_id="5a")
        told.school("guardian.assigned", guardian_id=f"guardian-{number}", student_id=f"pupil-{number}")
        told.account("linked", f"pupil-{number}", f"{number}")
        told.account("linked", f"guardian-{number}", f"{number}0")
    road.knows(*(account for number in range(1, 6) for account in (f"{number}", f"{number}0")))
    await road.post(told.events)
    await road.converge()
    return told


async def asked_for(road: Road, *events: Event) -> Counter[str]:
    watched = Asked(road.database)
    await replace(road, database=watched).post(events)  # type: ignore[arg-type]
    return watched.asked


async def test_an_adding_asks_for_the_limits_alone(road: Road) -> None:
    told = await with_families(road)
    assert await asked_for(road, told.school("student.enrolled", student_id="new", class_id="5a")) == {"spans": 1}


async def test_under_the_floor_only_the_log_of_removals_is_read(road: Road) -> None:
    told = await with_families(road)
    expelled = told.school("student.expelled", student_id="pupil-1")
    assert await asked_for(road, expelled) == {"spans": 1, "removals_since": 1}


async def test_where_plenty_of_a_kind_are_left_they_are_counted_and_not_read(road: Road) -> None:
    told = await with_families(road)
    limits = Guards(organisation=Limit(0.9, 100), chat=Limit(0.5, 100), kind_floor=1)
    road.rules = replace(road.rules, guards=limits)
    expelled = told.school("student.expelled", student_id="pupil-1")
    assert await asked_for(road, expelled) == {"spans": 1, "removals_since": 1, "plenty": 1}


async def test_above_the_floor_with_the_days_removals_the_share_is_looked_at_once(road: Road) -> None:
    told = await with_families(road)
    await road.post([told.school("student.expelled", student_id="pupil-1")])
    await road.converge()
    expelled = told.school("student.expelled", student_id="pupil-2")
    assert await asked_for(road, expelled) == {"spans": 1, "removals_since": 1, "seen": 1}


async def test_denials_and_blocks_are_left_out_before_counting_however_many(road: Road) -> None:
    told = await with_families(road)
    apart = [
        told.school("guardian.removed", guardian_id=f"guardian-{n}", student_id=f"pupil-{n}", denied=True)
        for n in range(1, 6)
    ]
    apart += [told.school("person.blocked", person_id=f"pupil-{n}") for n in range(1, 6)]
    assert await asked_for(road, *apart) == {}
    await road.converge()
    assert not any((await road.members()).values())
