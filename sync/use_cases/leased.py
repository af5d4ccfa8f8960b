"""One room under its lease: what its calls came to, and what that leaves to be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sync.answers import Effects, Observation
from sync.errors import Failure, PlatformError
from sync.places import NEEDS_PERSON, OUT
from sync.platform import Capabilities
from sync.ports.settling import Release
from sync.room import LISTING, REMOVALS, Act, RoomWork, Step
from sync.steps import next_step

FAILURES_A_LEASE = 2  # after so many unconfirmed calls the platform is left alone for a while
RIGHTS_RETRY_S = 3600.0  # where a person is needed: not every platform tells that they gave the rights back
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 3600.0
LIST_AFTER_S = 5.0  # a changed room is looked at as a whole this much later, when nothing else is to be done


@dataclass(slots=True)
class Leased:
    """`renewed_at`: since when the lease is known to run, by this process's clock. `sent`: the noted call may be on its
    way; before, it waits for the right to be made.
    """

    room: RoomWork
    can: Capabilities
    renewed_at: float
    sent: bool = False
    skip: frozenset[str | Act] = frozenset()
    lacking: bool = False  # a right in this room
    at_most: int | None = None
    failures: int = 0
    retry_in_s: float | None = None
    pause_s: float | None = None  # for all rooms of the token

    def next(self) -> Step | None:
        if self.retry_in_s is not None:
            return None
        return next_step(self.room, self.can, skip=self.skip, at_most=self.at_most)

    def gives_way(self, step: Step, done: Step | None) -> bool:
        """Ordinary removals are claimed anew: the adds of the same plan, in other rooms, go first. So are listings, and
        each one: two that differ from what is read back between them would else follow each other for ever.
        """
        if step.act is Act.LIST and done is not None:
            return True
        return step.grade >= REMOVALS and self.room.grade < step.grade

    def lacks_right(self, step: Step | None) -> bool:
        """Whether all that is left to do needs a right that a person has to give back."""
        return self.lacking and self.retry_in_s is None and (step is None or step.act is Act.LIST)

    def release(self, step: Step | None) -> Release:
        """How the lease ends before `step`; without one, after all that could be done now."""
        if self.lacks_right(step):
            return Release(self.room, self.room.grade, RIGHTS_RETRY_S)
        if step is not None:
            return Release(self.room, step.grade, LIST_AFTER_S if step.grade == LISTING else 0.0)
        if self.retry_in_s is None and not self.skip:
            return Release(self.room, None, None)
        again = next_step(self.room, self.can)
        wait = self._backoff() if self.retry_in_s is None else self.retry_in_s
        return Release(self.room, again.grade if again else self.room.grade, wait)

    def _backoff(self) -> float:
        return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(self.room.attempts, 12))

    def learn(self, step: Step, effects: Effects) -> None:
        """Who was not added this time, and not refused for good, waits for the next lease."""
        if step.act is Act.ADD:
            self.skip |= {account for account, seen in effects.observed.items() if seen == Observation(OUT)}

    def heed(self, error: PlatformError, step: Step) -> None:
        """Whether this lease goes on after a failure, and with what."""
        self.failures += 1
        match error.failure:
            case Failure.REFUSED if len(step.accounts) > 1:
                self.at_most = len(step.accounts) // 2  # whoever of them it is, the others are not to suffer
            case Failure.REFUSED if not step.accounts:
                self.skip |= {step.act}  # a title that the platform will not have keeps nobody out
            case Failure.REFUSED if not step.writes:
                self.skip |= set(step.accounts)
            case Failure.REFUSED:
                pass  # noted with the place
            case Failure.GONE:
                pass  # noted with the room
            case Failure.NEEDS_PERSON if step.writes:
                # A look tells whether it is this right alone: then the rest goes on, but what cannot be undone.
                self.skip |= {step.act, Act.ARCHIVE}
                self.lacking = True
            case Failure.NEEDS_PERSON:
                self.retry_in_s = RIGHTS_RETRY_S
            case Failure.UNCONFIRMED if self.failures < FAILURES_A_LEASE:
                pass  # read back at once
            case _:
                self.retry_in_s = self._backoff() if error.retry_after_s is None else error.retry_after_s
        if error.failure in {Failure.BUSY, Failure.CREDENTIALS}:
            self.pause_s = self.retry_in_s  # a limit, an outage, a token refused: it is the same for every room


NEEDS_A_PERSON = Effects(room={"observed_life": NEEDS_PERSON}, answer="")
