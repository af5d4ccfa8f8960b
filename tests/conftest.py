"""What tests stand on: both databases, fresh for each test."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog

from adapters.database.migrate import upgrade
from adapters.database.store import Database
from tests.road import Road, TestClock
from tests.servers.kafka import Kafka
from tests.servers.pgbouncer import PgBouncer
from tests.servers.postgresql import PostgreSQL

if TYPE_CHECKING:
    from tests.streams.ground import Ground

_numbers = itertools.count(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What campaigns came to is told where all went well, too."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            terminalreporter.write_line(f"{name}: {told}")


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """What one test made of logging, to a stream that is closed behind it, is not the next one's."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real server, with a migrated database `prepared` that tests copy."""
    server = PostgreSQL().start()
    asyncio.run(upgrade(server.make_database("prepared")))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """A real broker, for those who ask for it; each test has topics and a group of its own there."""
    broker = Kafka().start()
    yield broker
    broker.stop()


@pytest.fixture
async def ground(kafka: Kafka, postgresql_url: str) -> AsyncIterator[Ground]:
    """Topics and a group of the test's own, and what reads them into a fresh PostgreSQL database."""
    from tests.streams.ground import grounds  # noqa: PLC0415 - Faust takes long to load

    async with grounds(kafka, postgresql_url, f"t{next(_numbers)}") as made:
        yield made


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "prepared.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_port(postgresql: PostgreSQL) -> Iterator[int]:
    """Where tests reach the server: through a pgbouncer, if that is asked for."""
    if not os.environ.get("ROLLCALL_TEST_PGBOUNCER"):
        yield postgresql.port
        return
    bouncer = PgBouncer(postgresql.port).start()
    yield bouncer.port
    bouncer.stop()


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL, postgresql_port: int) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    yield postgresql.make_database(name, "prepared").replace(str(postgresql.port), str(postgresql_port))
    postgresql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(prepared_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "rollcall.db"
    shutil.copy(prepared_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: each test that asks for it runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def road(database_url: str) -> AsyncIterator[Road]:
    """The whole road over a fresh store, its leases by the clock that the test turns."""
    clock = TestClock()
    database = Database(database_url, clock=clock.of_database)
    yield Road(database, clock)
    await database.close()
