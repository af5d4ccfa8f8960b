"""How platform accounts are, and what they can do: whether they answer, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, case, func, or_, update

from adapters.database.bulk import Bulk
from adapters.database.schema import platform_tokens
from sync.account_health import Health
from sync.ids import AccountId
from sync.platform import Capabilities

NOTED = ("token", "state", "since", "last_error")


async def note(bulk: Bulk, healths: Mapping[str, Health], now: datetime) -> None:
    """Unchanged rows are not written."""
    await bulk.insert(platform_tokens, ("token",), [(token,) for token in sorted(healths)])
    data = [(token, health.state, now, health.error) for token, health in sorted(healths.items())]
    await bulk.ask(_noted, [platform_tokens.c[name] for name in NOTED], data)


async def note_capabilities(bulk: Bulk, capabilities: Mapping[str, Capabilities], looks: str) -> None:
    data = [(token, asdict(can) | {"looks": looks}) for token, can in sorted(capabilities.items())]
    await bulk.insert(platform_tokens, ("token", "capabilities"), data, update=("capabilities",))


async def note_own_account(bulk: Bulk, token: str, account: AccountId) -> None:
    await bulk.insert(platform_tokens, ("token", "own_account"), [(token, account)], update=("own_account",))


def _noted(given: FromClause) -> Any:
    """The last error is kept once the account is well again."""
    own = platform_tokens.c
    since = case((own.state == given.c.state, func.coalesce(own.since, given.c.since)), else_=given.c.since)
    error = func.coalesce(given.c.last_error, own.last_error)
    other = or_(own.state != given.c.state, own.since.is_(None), own.last_error.is_distinct_from(error))
    values = {"state": given.c.state, "since": since, "last_error": error}
    return update(platform_tokens).where(own.token == given.c.token, other).values(values)
