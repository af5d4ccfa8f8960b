"""What all acts have in common. Pure, but for what `send` is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from sync.acts.effects import Effects, Observation, observing, refusal
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import GONE, NEEDS_PERSON, UNKNOWN
from sync.platform import Platform
from sync.rights import lacking
from sync.room import CHANGES, Call, RoomWork

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Act(ABC, Generic[Answer]):
    """One thing to ask of the platform about a room: of some accounts, or of the chat itself.

    `name` is how it is stored and shown. `writes`: it changes something there, so it is noted before it is sent.
    `paces_itself`: it takes the right to each of its requests by itself.
    """

    name: ClassVar[str]
    writes: ClassVar[bool] = True
    paces_itself: ClassVar[bool] = False

    accounts: tuple[AccountId, ...] = ()
    grade: int = CHANGES

    @abstractmethod
    async def send(self, platform: Platform, room: RoomWork) -> Answer:
        """Asks the platform. Raises PlatformError."""

    @abstractmethod
    def confirmed(self, room: RoomWork, answer: Answer) -> Effects:
        """What a confirmed answer says."""

    def doubted(self, room: RoomWork) -> Effects:
        """The effects of an unconfirmed act: everything it concerns is unknown."""
        if not self.writes:
            return Effects()
        persons = {place.account: place.person_id for place in room.places if place.account in self.accounts}
        return Effects(observed=dict.fromkeys(self.accounts, Observation(UNKNOWN)), persons=persons)

    def refused(self, room: RoomWork, code: str) -> Effects:
        """The effects of a permanent refusal: recorded with the place, where only one account is concerned."""
        if not self.writes or len(self.accounts) != 1:
            return Effects()
        [account] = self.accounts
        return observing(room, {account: refusal(room, account, code)})

    def failed(self, room: RoomWork, error: PlatformError) -> Effects:
        """The effects of a failure: unknown places if it is unconfirmed, a refusal if it is permanent, else none."""
        effects = self._failed(room, error)
        effects.answer = error.code
        return effects

    def _failed(self, room: RoomWork, error: PlatformError) -> Effects:
        match error.failure:
            case Failure.UNCONFIRMED:
                return self.doubted(room)
            case Failure.REFUSED:
                return self.refused(room, error.code)
            case Failure.GONE:
                return Effects(room={"observed_life": GONE}, gone=True)
            case Failure.NEEDS_PERSON:
                return Effects(room={"observed_life": NEEDS_PERSON, "lacks": lacking(error.code)})
        return Effects()

    def noted(self, room: RoomWork) -> Call:
        """The act as stored while it may be in flight: its accounts, each with a person concerned."""
        own = {place.account: place.person_id for place in room.places if place.account in self.accounts}
        return Call(self.name, own)


AnyAct = Act[Any]
