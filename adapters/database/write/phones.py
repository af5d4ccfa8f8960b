"""Phones, which are kept no longer than the links they belong to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from adapters.database.bulk import Bulk
from adapters.database.schema import link_requests, phones
from sync.ids import AccountId, PersonId
from sync.linking.request import SAID

MAX = "max"  # requests are of MAX alone
EMPTY = ("request_no", "phase", "phone_digest", "key_id", "phone", "start", "account", "code")

Linked = Mapping[tuple[PersonId, str], Collection[AccountId]]
"""What persons are linked to, by person and provider."""


class PhoneTables:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def forget_others(self, linked: Linked) -> None:
        """Erases the phones of all other accounts than these, and the requests by which those were linked."""
        kept = await self._bulk.matching(phones, ("person_id", "provider"), linked.keys())
        gone = [row[:2] for row in kept if row.account not in linked[row.person_id, row.provider]]
        await self._bulk.delete(phones, ("person_id", "provider"), gone)
        of_max = [(person,) for person, provider in linked if provider == MAX]
        asked = await self._bulk.matching(link_requests, ("person_id",), of_max)
        over = [
            (row.person_id, *[None for _ in EMPTY])
            for row in asked
            if row.phase in SAID and row.account not in linked[row.person_id, MAX]
        ]
        await self._bulk.update(link_requests, ("person_id",), EMPTY, over)
