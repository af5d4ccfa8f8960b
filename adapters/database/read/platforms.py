"""What the platform accounts can do, as far as readers ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.places import Room
from sync.platform import Capabilities
from sync.standings import needs_person

ALL_CAN = Capabilities(makes_chats=True, archives_chats=True, add_at_once=1, admins_at_once=1, read_at_once=1)


@dataclass(frozen=True, slots=True)
class Platforms:
    """By the name of their token; one that is not named can do all."""

    named: Mapping[str, Capabilities] = field(default_factory=dict)

    def of(self, token: str) -> Capabilities:
        return self.named.get(token, ALL_CAN)

    @property
    def without_making(self) -> list[str]:
        """The tokens that make no chats: people make them, and hand them over."""
        return sorted(token for token, can in self.named.items() if not can.makes_chats)

    def stuck(self, room: Room, token: str) -> bool:
        """Whether a room waits for a person."""
        return needs_person(room, makes_chats=self.of(token).makes_chats)
