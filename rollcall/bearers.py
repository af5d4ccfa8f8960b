"""Who bears a token: those in the database, and the one from the settings for the first day."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.database.store import Database
from adapters.database.tokens import find_token
from adapters.web.doors import ACCOUNTS, EVENTS, OPERATE, READ, Grant

EVERYTHING = Grant(frozenset({EVENTS, ACCOUNTS, READ, OPERATE}), None)


@dataclass(frozen=True, slots=True)
class Bearers:
    """Checks tokens. A revoked one is refused from the next request on."""

    database: Database
    admin_token: SecretStr | None

    async def __call__(self, token: str) -> Grant | None:
        """What a token grants; None of an unknown one. Raises StoreUnavailable."""
        if self._is_admin(token):
            return EVERYTHING
        async with self.database.reading() as connection:
            found = await find_token(connection, token)
        if found is None:
            return None
        return Grant(frozenset(found.scopes), frozenset(found.organisations) or None, found.sources)

    def _is_admin(self, token: str) -> bool:
        if self.admin_token is None:
            return False
        return hmac.compare_digest(self.admin_token.get_secret_value().encode(), token.encode())
