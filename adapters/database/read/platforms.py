"""What the platform accounts can do, as far as readers ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.schema import platform_tokens
from sync.membership_states import needs_person
from sync.places import Room
from sync.platform import Capabilities

ALL_CAN = Capabilities(makes_chats=True, archives_chats=True, add_at_once=1, admins_at_once=1, read_at_once=1)


@dataclass(frozen=True, slots=True)
class Platforms:
    """By the name of their token; one that is not named can do all. `looks`: whether rooms are looked at. The
    capabilities that the running service stored take precedence over a command's own settings.
    """

    named: Mapping[str, Capabilities] = field(default_factory=dict)
    looks: str = "on"

    async def as_served(self, bulk: Bulk) -> Platforms:
        """The capabilities as stored by the settling process; where there are none, as given."""
        own = platform_tokens.c
        rows = await bulk.fetch(select(own.token, own.capabilities).where(own.capabilities.is_not(None)))
        if not rows:
            return self
        looks = {row.capabilities.get("looks", "on") for row in rows}
        return Platforms({row.token: _read(row.capabilities) for row in rows}, "off" if looks == {"off"} else "on")

    def of(self, token: str) -> Capabilities:
        return self.named.get(token, ALL_CAN)

    @property
    def without_making(self) -> list[str]:
        """The tokens that make no chats: people make them, and hand them over."""
        return sorted(token for token, can in self.named.items() if not can.makes_chats)

    def stuck(self, room: Room, token: str) -> bool:
        """Whether a room waits for a person."""
        return needs_person(room, makes_chats=self.of(token).makes_chats)


def _read(noted: Mapping[str, Any]) -> Capabilities:
    """Fields stored by another version are ignored."""
    known = {field.name for field in fields(Capabilities)}
    return Capabilities(**{name: value for name, value in noted.items() if name in known})
