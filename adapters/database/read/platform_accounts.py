"""How the platform accounts are that schools' chats are made by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.read.platforms import Platforms
from adapters.database.read.schools import of_schools
from adapters.database.schema import organisations, platform_tokens, rooms
from sync.account_health import OK, PAUSED
from sync.platform import token_name
from sync.views.registry import Schools
from sync.views.status import PlatformAccount


class PlatformAccounts:
    def __init__(self, bulk: Bulk, platforms: Platforms) -> None:
        self._bulk, self._platforms = bulk, platforms

    async def accounts(self, schools: Schools, now: datetime) -> list[PlatformAccount]:
        """Those that the schools use, by name; of all schools those that are set, too."""
        rows = {row.token: row for row in await self._bulk.fetch(select(platform_tokens))}
        names = await self._chosen(schools)
        names |= rows.keys() | self._platforms.named.keys() if schools is None else await self._made(schools)
        return [_account(name, rows.get(name), now) for name in sorted(names)]

    async def _chosen(self, schools: Schools) -> set[str]:
        chosen = select(organisations.c.platform, organisations.c.account).distinct()
        of_them = of_schools(chosen, organisations.c.organisation_id, schools)
        return {token_name(row.platform, row.account) for row in await self._bulk.fetch(of_them)}

    async def _made(self, schools: Schools) -> set[str]:
        """Chats stay where they were made."""
        made = select(rooms.c.platform_token).distinct()
        of_them = of_schools(made, rooms.c.organisation_id, schools)
        return {row.platform_token for row in await self._bulk.fetch(of_them)}


def _account(name: str, row: Any, now: datetime) -> PlatformAccount:
    """A pause is over by itself."""
    if row is None:
        return PlatformAccount(name, OK)
    paused_until = row.paused_until if row.paused_until is not None and row.paused_until > now else None
    state = OK if row.state == PAUSED and paused_until is None else row.state
    return PlatformAccount(name, state, row.since, paused_until, row.last_error)
