"""The room for which another one is left, and what is said of it there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sync.ids import RoomNo

NAMES = {"max": "MAX", "vk": "VK Мессенджер"}


@dataclass(frozen=True, slots=True)
class Successor:
    """The room for which another one is left. `link`: to come in by, where its chat has one."""

    room_no: RoomNo
    title: str
    platform: str
    link: str | None = None

    def told(self) -> str:
        """What the people of the room that is left are told."""
        where = f"Чат «{self.title}» переехал в {NAMES.get(self.platform, self.platform)}"
        return f"{where}: {self.link}" if self.link else f"{where}."
