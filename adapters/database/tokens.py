"""API tokens: the secret is shown once, when it is made; what is kept is its digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.schema import account_assertions, affected, api_tokens, sources, ties
from sync.accounts import OURS, own_source
from sync.affected import PERSON
from sync.ids import OrganisationId

NOTED_EVERY = timedelta(minutes=1)

MARK = "rollcall_"  # so that secret scanners recognise one


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a token may do. Without organisations it is one for all of them."""

    id: str
    name: str
    scopes: Sequence[str]
    organisations: Sequence[OrganisationId]
    sources: Sequence[str]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def good(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def use_to_be_noted(self, now: datetime) -> bool:
        """Whether a use is worth recording: minutes are precise enough to find unused tokens."""
        return self.last_used_at is None or now - self.last_used_at >= NOTED_EVERY


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rights of a new token. `sources`: the sources it may speak as; those of a token for some schools are bound to
    these.
    """

    name: str
    scopes: Sequence[str]
    organisations: Sequence[OrganisationId] = ()
    sources: Sequence[str] = ()
    expires_at: datetime | None = None


class SourceTaken(ValueError):  # noqa: N818 - says what is wrong
    """The source is not available: it is our own, belongs to another valid token, or to other schools."""


async def create_token(connection: AsyncConnection, wanted: Wanted, now: datetime) -> tuple[str, str]:
    """Make a token. Return its id and, this once, its secret. Raises: SourceTaken: nothing was made."""
    token_id, token = secrets.token_hex(6), MARK + secrets.token_urlsafe(32)
    await _own(connection, wanted, now)
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
            expires_at=wanted.expires_at,
        )
    )
    return token_id, token


async def _own(connection: AsyncConnection, wanted: Wanted, now: datetime) -> None:
    """A source belongs to one token until that is revoked or expires, so that nobody uses up another's event ids."""
    for source in wanted.sources:
        if source == OURS or source.startswith(f"{OURS}/"):
            raise SourceTaken(f"the source {source} is Rollcall's own; name another one")
    for token in await list_tokens(connection):
        taken = set(token.sources).intersection(wanted.sources) if token.good(now) else ()
        for source in sorted(taken):
            raise SourceTaken(f"the source {source} belongs to the token {token.id}; revoke that one first")


async def _bind(connection: AsyncConnection, token_id: str, wanted: Wanted, now: datetime) -> None:
    """From now on what the sources say of accounts counts in the token's schools alone, also what they said before."""
    bulk, keys = Bulk(connection), [(source,) for source in dict.fromkeys(wanted.sources)]
    schools = sorted(set(wanted.organisations))
    for row in await bulk.matching(sources, ("source",), keys):
        if not set(row.organisations).intersection(
            schools
        ):  # its links would begin to count in schools they were never meant for
            raise SourceTaken(f"the source {row.source} has spoken for other schools; name another one")
    columns = ("source", "token_id", "organisations")
    bound = [(*key, token_id, schools) for key in (*keys, (own_source(token_id),))]
    await bulk.insert(sources, columns, bound, update=columns[1:])
    said = await bulk.matching(account_assertions, ("source",), keys)
    known = await bulk.matching(ties, ("person_id",), {(row.person_id,) for row in said})
    data = sorted((row.organisation_id, PERSON, row.person_id, 0, False, now) for row in known)
    of_affected = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
    await bulk.insert(affected, of_affected, data, update=("at",))


async def list_tokens(connection: AsyncConnection) -> list[ApiToken]:
    """All tokens, revoked ones included, the oldest first."""
    rows = await connection.execute(select(*_SHOWN).order_by(api_tokens.c.made_at, api_tokens.c.id))
    return [ApiToken(*row) for row in rows]


async def find_token(connection: AsyncConnection, token: str, now: datetime) -> ApiToken | None:
    """The token by its secret, unless it was revoked or has expired."""
    row = (await connection.execute(select(*_SHOWN).where(api_tokens.c.digest == _digest(token)))).first()
    found = ApiToken(*row) if row is not None else None
    return found if found is not None and found.good(now) else None


async def note_use(connection: AsyncConnection, token_id: str, now: datetime) -> None:
    """Writes down that a token is used."""
    stale = or_(api_tokens.c.last_used_at.is_(None), api_tokens.c.last_used_at < now)
    await connection.execute(update(api_tokens).where(api_tokens.c.id == token_id, stale).values(last_used_at=now))


async def revoke_token(connection: AsyncConnection, token_id: str, now: datetime) -> bool:
    """Revoke a token. Return False where there is none with this id, or it was revoked before."""
    standing = (api_tokens.c.id == token_id) & api_tokens.c.revoked_at.is_(None)
    result = await connection.execute(update(api_tokens).where(standing).values(revoked_at=now))
    return result.rowcount == 1


_SHOWN = [api_tokens.c[of.name] for of in fields(ApiToken)]


def _digest(token: str) -> str:
    # The token has 256 bits of chance: no salt and no slow hash would make it harder to guess.
    return hashlib.sha256(token.encode()).hexdigest()
