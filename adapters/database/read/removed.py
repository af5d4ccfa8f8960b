"""What a person was taken out of on the platform, and by which event."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.read.rooms import Chat
from adapters.database.schema import changes
from sync.ids import EventNo, OrganisationId, PersonId

REMOVED = "removed"


class Removed:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def of_person(self, person_id: PersonId, schools: Collection[OrganisationId]) -> Mapping[Chat, EventNo]:
        """The number of the event, by chat, where the last recorded change is the removal."""
        keys = [(school, person_id) for school in schools]
        last: dict[Chat, Any] = {}
        for row in await self._bulk.matching(changes, ("organisation_id", "person_id"), keys):
            chat = row.organisation_id, row.chat_id
            if chat not in last or last[chat].change_no < row.change_no:
                last[chat] = row
        return {chat: row.cause_no for chat, row in last.items() if row.action == REMOVED}
