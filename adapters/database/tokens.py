"""API tokens: the secret is shown once, when it is made; what is kept is its digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.session import Session
from adapters.database.tables import account_words, api_tokens, sources, ties, touched
from sync.touched import PERSON

MARK = "rollcall_"  # so that a scanner of repositories knows one when it sees it


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a token may do. Without organisations it is one for all of them."""

    id: str
    name: str
    scopes: Sequence[str]
    organisations: Sequence[str]
    sources: Sequence[str]
    made_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new token is to be good for. `sources`: as whom it speaks; of a token of some schools they are bound to
    these.
    """

    name: str
    scopes: Sequence[str]
    organisations: Sequence[str] = ()
    sources: Sequence[str] = ()


class SourceTaken(ValueError):  # noqa: N818 - says what is wrong
    """A source belongs to another token, which was not revoked."""


async def create_token(connection: AsyncConnection, wanted: Wanted, now: datetime) -> tuple[str, str]:
    """Makes a token; gives its id, and itself for the only time.

    Raises:
        SourceTaken: nothing was made.
    """
    token_id, token = secrets.token_hex(6), MARK + secrets.token_urlsafe(32)
    if wanted.organisations:
        await _bind(connection, token_id, wanted, now)
    await connection.execute(
        insert(api_tokens).values(
            id=token_id,
            name=wanted.name,
            digest=_digest(token),
            scopes=sorted(set(wanted.scopes)),
            organisations=sorted(set(wanted.organisations)),
            sources=list(dict.fromkeys(wanted.sources)),
            made_at=now,
        )
    )
    return token_id, token


async def _bind(connection: AsyncConnection, token_id: str, wanted: Wanted, now: datetime) -> None:
    """From now on what the sources say of accounts counts in the token's schools alone, also what they said before."""
    session, keys = Session(connection), [(source,) for source in dict.fromkeys(wanted.sources)]
    bound = await session.matching(sources, ("source",), keys)
    owners = [(row.token_id,) for row in bound]
    standing = {row.id for row in await session.matching(api_tokens, ("id",), owners) if row.revoked_at is None}
    for row in bound:
        if row.token_id in standing:
            raise SourceTaken(f"the source {row.source} belongs to the token {row.token_id}")
    schools = sorted(set(wanted.organisations))
    columns = ("source", "token_id", "organisations")
    await session.insert(sources, columns, [(*key, token_id, schools) for key in keys], update=columns[1:])
    said = await session.matching(account_words, ("source",), keys)
    known = await session.matching(ties, ("person_id",), {(row.person_id,) for row in said})
    data = sorted((row.organisation_id, PERSON, row.person_id, 0, False, now) for row in known)
    of_touch = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
    await session.insert(touched, of_touch, data, update=("at",))


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


_SHOWN = [api_tokens.c[name] for name in ("id", "name", "scopes", "organisations", "sources", "made_at", "revoked_at")]


def _digest(token: str) -> str:
    # The token has 256 bits of chance: no salt and no slow hash would make it harder to guess.
    return hashlib.sha256(token.encode()).hexdigest()
