"""The acts that change members and their roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sync.acts.act import Act
from sync.acts.effects import Ask, Effects, Observation, observing, refusal
from sync.ids import NO_PERSON, AccountId
from sync.places import ADMIN, MEMBER, OUT
from sync.platform import CHAT_FULL, Platform, Refusal
from sync.room import AGAIN, REMOVALS, RoomWork, fold

FIRST_S, LONGEST_S = 60.0, 3600.0  # until a removal that was refused is tried again


@dataclass(frozen=True, slots=True)
class AddMembers(Act[Mapping[AccountId, Refusal]]):
    """Adds accounts as members. Some may be refused, for good or for now; then the others are in."""

    name: ClassVar[str] = "add"

    async def send(self, platform: Platform, room: RoomWork) -> Mapping[AccountId, Refusal]:
        return await platform.add_members(room.chat, self.accounts)

    def confirmed(self, room: RoomWork, answer: Mapping[AccountId, Refusal]) -> Effects:
        observed = dict.fromkeys(self.accounts, Observation(MEMBER))
        for account, no in answer.items():
            for_good = no.for_good and not (no.code == CHAT_FULL and _seat_comes_free(room))
            observed[account] = refusal(room, account, no.code) if for_good else Observation(OUT)
        effects = observing(room, observed)
        effects.answer = ", ".join(sorted({no.code for no in answer.values()})) or "ok"
        return effects


def _seat_comes_free(room: RoomWork) -> bool:
    """Whether somebody is to be removed, so that a full chat will have room again."""
    return any(account.to_remove for account in fold(room.places))


@dataclass(frozen=True, slots=True)
class GrantAdmin(Act[None]):
    name: ClassVar[str] = "grant"

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.grant_admin(room.chat, self.accounts)

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return observing(room, dict.fromkeys(self.accounts, Observation(ADMIN)))


@dataclass(frozen=True, slots=True)
class RevokeAdmin(Act[None]):
    """Of one account."""

    name: ClassVar[str] = "revoke"

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.revoke_admin(room.chat, self.accounts[0])

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        return observing(room, dict.fromkeys(self.accounts, Observation(MEMBER)))


@dataclass(frozen=True, slots=True)
class RemoveMember(Act[None]):
    """Of one account."""

    name: ClassVar[str] = "remove"
    grade: int = REMOVALS

    async def send(self, platform: Platform, room: RoomWork) -> None:
        await platform.remove_member(room.chat, self.accounts[0])

    def confirmed(self, room: RoomWork, answer: None) -> Effects:  # noqa: ARG002 - a success says no more
        effects = observing(room, dict.fromkeys(self.accounts, Observation(OUT)))
        effects.settled = self._again(room)
        return effects

    def refused(self, room: RoomWork, code: str) -> Effects:
        """A refused removal is retried after minutes, then ever more slowly; it does not wait for the night, as a
        refused add does, because the person is where they should not be.
        """
        effects = Act.refused(self, room, code)
        in_s = min(LONGEST_S, FIRST_S * 2.0 ** min(room.attempts, 12))
        persons = {place.account: place.person_id for place in room.places}
        effects.settled = self._again(room)
        effects.asks += [Ask(account, persons.get(account, NO_PERSON), AGAIN, in_s) for account in self.accounts]
        return effects

    def _again(self, room: RoomWork) -> tuple[AccountId, ...]:
        return tuple(account for account in self.accounts if room.removed_again(account))
