"""What a piece of work asks of the database: every statement that arrives there, BEGIN and COMMIT among them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool


@asynccontextmanager
async def counted() -> AsyncIterator[list[str]]:
    """The statements on connections that are taken from any pool meanwhile, complete when the block has ended."""
    ran: list[str] = []
    asked = partial(_note, ran)

    def taken(connection: Any, *_: object) -> None:
        connection.run_async(lambda driver: _listen(driver, asked))

    def given_back(connection: Any, *_: object) -> None:
        connection.run_async(lambda driver: _leave(driver, asked))

    event.listen(Pool, "checkout", taken)
    event.listen(Pool, "checkin", given_back)
    try:
        yield ran
        await asyncio.sleep(0)  # asyncpg tells of a statement in the loop's next round
    finally:
        event.remove(Pool, "checkout", taken)
        event.remove(Pool, "checkin", given_back)


def _note(ran: list[str], asked: Any) -> None:
    """aiosqlite tells the text of a statement, asyncpg an object that has it."""
    ran.append(asked if isinstance(asked, str) else asked.query)


async def _listen(driver: Any, asked: Any) -> None:
    if hasattr(driver, "add_query_logger"):
        driver.add_query_logger(asked)
    else:
        await driver.set_trace_callback(asked)


async def _leave(driver: Any, asked: Any) -> None:
    if hasattr(driver, "remove_query_logger"):
        driver.remove_query_logger(asked)
    else:
        await driver.set_trace_callback(None)
