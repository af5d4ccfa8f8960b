"""H36: what a process remembers of a school is what it would load, after any history, abort and change of hands.

P1 remembers the school as it was, aborts a batch that would have changed it; P2 takes the school over and commits; P1
gets it back. What is remembered counts exactly while nobody has changed it since, and is kept only when the
transaction has committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.database.bulk import Bulk
from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import StoredFacts
from adapters.database.store import Database
from sync.facts import FACT_TYPES, Assertion
from sync.ids import OrganisationId
from tests.histories import ORGANISATIONS
from tests.laws.profiles import share_of_examples
from tests.laws.roads import Event, fresh_road, full_histories, in_batches
from tests.road import Road

BATCHES = st.lists(st.integers(1, 10), min_size=1, max_size=5)


class Aborted(Exception):  # noqa: N818 - what happened
    """A batch that is undone when all of it was done."""


@dataclass
class Aborting:
    """A store that commits nothing."""

    store: Database

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Any]:
        async with self.store.planning() as transaction:
            yield transaction
            raise Aborted


async def undone(road: Road, batch: Sequence[Event]) -> None:
    """Takes a batch in and does not commit it."""
    with pytest.raises(Aborted):
        await replace(road, database=Aborting(road.database)).post(batch)  # type: ignore[arg-type]


async def stored(database: Database, school: str) -> Mapping[Any, set[Assertion]]:
    found: dict[Any, set[Assertion]] = {}
    async with database.reading() as connection:
        facts = StoredFacts(Bulk(connection))
        for kind in FACT_TYPES:
            for assertion in await facts.assertions(kind, ("organisation_id",), [(school,)]):
                found.setdefault((kind, assertion.key), set()).add(assertion)
    return found


async def check(database: Database) -> None:
    """Whatever would be used from memory now is what is stored."""
    memory = database._memory
    assert memory is not None
    async with database.planning() as tx:
        numbers = {
            key: row.facts_no for key, row in (await tx.schools.lock(tuple(map(OrganisationId, ORGANISATIONS)))).items()
        }
        at_hand: FactsAtHand = tx._at_hand
        known = {key: school for key, school in at_hand._schools.items() if key in numbers}
    for key, school in known.items():
        facts = {fact: set(timeline) for fact, timeline in school.facts().items()}
        assert facts == await stored(database, key)
        async with database.reading() as connection:
            tied = {person for _, person in await StoredFacts(Bulk(connection)).tied([key])}
            mentions = await StoredFacts(Bulk(connection)).mentions_of_schools([key])
        assert school.persons == tied
        assert {(s, g) for s, groups in school.groups_of.items() for g in groups} == {(s, g) for _, s, g in mentions}


async def any_hands(prepared: Path, events: list[Event], sizes: list[int], hands: list[tuple[int, bool]]) -> None:
    async with fresh_road(prepared) as road:
        other = Database(f"sqlite:///{road.database.url.database}", clock=road.clock.of_database)
        roads = (road, replace(road, database=other))
        for number, batch in enumerate(in_batches(events, sizes)):
            hand, aborts = hands[number % len(hands)]
            if aborts:
                await undone(roads[hand], batch)
            await roads[hand].post(batch)
            await roads[hand].plan()
            for each in roads:
                await check(each.database)
        await other.close()


@share_of_examples(0.1)
@given(
    events=full_histories(),
    sizes=BATCHES,
    hands=st.lists(st.tuples(st.integers(0, 1), st.booleans()), min_size=1, max_size=6),
)
def test_what_is_remembered_is_what_would_be_loaded(
    prepared_sqlite: Path, events: list[Event], sizes: list[int], hands: list[tuple[int, bool]]
) -> None:
    asyncio.run(any_hands(prepared_sqlite, events, sizes, hands))
