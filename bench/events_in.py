"""Events a second into the database by the real intake, beside the bare writing of the very same rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from adapters.database.session import Session
from adapters.database.store import Database
from adapters.database.tables import FACTS, inbox, places
from adapters.database.words import columns_of
from adapters.database.write.inbox import COLUMNS
from adapters.database.write.plans import KEY, WANTED
from bench.ground import KINDS, Ground
from bench.measure import Pairs, Rates, timed
from bench.schools import BATCH, Movers, intake_of, load, settled, some_schools, take
from sync.facts import ENROLMENT

SCHOOLS = 2
ROUNDS = 7
WARM_UP = 2

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch wrote: the rows that it cannot do without."""

    inbox: Rows
    facts: Rows
    places: Rows


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    schools = some_schools(SCHOOLS)
    for kind in KINDS:
        for pairs in (await _on(ground, kind, Movers(schools))).pairs:
            yield pairs


async def _on(ground: Ground, kind: str, movers: Movers) -> Rates:
    url = ground.empty(kind)
    await load(url, movers.schools)
    ours, bare = Database(ground.copy(url)), Database(ground.copy(url))
    rates = Rates(f"events into {kind}, {BATCH} a batch", "events")
    await settled(ours)
    await settled(bare)
    for number in range(ROUNDS + WARM_UP):
        events, before = movers.transfers(BATCH), await last_event_no(ours)
        with timed() as taking:
            await take(intake_of(ours), events)
        written = await written_since(ours, before)
        with timed() as writing:
            await _write(bare, written)
        await settled(ours)
        await settled(bare)
        if number >= WARM_UP:
            rates.add(BATCH, taking, writing)
    await ours.close()
    await bare.close()
    return rates


async def last_event_no(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.max(inbox.c.no)))).scalar_one())


async def written_since(database: Database, event_no: int) -> Written:
    facts = FACTS[ENROLMENT]
    async with database.reading() as connection:
        session = Session(connection)
        taken = [inbox.c[name] for name in (*COLUMNS, "outcome")]
        return Written(
            await session.fetch(select(*taken).where(inbox.c.no > event_no)),
            await session.fetch(select(facts).where(facts.c.event_no > event_no)),
            await session.fetch(select(*(places.c[n] for n in (*KEY, *WANTED))).where(places.c.cause_no > event_no)),
        )


async def _write(database: Database, written: Written) -> None:
    """The same rows by the same bulk statements, and nothing is asked or worked out."""
    async with database.writing() as connection:
        session = Session(connection)
        await session.insert(
            inbox, (*COLUMNS, "outcome"), written.inbox, conflict=("source", "id"), returning=("no", "source", "id")
        )
        columns = columns_of(ENROLMENT)
        await session.insert(FACTS[ENROLMENT], columns, written.facts, update=columns[len(ENROLMENT.key) + 2 :])
        await session.insert(places, (*KEY, *WANTED), written.places, update=WANTED)
