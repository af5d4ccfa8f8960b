"""How many rooms of each platform account are leased at a time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.use_cases.calls import Dispatch
from sync.use_cases.leased import Leased

SHARE = (
    0.5  # of what the rate serves in the time that a call may wait: other processes share the rate, answers take time
)


@dataclass(slots=True)
class Seats:
    """A room waits for its slot under its lease, so no more wait than the rate serves while they may. After a pause an
    account is probed by one room.
    """

    _probing: set[str] = field(default_factory=set)

    def heard_of(self, leased: Leased) -> None:
        """What a call came to says whether its account answers."""
        if leased.pause_s is not None:
            self._probing.add(leased.room.platform_token)
        elif leased.sent:
            self._probing.discard(leased.room.platform_token)

    def free(self, dispatch: Dispatch, busy: Iterable[Leased]) -> dict[str, int]:
        """How many more rooms of a token may be leased; a token that is not in it has as many as anybody wants."""
        rooms = list(busy)
        waiting = Counter(leased.room.platform_token for leased in rooms if not leased.sent)
        taken = Counter(leased.room.platform_token for leased in rooms)
        limits = {token: dispatch.per_second(token) for token in dispatch.platforms}
        seats = {
            token: max(1, int(per_second * dispatch.patience_s * SHARE))
            for token, per_second in limits.items()
            if per_second
        }
        free = {token: max(0, most - waiting[token]) for token, most in seats.items()}
        return free | {token: max(0, 1 - taken[token]) for token in self._probing}
