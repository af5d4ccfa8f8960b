"""Systems that may sign people in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.schema import issuers, person_sessions
from sync.entering import Issuer
from sync.ids import OrganisationId


async def put_issuer(connection: AsyncConnection, issuer: Issuer, now: datetime) -> bool:
    """Takes an issuer in; whether it took the place of one with this name, whose sessions are over then."""
    replaced = await remove_issuer(connection, issuer.iss)
    await connection.execute(
        insert(issuers).values(
            iss=issuer.iss,
            public_key=issuer.public_key,
            origins=list(issuer.origins),
            product=issuer.product,
            region=issuer.region,
            organisations=list(issuer.organisations),
            added_at=now,
        )
    )
    return replaced


async def remove_issuer(connection: AsyncConnection, iss: str) -> bool:
    """Ends an issuer and the sessions it began; False where there is none with this name."""
    await connection.execute(delete(person_sessions).where(person_sessions.c.iss == iss))
    return (await connection.execute(delete(issuers).where(issuers.c.iss == iss))).rowcount == 1


async def find_issuer(connection: AsyncConnection, iss: str) -> Issuer | None:
    row = (await connection.execute(select(issuers).where(issuers.c.iss == iss))).first()
    return _issuer(row) if row is not None else None


async def list_issuers(connection: AsyncConnection) -> list[Issuer]:
    """All issuers, by name."""
    return [_issuer(row) for row in await connection.execute(select(issuers).order_by(issuers.c.iss))]


def _issuer(row: Any) -> Issuer:
    organisations = [OrganisationId(each) for each in row.organisations]
    return Issuer(row.iss, row.public_key, row.origins, row.product, row.region, organisations)
