"""The workers that look: none where looks are off, and no question to the database while there is nothing to see."""

from __future__ import annotations

import asyncio

import pytest

from adapters.database.looking.transaction import LookTransaction
from rollcall.app import open_app
from rollcall.looking import keep_looking, look_workers, looking_of
from rollcall.settings import Settings


async def test_where_looks_are_off_nothing_looks_and_status_says_so(sqlite_url: str) -> None:
    async with open_app(Settings(database_url=sqlite_url, max_token="t", looks="off")) as app:
        assert list(look_workers(app)) == []
        status = await app.registry.operations.status(None, app.clock.now())
        assert status.looks == "off"


async def test_while_there_is_no_room_to_look_at_nobody_asks_for_one(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    claim = LookTransaction.claim

    async def noted(self: LookTransaction, token: str, limit: int, lasts_s: float) -> object:
        asked.append(token)
        return await claim(self, token, limit, lasts_s)

    monkeypatch.setattr(LookTransaction, "claim", noted)
    async with open_app(Settings(database_url=sqlite_url, max_token="t")) as app:
        looking = asyncio.ensure_future(keep_looking(app, looking_of(app), "max"))
        await asyncio.sleep(2)
        app.stopping.set()
        await looking
    assert asked == ["max"]
