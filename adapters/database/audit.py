"""The audit: what was done with each token, written down before it is done and again when it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.schema import api_tokens, audit

ADDRESS_KEPT = 1024  # characters; an id in a path has up to 160, three bytes of two digits each


@dataclass(frozen=True, slots=True)
class Entry:
    """One request that may change something, or an operator's command. `status` is null while it is answered, and if
    nobody answered it; `reason` as whoever asked gave it.
    """

    no: int
    token_id: str
    at: datetime
    request: str
    status: int | None
    outcomes: Mapping[str, int] | None
    reason: str | None = None


async def begin_entry(
    connection: AsyncConnection, token_id: str, request: str, now: datetime, reason: str | None = None
) -> int:
    """Record the start of a request, and with it a use of its token. Return the entry's number."""
    await connection.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(last_used_at=now))
    values = {"token_id": token_id, "at": now, "request": request[:ADDRESS_KEPT], "reason": reason}
    return int((await connection.execute(insert(audit).values(values).returning(audit.c.no))).scalar_one())


async def end_entry(connection: AsyncConnection, no: int, status: int, outcomes: Mapping[str, int] | None) -> None:
    """Record the answer to a request; `outcomes` counts its events by outcome."""
    ended = update(audit).where(audit.c.no == no)
    await connection.execute(ended.values(status=status, outcomes=None if outcomes is None else dict(outcomes)))


async def latest_entries(connection: AsyncConnection, token_id: str | None, limit: int) -> Sequence[Entry]:
    """The latest requests, of one token or of all, the latest last."""
    chosen = select(audit).order_by(audit.c.no.desc()).limit(limit)
    if token_id is not None:
        chosen = chosen.where(audit.c.token_id == token_id)
    return [Entry(*row) for row in reversed((await connection.execute(chosen)).fetchall())]
