"""API tokens: the secret is shown once, when it is made; what is kept is its digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.tables import api_tokens

MARK = "rollcall_"  # so that a scanner of repositories knows one when it sees it


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a token may do. Without organisations it is one for all of them."""

    id: str
    name: str
    scopes: Sequence[str]
    organisations: Sequence[str]
    made_at: datetime
    revoked_at: datetime | None


async def create_token(
    connection: AsyncConnection, name: str, scopes: Sequence[str], organisations: Sequence[str], now: datetime
) -> tuple[str, str]:
    """Makes a token; gives its id, and itself for the only time."""
    token_id, token = secrets.token_hex(6), MARK + secrets.token_urlsafe(32)
    await connection.execute(
        insert(api_tokens).values(
            id=token_id,
            name=name,
            digest=_digest(token),
            scopes=sorted(set(scopes)),
            organisations=sorted(set(organisations)),
            made_at=now,
        )
    )
    return token_id, token


async def list_tokens(connection: AsyncConnection) -> list[ApiToken]:
    """All tokens, revoked ones included, the oldest first."""
    rows = await connection.execute(select(*_SHOWN).order_by(api_tokens.c.made_at, api_tokens.c.id))
    return [ApiToken(*row) for row in rows]


async def find_token(connection: AsyncConnection, token: str) -> ApiToken | None:
    """The token by its secret, unless it was revoked."""
    found = select(*_SHOWN).where(api_tokens.c.digest == _digest(token), api_tokens.c.revoked_at.is_(None))
    row = (await connection.execute(found)).first()
    return ApiToken(*row) if row is not None else None


async def revoke_token(connection: AsyncConnection, token_id: str, now: datetime) -> bool:
    """Ends a token from now on; False where there is none with this id, or it was revoked before."""
    standing = (api_tokens.c.id == token_id) & api_tokens.c.revoked_at.is_(None)
    result = await connection.execute(update(api_tokens).where(standing).values(revoked_at=now))
    return result.rowcount == 1


_SHOWN = [api_tokens.c[name] for name in ("id", "name", "scopes", "organisations", "made_at", "revoked_at")]


def _digest(token: str) -> str:
    # The token has 256 bits of chance: no salt and no slow hash would make it harder to guess.
    return hashlib.sha256(token.encode()).hexdigest()
