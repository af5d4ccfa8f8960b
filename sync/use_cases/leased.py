"""One leased room: the outcomes of its calls, and when and how its lease ends. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sync.account_health import WELL, Health, health_of
from sync.acts.act import AnyAct
from sync.acts.chats import Archive
from sync.acts.effects import Effects, Observation
from sync.acts.left_out import NOTHING, LeftOut
from sync.acts.members import AddMembers, RemoveMember
from sync.acts.next_act import next_act
from sync.errors import Failure, PlatformError
from sync.places import NEEDS_PERSON, OUT
from sync.platform import Capabilities
from sync.ports.settling import Release
from sync.room import REMOVALS, RoomWork, fold

UNANSWERED_A_LEASE = 4  # consecutive unconfirmed calls: then the lease ends
RIGHTS_RETRY_S = 3600.0  # where a person is needed: not every platform reports that rights were restored
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 3600.0

# Bounds on the delay that a platform asks for: no header may stop an account for a day, or cause a busy loop.
SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 900.0
PAUSES_S = {Failure.BUSY: 5.0, Failure.CREDENTIALS: 60.0}  # of the whole account, if the platform gives no delay


@dataclass(slots=True)
class Leased:
    """`renewed_at`: when the lease was last renewed, by this process's clock. `sent`: the recorded call may be in
    flight; before, it waits for its slot. `over`: nothing more is tried under this lease.
    """

    room: RoomWork
    can: Capabilities
    renewed_at: float
    sent: bool = False
    health: Health | None = None  # of the account, by its last call
    left_out: LeftOut = NOTHING
    lacking: bool = False  # a right in this room
    unanswered: int = 0  # calls since the last answer
    failed: bool = False
    removal_refused: bool = False
    over: bool = False
    wait_s: float | None = None  # until the next lease, where the platform says so
    pause_s: float | None = None  # for all rooms of the token

    def next(self) -> AnyAct | None:
        return None if self.over else next_act(self.room, self.can, self.left_out)

    def gives_way(self, act: AnyAct) -> bool:
        """Ordinary removals end the lease and are claimed anew, so that the adds of the same plan in other rooms go
        first.
        """
        return act.grade >= REMOVALS and self.room.grade < act.grade

    def lacks_right(self, act: AnyAct | None) -> bool:
        """Whether everything left to do needs a right that a person has to restore."""
        return self.lacking and not self.over and act is None

    def release(self, act: AnyAct | None) -> Release:
        """How the lease ends before `act`; without `act`, after everything that could be done now."""
        if self.lacks_right(act):
            return Release(self.room, self.room.grade, RIGHTS_RETRY_S, self.room.attempts + 1)
        if act is not None:
            return Release(self.room, act.grade, 0.0, self._attempts())
        again = next_act(self.room, self.can)
        if again is None:
            return Release(self.room, None, None, self._attempts())
        return Release(
            self.room, again.grade, self._backoff() if self.wait_s is None else self.wait_s, self._attempts()
        )

    def _attempts(self) -> int:
        """The number of failed attempts: those caused by the room itself, plus one for a failure of its whole token."""
        if self.failed or self.removal_refused:
            return self.room.attempts + 1
        if self.pause_s is not None:
            return max(1, self.room.attempts)
        return self.room.attempts if self.over or self._removal_stays_refused() else 0

    def _removal_stays_refused(self) -> bool:
        """Whether a refused removal is still to be made; the number of attempts decides when it is retried."""
        return any(account.refused and account.wanted == OUT != account.observed for account in fold(self.room.places))

    def _backoff(self) -> float:
        return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(self.room.attempts, 12))

    def ran_out(self) -> None:
        """No slot became free in time: the room is due again at once, unchanged."""
        self.over, self.wait_s = True, 0.0

    def learn(self, act: AnyAct, effects: Effects) -> None:
        """Accounts that were not added, and not permanently refused, wait for the next lease."""
        self.unanswered, self.health = 0, WELL
        if isinstance(act, AddMembers):
            later = [account for account, seen in effects.observed.items() if seen == Observation(OUT)]
            if later:
                self._leave_out(self.left_out.without(act.name, *later))

    def heed(self, error: PlatformError, act: AnyAct) -> None:
        """Continue after a failure: the act is left out, or the lease ends if every other act would fail, too."""
        self.health = health_of(error)
        self.unanswered = self.unanswered + 1 if error.failure is Failure.UNCONFIRMED else 0
        match error.failure:
            case Failure.BUSY | Failure.CREDENTIALS:  # a limit, an outage, a refused token: the same for every room
                self.over = True
                self.pause_s = self.wait_s = heeded(error.retry_after_s, PAUSES_S[error.failure])
            case Failure.RETRY:
                self._leave_out(self.left_out.without(act.name, *act.accounts))
                if error.retry_after_s is not None:
                    self.wait_s = max(heeded(error.retry_after_s), self.wait_s or 0.0)
            case Failure.NEEDS_PERSON if act.writes:
                # A look shows whether only this right is lacking: then everything goes on except what cannot be undone.
                self.left_out = self.left_out.without(act.name).without(Archive.name)
                self.lacking = True
            case Failure.NEEDS_PERSON:
                self.over, self.failed, self.wait_s = True, True, RIGHTS_RETRY_S
            case Failure.REFUSED if len(act.accounts) == 1 and act.writes:  # noted with the place
                self.removal_refused |= isinstance(act, RemoveMember)
            case Failure.REFUSED | Failure.UNCONFIRMED:
                self._leave_out(self.left_out.halving(act))
                self.over = self.unanswered >= UNANSWERED_A_LEASE or error.retry_after_s is not None
                if error.retry_after_s is not None:
                    self.wait_s = heeded(error.retry_after_s)

    def _leave_out(self, left_out: LeftOut) -> None:
        self.left_out, self.failed = left_out, True


def heeded(retry_after_s: float | None, otherwise: float = 0.0) -> float:
    """How long to wait, in seconds, with or without a delay given by the platform."""
    return otherwise if retry_after_s is None else min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, retry_after_s))


NEEDS_A_PERSON = Effects(room={"observed_life": NEEDS_PERSON}, answer="")
