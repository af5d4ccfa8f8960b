"""Events into the database by the real intake, beside the bare writing of the very same rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from adapters.database.assertions import columns_of
from adapters.database.bulk import Bulk
from adapters.database.schema import FACTS, inbox, places
from adapters.database.store import Database
from adapters.database.write.inbox import COLUMNS
from adapters.database.write.plans import KEY, WANTED
from bench.copies import tidy
from bench.ground import KINDS, Ground
from bench.measure import Pairs, Stopwatch, timed
from bench.schools import BATCH, Movers, intake_of, load, settled, some_schools, take
from bench.statements import counted
from rollcall.settings import Settings
from sync.facts import PLACEMENT

FEW, MANY = 2, 30  # schools
ROUNDS, WARM_UP = 6, 3  # whoever is met again is remembered
SINGLES, SINGLES_WARM_UP, COUNTED = 25, 10, 5
MICROSECOND = 1e6
MEMORY = {"": Settings.model_fields["remember_mb"].default * 1_000_000, ", nothing remembered": 0}

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What events wrote: the rows that they cannot do without."""

    inbox: Rows
    facts: Rows
    places: Rows


@dataclass(frozen=True, slots=True)
class Beside:
    """Databases alike: by its name one for each way to remember schools, and one for the bare rows."""

    ours: Mapping[str, Database]
    bare: Database

    async def take(self, events: Sequence[bytes]) -> tuple[dict[str, Stopwatch], Stopwatch]:
        """How long each of ours took for the same events, and the bare one for their rows."""
        taking = {how: await _taken(database, events) for how, database in self.ours.items()}
        written = await last_written(next(iter(self.ours.values())), len(events))
        with timed() as writing:
            await write(self.bare, written)
        return taking, writing

    async def settle(self) -> None:
        for database in (self.bare, *self.ours.values()):
            await settled(database)

    async def close(self) -> None:
        for database in (self.bare, *self.ours.values()):
            await database.close()


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    for kind in KINDS:
        for number in (FEW, MANY):
            movers, url = Movers(some_schools(number)), ground.empty(kind)
            await load(url, movers.schools)
            await _tidied(url)
            ours = {how: Database(ground.copy(url), remembered_bytes=much) for how, much in MEMORY.items()}
            beside = Beside(ours, Database(ground.copy(url)))
            await beside.settle()
            for pairs in await _batches(f"into {kind}, {number} schools", beside, movers):
                yield pairs
            for pairs in await _singles(f"into {kind}", beside, movers) if number == FEW else ():
                yield pairs
            await beside.close()


async def _tidied(url: str) -> None:
    database = Database(url)
    if not database.sqlite:
        await tidy(database)
    await database.close()


async def _batches(of: str, beside: Beside, movers: Movers) -> list[Pairs]:
    """Events a second, and what one costs here and in the database's processes."""
    units = {"": "events/s", ": this process": "µs", ": the database": "µs"}
    figures = {
        how: [Pairs(f"events {of}{how}, {BATCH} a batch{what}", unit) for what, unit in units.items()]
        for how in beside.ours
    }
    for number in range(ROUNDS + WARM_UP):
        taking, writing = await beside.take(movers.transfers(BATCH))
        await beside.settle()
        for how, watch in taking.items() if number >= WARM_UP else ():
            for pairs, ours, bare in zip(figures[how], _costs(watch), _costs(writing), strict=True):
                pairs.add(ours, bare)
    in_one_process = beside.bare.sqlite
    return [pairs for each in figures.values() for pairs in (each[:2] if in_one_process else each)]


def _costs(watch: Stopwatch) -> tuple[float, float, float]:
    there = watch.cpu_seconds - watch.own_cpu_seconds
    return BATCH / watch.seconds, watch.own_cpu_seconds / BATCH * MICROSECOND, there / BATCH * MICROSECOND


async def _singles(of: str, beside: Beside, movers: Movers) -> list[Pairs]:
    """Each by itself, and how often it asks the database; the bare one has three statements in a transaction."""
    waiting = {how: Pairs(f"one event by itself {of}{how}", "ms") for how in beside.ours}
    asking = {how: Pairs(f"one event by itself {of}{how}: statements", "of them") for how in beside.ours}
    for number in range(SINGLES + SINGLES_WARM_UP):
        taking, writing = await beside.take(movers.transfers(1))
        for how, watch in taking.items() if number >= SINGLES_WARM_UP else ():
            waiting[how].add(watch.seconds * 1000, writing.seconds * 1000)
    for _ in range(COUNTED):
        events, asked = movers.transfers(1), {}
        for how, database in beside.ours.items():
            async with counted() as asked[how]:
                await take(intake_of(database), events)
        written = await last_written(next(iter(beside.ours.values())), 1)
        async with counted() as least:
            await write(beside.bare, written)
        for how, statements in asked.items():
            asking[how].add(len(statements), len(least))
    return [pairs for how in beside.ours for pairs in (waiting[how], asking[how])]


async def _taken(database: Database, events: Sequence[bytes]) -> Stopwatch:
    with timed() as watch:
        await take(intake_of(database), events)
    return watch


async def last_written(database: Database, events: int, *, but: int = 0) -> Written:
    """What the last events wrote, apart from so many behind them."""
    facts = FACTS[PLACEMENT]
    async with database.reading() as connection:
        bulk = Bulk(connection)
        last = int((await connection.execute(select(func.max(inbox.c.no)))).scalar_one()) - but

        def own(number: Any) -> Any:
            return number.between(last - events + 1, last)

        return Written(
            await bulk.fetch(select(*(inbox.c[name] for name in COLUMNS)).where(own(inbox.c.no))),
            await bulk.fetch(select(facts).where(own(facts.c.event_no))),
            await bulk.fetch(select(*(places.c[n] for n in (*KEY, *WANTED))).where(own(places.c.cause_no))),
        )


async def write(database: Database, written: Written) -> None:
    """The same rows by the same bulk statements, and nothing is asked or worked out."""
    async with database.writing() as connection:
        bulk = Bulk(connection)
        await bulk.insert(inbox, COLUMNS, written.inbox, conflict=("source", "id"), returning=("no", "source", "id"))
        columns = columns_of(PLACEMENT)
        await bulk.insert(FACTS[PLACEMENT], columns, written.facts, update=columns[len(PLACEMENT.key) + 2 :])
        await bulk.insert(places, (*KEY, *WANTED), written.places, update=WANTED)
