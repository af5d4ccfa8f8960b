"""One room under its lease: what its calls came to, and what that leaves to be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sync.acts.act import AnyAct
from sync.acts.chats import Archive
from sync.acts.effects import Effects, Observation
from sync.acts.left_out import NOTHING, LeftOut
from sync.acts.looks import ListMembers
from sync.acts.members import AddMembers
from sync.acts.next_act import next_act
from sync.errors import Failure, PlatformError
from sync.places import NEEDS_PERSON, OUT
from sync.platform import Capabilities
from sync.ports.settling import Release
from sync.room import LISTING, REMOVALS, RoomWork

UNANSWERED_A_LEASE = 4  # calls one after the other: then the platform is left alone for a while
RIGHTS_RETRY_S = 3600.0  # where a person is needed: not every platform tells that they gave the rights back
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 3600.0
LIST_AFTER_S = 5.0  # a changed room is looked at as a whole this much later, when nothing else is to be done

# A platform that asks for time gets it, but no header keeps an account still for a day, or has it asked without pause.
SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 900.0
PAUSES_S = {Failure.BUSY: 5.0, Failure.CREDENTIALS: 60.0}  # of the whole account, where the platform names no time


@dataclass(slots=True)
class Leased:
    """`renewed_at`: since when the lease is known to run, by this process's clock. `sent`: the noted call may be on its
    way; before, it waits for the right to be made. `over`: nothing more is tried under this lease.
    """

    room: RoomWork
    can: Capabilities
    renewed_at: float
    sent: bool = False
    left_out: LeftOut = NOTHING
    lacking: bool = False  # a right in this room
    unanswered: int = 0  # calls since the last answer
    failed: bool = False
    over: bool = False
    wait_s: float | None = None  # until the next lease, where the platform says so
    pause_s: float | None = None  # for all rooms of the token

    def next(self) -> AnyAct | None:
        return None if self.over else next_act(self.room, self.can, self.left_out)

    def gives_way(self, act: AnyAct, done: AnyAct | None) -> bool:
        """Ordinary removals are claimed anew: the adds of the same plan, in other rooms, go first. So are listings, and
        each one: two that differ from what is read back between them would else follow each other for ever.
        """
        if isinstance(act, ListMembers) and done is not None:
            return True
        return act.grade >= REMOVALS and self.room.grade < act.grade

    def lacks_right(self, act: AnyAct | None) -> bool:
        """Whether all that is left to do needs a right that a person has to give back."""
        return self.lacking and not self.over and (act is None or isinstance(act, ListMembers))

    def release(self, act: AnyAct | None) -> Release:
        """How the lease ends before `act`; without one, after all that could be done now."""
        if self.lacks_right(act):
            return Release(self.room, self.room.grade, RIGHTS_RETRY_S, self.room.attempts + 1)
        if act is not None and not (self.failed and act.grade == LISTING):  # what failed comes first, and slower
            return Release(self.room, act.grade, LIST_AFTER_S if act.grade == LISTING else 0.0, self._attempts())
        again = next_act(self.room, self.can)
        if again is None:
            return Release(self.room, None, None)
        return Release(
            self.room, again.grade, self._backoff() if self.wait_s is None else self.wait_s, self._attempts()
        )

    def _attempts(self) -> int:
        """A room's tries are those that failed of itself; what all rooms of its token met is a try, and no more."""
        if self.failed:
            return self.room.attempts + 1
        if self.pause_s is not None:
            return max(1, self.room.attempts)
        return self.room.attempts if self.over else 0

    def _backoff(self) -> float:
        return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(self.room.attempts, 12))

    def ran_out(self) -> None:
        """No slot came in time: the room is due again at once, as it was."""
        self.over, self.wait_s = True, 0.0

    def learn(self, act: AnyAct, effects: Effects) -> None:
        """Who was not added this time, and not refused for good, waits for the next lease."""
        self.unanswered = 0
        if isinstance(act, AddMembers):
            later = [account for account, seen in effects.observed.items() if seen == Observation(OUT)]
            if later:
                self._leave_out(self.left_out.without(act.word, *later))

    def heed(self, error: PlatformError, act: AnyAct) -> None:
        """What this lease goes on with after a failure: the act is left out, unless no other would fare better."""
        self.unanswered = self.unanswered + 1 if error.failure is Failure.UNCONFIRMED else 0
        match error.failure:
            case Failure.BUSY | Failure.CREDENTIALS:  # a limit, an outage, a token refused: the same for every room
                self.over = True
                self.pause_s = self.wait_s = _heeded(error.retry_after_s, PAUSES_S[error.failure])
            case Failure.RETRY:
                self._leave_out(self.left_out.without(act.word, *act.accounts))
                if error.retry_after_s is not None:
                    self.wait_s = max(_heeded(error.retry_after_s, 0.0), self.wait_s or 0.0)
            case Failure.NEEDS_PERSON if act.writes:
                # A look tells whether it is this right alone: then the rest goes on, but what cannot be undone.
                self.left_out = self.left_out.without(act.word).without(Archive.word)
                self.lacking = True
            case Failure.NEEDS_PERSON:
                self.over, self.failed, self.wait_s = True, True, RIGHTS_RETRY_S
            case Failure.REFUSED if len(act.accounts) == 1 and act.writes:
                pass  # noted with the place
            case Failure.REFUSED | Failure.UNCONFIRMED:
                self._leave_out(self.left_out.halving(act))
                self.over = self.unanswered >= UNANSWERED_A_LEASE

    def _leave_out(self, left_out: LeftOut) -> None:
        self.left_out, self.failed = left_out, True


def _heeded(retry_after_s: float | None, otherwise: float) -> float:
    return otherwise if retry_after_s is None else min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, retry_after_s))


NEEDS_A_PERSON = Effects(room={"observed_life": NEEDS_PERSON}, answer="")
