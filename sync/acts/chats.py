"""The acts that make, name and close a chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sync.acts.act import Act
from sync.acts.effects import Ask, Effects
from sync.ids import NO_PERSON
from sync.places import ARCHIVED, OPEN, UNKNOWN
from sync.platform import Platform
from sync.room import ITSELF, RoomWork

IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class CreateChat(Act[str]):
    """Create the chat, empty. Repeated with the same nonce it returns the same chat."""

    name: ClassVar[str] = "create"
    title: str = ""

    async def send(self, platform: Platform, room: RoomWork) -> str:
        return await platform.create_chat(self.title, room.nonce)

    def confirmed(self, room: RoomWork, answer: str) -> Effects:  # noqa: ARG002 - it says all by itself
        return Effects(room={"external_chat_id": answer, "observed_life": OPEN, "observed_title": self.title})

    def doubted(self, room: RoomWork) -> Effects:
        """Create it again, unless somebody has done so since: then look at that chat."""
        if room.external_chat_id is None:
            return Effects(room={"observed_life": UNKNOWN})
        return Effects(asks=[Ask(ITSELF, NO_PERSON, IN_DOUBT)])


@dataclass(frozen=True, slots=True)
class SetTitle(Act[None]):
    name: ClassVar[str] = "rename"
    title: str = ""

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.rename_chat(room.chat, self.title)

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return Effects(room={"observed_title": self.title})

    def doubted(self, room: RoomWork) -> Effects:  # noqa: ARG002 - whatever it was
        return Effects(room={"observed_title": None})


@dataclass(frozen=True, slots=True)
class Archive(Act[None]):
    name: ClassVar[str] = "archive"

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.archive_chat(room.chat, room.wanted_title)

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return Effects(room={"observed_life": ARCHIVED})

    def doubted(self, room: RoomWork) -> Effects:  # noqa: ARG002 - whatever it was
        return Effects(room={"observed_life": UNKNOWN})
