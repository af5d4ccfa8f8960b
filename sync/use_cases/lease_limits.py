"""How many rooms of each platform account are leased at a time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.room import RoomWork
from sync.use_cases.calls import Dispatch
from sync.use_cases.leased import Leased

# The share of the rate to use: other processes share it, and answers take time
SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Free:
    """How many more rooms may be leased in each of two classes, with limits by token. Rooms with removals of leavers
    are served before all others, so more of them may be leased, for any token that is not being probed.
    """

    rooms: int
    leavers: int
    limits: Mapping[str, int]
    limits_of_leavers: Mapping[str, int]

    def after(self, claimed: Sequence[RoomWork]) -> Free:
        """What remains after these rooms were claimed: only room for leavers' rooms, and only where a limit was met,
        for otherwise all of them were claimed with the others.
        """
        taken = Counter(room.platform_token for room in claimed)
        met = len(claimed) >= self.rooms or any(taken[token] >= most for token, most in self.limits.items())
        leavers = self.leavers - len(claimed) if met else 0
        probed = {token: max(0, most - taken[token]) for token, most in self.limits_of_leavers.items()}
        return replace(self, rooms=0, leavers=leavers, limits_of_leavers=probed)


@dataclass(slots=True)
class LeaseLimits:
    """A room waits for its slot under its lease, so at most as many are leased as the rate can serve in that time.
    After a pause an account is probed by one room.
    """

    _probing: set[str] = field(default_factory=set)

    def heard_of(self, leased: Leased) -> None:
        """Update from the outcome of a call whether its account answers."""
        if leased.pause_s is not None:
            self._probing.add(leased.room.platform_token)
        elif leased.sent:
            self._probing.discard(leased.room.platform_token)

    def free(self, dispatch: Dispatch, busy: Sequence[Leased], at_once: int) -> Free:
        """What may be leased besides the busy rooms: `at_once` rooms in all, and a quarter more for leavers."""
        most = at_once - len(busy)
        probed = self._probed(busy)
        return Free(most, most + at_once // 4, self._limits(dispatch, busy) | probed, probed)

    def _probed(self, busy: Sequence[Leased]) -> dict[str, int]:
        taken = Counter(leased.room.platform_token for leased in busy)
        return {token: max(0, 1 - taken[token]) for token in self._probing}

    def _limits(self, dispatch: Dispatch, busy: Sequence[Leased]) -> dict[str, int]:
        """How many more rooms of each token may be leased; a token that is not in it has no limit."""
        waiting = Counter(leased.room.platform_token for leased in busy if not leased.sent)
        rates = {token: dispatch.per_second(token) for token in dispatch.platforms}
        limits = {
            token: max(1, int(per_second * dispatch.patience_s * SHARE))
            for token, per_second in rates.items()
            if per_second
        }
        return {token: max(0, most - waiting[token]) for token, most in limits.items()}
