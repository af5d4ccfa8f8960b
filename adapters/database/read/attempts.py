"""What was tried on the platform for a person, chat by chat."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.read.accounts import Accounts
from adapters.database.read.rooms import ROOMS_AT_ONCE, Chat
from adapters.database.schema import calls, rooms
from sync.ids import PersonId
from sync.views.explanation import AttemptView

DONE = "ok"
ATTEMPTS_SHOWN = 50  # of a chat, the latest


class Attempts:
    def __init__(self, bulk: Bulk, accounts: Accounts) -> None:
        self._bulk, self._accounts = bulk, accounts

    async def of_person(self, person_id: PersonId, chats: Collection[Chat]) -> Mapping[Chat, Sequence[AttemptView]]:
        """The calls in all rooms of these chats about any account the person had there, and the failed calls about the
        room itself, without which nobody can join; the latest last.
        """
        own = await self._accounts.ever_of(person_id, frozenset(school for school, _ in chats))
        found = await self._bulk.matching(rooms, ("organisation_id", "chat_id"), chats)
        chat_of = {row.room_no: (row.organisation_id, row.chat_id) for row in found}
        tried: dict[Chat, list[AttemptView]] = {}
        async for numbers in portions(sorted(chat_of), ROOMS_AT_ONCE):
            made = await self._bulk.matching(calls, ("room_no",), [(number,) for number in numbers])
            for row in sorted(made, key=lambda row: row.call_no):
                if own.intersection(row.accounts) or (not row.accounts and row.answer != DONE):
                    attempt = AttemptView(row.at, row.action, row.answer)
                    tried.setdefault(chat_of[row.room_no], []).append(attempt)
        return {chat: attempts[-ATTEMPTS_SHOWN:] for chat, attempts in tried.items()}
