"""The acts that only look: at the chat, or at some accounts in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sync.acts.act import Act
from sync.acts.effects import Effects, Observation, observing
from sync.errors import PlatformError
from sync.ids import AccountId
from sync.places import ARCHIVED, GONE, IN, OPEN, OUT
from sync.platform import ChatSeen, Platform
from sync.rights import told
from sync.room import ITSELF, RoomWork


@dataclass(frozen=True, slots=True)
class Look(Act[ChatSeen]):
    """Looks at the chat itself: whether we may do anything there, its title, the link to come in by."""

    name: ClassVar[str] = "look"
    writes: ClassVar[bool] = False
    paces_itself: ClassVar[bool] = True

    async def send(self, platform: Platform, room: RoomWork) -> ChatSeen:
        return await platform.read_chat(room.chat)

    def confirmed(self, room: RoomWork, answer: ChatSeen) -> Effects:
        """A chat that somebody else has closed counts as gone."""
        ours = room.wanted_life == ARCHIVED
        closed = ARCHIVED if ours else GONE
        life = closed if answer.is_archived(believed=ours) else OPEN
        seen = {"observed_life": life, "observed_title": answer.title, "invite_link": answer.link or ""}
        return Effects(room=seen | {"lacks": told(answer.lacks)}, settled=(ITSELF,))

    def failed(self, room: RoomWork, error: PlatformError) -> Effects:
        """A missing right, or a chat that is gone, is an answer to this act."""
        effects = Act.failed(self, room, error)
        effects.settled = (ITSELF,) if effects.room else ()
        return effects


@dataclass(frozen=True, slots=True)
class ReadBack(Act[Mapping[AccountId, str]]):
    """Read the roles of accounts. Only this act detects that somebody left by themselves."""

    name: ClassVar[str] = "read"
    writes: ClassVar[bool] = False

    async def send(self, platform: Platform, room: RoomWork) -> Mapping[AccountId, str]:
        return await platform.read_members(room.chat, self.accounts)

    def confirmed(self, room: RoomWork, answer: Mapping[AccountId, str]) -> Effects:
        effects = observing(room, {account: Observation(answer.get(account, OUT)) for account in self.accounts})
        effects.persons = {account: person for account, (person, _) in room.read_backs.items() if person}
        effects.settled = self.accounts
        # A late update keeps nobody out, nor does leaving by an account that is to go: another may be linked.
        believed_in = {place.account for place in room.places if place.observed != OUT and place.wanted in IN}
        effects.left = [
            account
            for account, (_, why) in room.read_backs.items()
            if why == "left" and account in self.accounts and account not in answer and account in believed_in
        ]
        came = [place for place in room.places if place.observed == OUT and place.account in answer]
        effects.back = [place.account for place in came if place.has_left]
        effects.returned = [place.account for place in came if place.wanted == OUT and not place.stays]
        return effects
