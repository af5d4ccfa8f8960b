"""The acts that say who is in a chat, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sync.acts.act import Act
from sync.acts.effects import Effects, Observation, observing, refusal
from sync.places import ADMIN, MEMBER, OUT
from sync.platform import Platform, Refusal
from sync.room import REMOVALS, RoomWork


@dataclass(frozen=True, slots=True)
class AddMembers(Act[Mapping[str, Refusal]]):
    """Adds accounts as members. Some may be refused, for good or for now; then the others are in."""

    word: ClassVar[str] = "add"

    async def send(self, platform: Platform, room: RoomWork) -> Mapping[str, Refusal]:
        return await platform.add_members(room.chat, self.accounts)

    def confirmed(self, room: RoomWork, answer: Mapping[str, Refusal]) -> Effects:
        observed = dict.fromkeys(self.accounts, Observation(MEMBER))
        for account, no in answer.items():
            observed[account] = refusal(room, account, no.code) if no.for_good else Observation(OUT)
        effects = observing(room, observed)
        effects.answer = ", ".join(sorted({no.code for no in answer.values()})) or "ok"
        return effects


@dataclass(frozen=True, slots=True)
class GrantAdmin(Act[None]):
    word: ClassVar[str] = "grant"

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.grant_admin(room.chat, self.accounts)

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return observing(room, dict.fromkeys(self.accounts, Observation(ADMIN)))


@dataclass(frozen=True, slots=True)
class RevokeAdmin(Act[None]):
    """Of one account."""

    word: ClassVar[str] = "revoke"

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.revoke_admin(room.chat, self.accounts[0])

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return observing(room, dict.fromkeys(self.accounts, Observation(MEMBER)))


@dataclass(frozen=True, slots=True)
class RemoveMember(Act[None]):
    """Of one account."""

    word: ClassVar[str] = "remove"
    grade: int = REMOVALS

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.remove_member(room.chat, self.accounts[0])

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return observing(room, dict.fromkeys(self.accounts, Observation(OUT)))
