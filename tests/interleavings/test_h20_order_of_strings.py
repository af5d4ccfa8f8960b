"""H20. Python compares strings by code point, PostgreSQL by its locale: who wins depends on who asks.

Every id and sequence column is `COLLATE "C"`, and who wins is decided in Python, never in SQL. Tried on a database
whose own order is that of an English dictionary.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, text

from adapters.database.migrate import upgrade
from adapters.database.read.registry import registry_of
from adapters.database.schema import metadata
from adapters.database.store import Database
from adapters.database.types import Ids, Json
from sync.ids import PersonId
from sync.titles import Titles
from sync.views.registry import Window
from tests.interleavings.told import Event, Told, shown
from tests.road import START, Road, TestClock
from tests.servers.postgresql import PostgreSQL

PAIRS = [("Z", "a"), ("B", "a"), ("a-z", "aa"), ("ez", "é"), ("Я", "а"), ("я", "ё"), ("_b", "a"), ("\uffff", "😀")]
"""Lower and higher by code point; in a dictionary most of them stand the other way round, or beside each other."""

DICTIONARY = "en_US.UTF-8"

KNOWS_ENGLISH = shutil.which("localedef") is not None and Path("/usr/share/i18n/locales/en_US").exists()
"""Whether this machine can make the locale; where it cannot, no test is offered a database of that order."""


@pytest.fixture(scope="module")
def english() -> Iterator[PostgreSQL]:
    """A server that knows English, with a migrated database `prepared` in whose order tests copy it."""
    server = PostgreSQL()
    locales = server.folder / "locales"
    locales.mkdir()
    subprocess.run(
        ["localedef", "--no-archive", "-i", "en_US", "-f", "UTF-8", locales / DICTIONARY], check=True, env={}
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LOCPATH", str(locales))
        server.start()
    server.execute(f"CREATE DATABASE prepared TEMPLATE template0 LOCALE '{DICTIONARY}'")
    asyncio.run(upgrade(server.url("prepared")))
    assert asyncio.run(first("SELECT 'a' < 'Z'", server.url("prepared"))), "by code point it would not be"
    yield server
    server.stop()


async def first(query: str, url: str) -> Any:
    database = Database(url)
    async with database.reading() as connection:
        found = (await connection.execute(text(query))).scalar_one()
    await database.close()
    return found


@pytest.fixture
def english_url(english: PostgreSQL) -> Iterator[str]:
    yield english.make_database("english", "prepared")
    english.execute("DROP DATABASE english WITH (FORCE)")


@pytest.fixture(params=["sqlite", "english"] if KNOWS_ENGLISH else ["sqlite"])
def url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def road(url: str) -> AsyncIterator[Road]:
    clock = TestClock()
    database = Database(url, clock=clock.of_database)
    yield Road(database, clock)
    await database.close()


@pytest.fixture
async def told(road: Road) -> Told:
    told = Told()
    road.knows(*map(str, range(1, 100)))
    await road.post([told.school("organisation.registered", name="Школа")])
    return told


def opposed(told: Told, person: str, what: str, keys: Sequence[str], hired: int) -> list[Event]:
    """Two events recorded at the same instant: one hires, the other dismisses; only `what` tells which is higher."""
    said = []
    for number, key in enumerate(keys):
        how = "employee.hired" if number == hired else "employee.dismissed"
        event = told.school(how, employee_id=person, position_type="administration", at=START)
        distinct = {"id": f"{key}{person}"} if what == "id" else {what: key}
        event |= {"source": "sis", "id": f"{number}{person}"} | distinct
        said.append(event)
    return said


@pytest.mark.parametrize("what", ["sequence", "id", "source"])
async def test_the_higher_by_code_point_holds(road: Road, told: Told, what: str) -> None:
    rivals = [
        (f"p{number}-{hired}", opposed(told, f"p{number}-{hired}", what, pair, hired))
        for number, pair in enumerate(PAIRS)
        for hired in (0, 1)
    ]
    links = [told.account("linked", person, str(number)) for number, (person, _) in enumerate(rivals, 1)]
    await road.post(links)
    for side in (1, 0):  # the higher come first
        await road.post([events[side] for _, events in rivals])
    await road.converge()
    employed = {str(number): "member" for number, (person, _) in enumerate(rivals, 1) if person.endswith("-1")}
    assert await shown(road) == {"staff:school": employed} == told.members("school", START.date())


async def test_of_two_linked_at_the_same_instant_the_lower_source_holds_the_account(road: Road, told: Told) -> None:
    people = [
        (f"{side}{number}", source, str(number))
        for number, pair in enumerate(PAIRS, 1)
        for side, source in zip(("lower", "higher"), pair, strict=True)
    ]
    for person, source, account in people[::-1]:
        hired = told.school("employee.hired", employee_id=person, position_type="administration")
        linked = told.account("linked", person, account, source=source, at=START)
        await road.post([hired, linked])
    await road.converge()
    assert await shown(road) == told.members("school", START.date())
    async with road.database.planning() as tx:
        assertions = (await tx.people.account_assertions([PersonId(person) for person, *_ in people]))["max"]
    assert sorted(assertion.version.source for assertion in assertions) == sorted(chain(*PAIRS))


async def test_lists_go_by_code_point_page_by_page(road: Road, told: Told) -> None:
    schools = sorted({key for pair in PAIRS for key in pair} | {"school"})
    await road.post([told.school("organisation.registered", school, name="Школа") for school in schools[::-1]])
    registry = registry_of(road.database.reading, Titles(), {}, monotonic=road.clock.monotonic)
    seen, after = [], None
    for _ in range(len(schools)):
        listed = await registry.schools.organisations(None, Window(after, limit=2))
        seen += [school.organisation_id for school in listed.items]
        after = listed.next
        if after is None:
            break
    assert seen == schools


async def test_every_column_of_text_but_lists_is_in_the_order_of_code_points(postgresql_url: str) -> None:
    lists = {(of.table.name, of.name) for of in _columns() if isinstance(of.type, Json | Ids)}
    database = Database(postgresql_url)
    async with database.reading() as connection:
        found = await connection.execute(TEXT_OF_ANOTHER_ORDER)
        assert {tuple(row) for row in found} == lists | {("alembic_version", "version_num")}
    await database.close()


def _columns() -> Iterator[Column[Any]]:
    return (of for table in metadata.tables.values() for of in table.columns)


TEXT_OF_ANOTHER_ORDER = text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
)
