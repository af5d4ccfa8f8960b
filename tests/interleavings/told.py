"""What is told, event by event, and kept whole: for the road to take, and for the oracle to compare with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests import oracle
from tests.road import START, Road

Event = dict[str, Any]


@dataclass
class Told:
    """All events told so far, each a second later than the one before unless `at` says when."""

    events: list[Event] = field(default_factory=list)

    def school(self, type_: str, organisation_id: str = "school", **more: Any) -> Event:
        return self._tell(f"school.{type_}.v1", {"organisation_id": organisation_id}, **more)

    def account(self, type_: str, person_id: str, external_user_id: str | None = None, **more: Any) -> Event:
        named = {} if external_user_id is None else {"external_user_id": external_user_id}
        return self._tell(f"account.{type_}.v1", {"person_id": person_id, "provider": "max"} | named, **more)

    def _tell(
        self, type_: str, of: Event, *, at: datetime | None = None, source: str = "sis", event_id: str = "", **data: Any
    ) -> Event:
        number = len(self.events)
        event = {
            "specversion": "1.0",
            "id": event_id or f"event-{number}",
            "source": source,
            "type": type_,
            "time": (at or START - timedelta(days=1) + timedelta(seconds=number)).isoformat(),
            "data": of | data,
        }
        self.events.append(event)
        return event

    def members(self, school: str, day: date) -> dict[str, dict[str, str]]:
        """The accounts that should stand in each open chat of a school; chats for nobody are not in it."""
        chats = oracle.members(self.events, school, day, "max")
        return {chat_id: members for chat_id, members in chats.items() if members}


async def shown(road: Road, *schools: str) -> dict[str, dict[str, str]]:
    """Who the platform shows in each chat that somebody is in: of these schools, or of all."""
    return {chat_id: members for chat_id, members in (await road.members(*schools)).items() if members}
