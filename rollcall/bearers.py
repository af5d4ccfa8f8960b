"""Bearers of tokens: tokens in the database, and the one from the settings for the first day; and the audit of their
use.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from adapters.database.audit import begin_entry, end_entry
from adapters.database.store import Database
from adapters.database.tokens import ApiToken, find_token, note_use
from adapters.web.dependencies import ACCOUNTS, EVENTS, OPERATE, READ, Grant
from sync.errors import StoreUnavailable

EVERYTHING = Grant(frozenset({EVENTS, ACCOUNTS, READ, OPERATE}), None, token_id="ADMIN_TOKEN")  # noqa: S106 - its name


@dataclass(frozen=True, slots=True)
class Bearers:
    """Checks tokens. Revoked and expired ones are refused from the next request on."""

    database: Database
    admin_token: SecretStr | None
    now: Callable[[], datetime]

    async def __call__(self, token: str) -> Grant | None:
        """What a token grants; None of an unknown one. Raises StoreUnavailable."""
        if self._is_admin(token):
            return EVERYTHING
        async with self.database.reading() as connection:
            found = await find_token(connection, token, self.now())
        if found is None:
            return None
        await self._note(found)
        return Grant(frozenset(found.scopes), frozenset(found.organisations) or None, found.sources, found.id)

    async def _note(self, found: ApiToken) -> None:
        now = self.now()
        if not found.use_to_be_noted(now):
            return
        with contextlib.suppress(StoreUnavailable):  # a request that only reads is answered all the same
            async with self.database.writing() as connection:
                await note_use(connection, found.id, now)

    def _is_admin(self, token: str) -> bool:
        if self.admin_token is None:
            return False
        return hmac.compare_digest(self.admin_token.get_secret_value().encode(), token.encode())


@dataclass(frozen=True, slots=True)
class Audit:
    """Records the use of tokens, each time in a transaction of its own."""

    database: Database
    now: Callable[[], datetime]

    async def begin(self, token_id: str, request: str, reason: str | None = None) -> int:
        async with self.database.writing() as connection:
            return await begin_entry(connection, token_id, request, self.now(), reason)

    async def end(self, entry_no: int, status: int, outcomes: Mapping[str, int] | None) -> None:
        async with self.database.writing() as connection:
            await end_entry(connection, entry_no, status, outcomes)
