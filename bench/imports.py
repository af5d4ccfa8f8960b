"""`rollcall import` of a region into an empty database, beside the bare writing of the rows that it leaves there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from adapters.database.bulk import Bulk
from adapters.database.migrate import upgrade
from adapters.database.schema import metadata
from adapters.database.store import Database
from bench.ground import KINDS, Ground
from bench.measure import Pairs, Rates, timed
from bench.packages import write_package
from bench.start_up import ROLLCALL, environ

SCHOOLS = 30
ROUNDS = 1
AT_ONCE = 5_000  # rows a statement

Rows = Mapping[Table, Sequence[Any]]


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    package = write_package(ground.folder / "region", SCHOOLS)
    for kind in KINDS:
        empty = ground.empty(kind)
        await upgrade(empty)
        rates = Rates(f"import of {SCHOOLS} schools into {kind}, from the package on", "events")
        for _ in range(ROUNDS):
            filled, bare = ground.copy(empty), ground.copy(empty)
            with timed() as importing:
                events = _imported(package, filled)
            rows = await _rows(filled)
            with timed() as writing:
                await _write(bare, rows)
            rates.add(events, importing, writing)
        for pairs in rates.pairs:
            yield pairs


def _imported(package: Path, url: str) -> int:
    """How many events became of the package, all of them applied."""
    command = [str(ROLLCALL), "import", str(package), "--json"]
    settings = environ({"ROLLCALL_DATABASE_URL": url})
    told = json.loads(subprocess.run(command, check=True, capture_output=True, env=settings).stdout)
    if told["outcomes"] != {"applied": told["events"]}:
        raise RuntimeError(f"not all was applied: {told['outcomes']}")
    return int(told["events"])


async def _rows(url: str) -> Rows:
    database = Database(url)
    async with database.reading() as connection:
        rows = {table: await Bulk(connection).fetch(select(table)) for table in metadata.sorted_tables}
    await database.close()
    return {table: of for table, of in rows.items() if of}


async def _write(url: str, rows: Rows) -> None:
    database = Database(url)
    for table, of in rows.items():
        columns = [column.name for column in table.columns]
        for first in range(0, len(of), AT_ONCE):
            async with database.writing() as connection:
                await Bulk(connection).insert(table, columns, of[first : first + AT_ONCE])
    await database.close()
