"""The act that tells the people of a chat where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sync.acts.act import Act
from sync.acts.effects import Effects
from sync.errors import Failure, PlatformError
from sync.platform import Capabilities, Platform
from sync.room import REMOVALS, RoomWork

FOR_GOOD = frozenset({Failure.REFUSED, Failure.NEEDS_PERSON})


@dataclass(frozen=True, slots=True)
class TellMove(Act[str]):
    """Tells once that the chat has moved. What nobody knows, and what we may not write, is not written again: those who
    have an account there are in the new chat already.
    """

    name: ClassVar[str] = "tell"
    grade: int = REMOVALS

    async def send(self, platform: Platform, room: RoomWork) -> str:
        """Gives `ok`, or the code of what keeps us from writing."""
        assert room.successor is not None  # noqa: S101 - else nothing is told
        try:
            await platform.write_message(room.chat, room.successor.told())
        except PlatformError as error:
            if error.failure in FOR_GOOD:
                return error.code
            raise
        return "ok"

    def confirmed(self, room: RoomWork, answer: str) -> Effects:
        return Effects(room=_told(room), answer=answer)

    def doubted(self, room: RoomWork) -> Effects:
        return Effects(room=_told(room))


def _told(room: RoomWork) -> dict[str, int | None]:
    return {"told_for": None if room.successor is None else room.successor.room_no}


def to_tell(room: RoomWork, can: Capabilities) -> bool:
    """Whether its people are to be told first where it goes."""
    return room.successor is not None and can.writes and room.is_open
