"""People's sessions: opened once by what was signed, and found by what the browser shows."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.schema import person_sessions, used_hand_overs
from sync.entering import Entry, Session
from sync.ids import OrganisationId, PersonId


async def use_hand_over(connection: AsyncConnection, iss: str, jti: str, expires_at: datetime) -> bool:
    """Notes that what was signed is used; False where it was before."""
    used = [(iss, jti, expires_at)]
    columns = ("iss", "jti", "expires_at")
    return bool(await Bulk(connection).insert(used_hand_overs, columns, used, returning=("jti",)))


async def begin_session(connection: AsyncConnection, entry: Entry, now: datetime) -> str:
    """Opens a session; gives what the browser is to show, this once."""
    shown = secrets.token_urlsafe(32)
    await connection.execute(
        insert(person_sessions).values(
            digest=_digest(shown),
            iss=entry.iss,
            person_id=entry.person_id,
            organisation_id=entry.organisation_id,
            role=entry.role,
            page=entry.page,
            return_url=entry.return_url,
            began_at=now,
            used_at=now,
        )
    )
    return shown


async def find_session(connection: AsyncConnection, shown: str, now: datetime) -> Session | None:
    """The session, unless it is over."""
    row = (await connection.execute(select(person_sessions).where(person_sessions.c.digest == _digest(shown)))).first()
    session = _session(row) if row is not None else None
    return session if session is not None and session.good(now) else None


async def note_session(connection: AsyncConnection, session_id: str, now: datetime) -> None:
    """Writes down that a session is used."""
    of = person_sessions.c
    await connection.execute(
        update(person_sessions).where(of.digest == session_id, of.used_at < now).values(used_at=now)
    )


async def end_session(connection: AsyncConnection, shown: str) -> None:
    await connection.execute(delete(person_sessions).where(person_sessions.c.digest == _digest(shown)))


def _session(row: Any) -> Session:
    entry = Entry(
        row.iss, PersonId(row.person_id), OrganisationId(row.organisation_id), row.role, row.page, row.return_url
    )
    return Session(row.digest, entry, row.began_at, row.used_at)


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()  # 256 bits of chance need neither salt nor a slow hash
