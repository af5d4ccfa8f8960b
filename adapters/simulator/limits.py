"""The limit on requests: a sliding second by arrival, for each token."""

from __future__ import annotations

from collections import defaultdict, deque


class SlidingSecond:
    """Lets at most `per_second` requests of a token arrive in any one second; 0 lets all.

    Those it refuses do not count.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._arrivals: defaultdict[str, deque[float]] = defaultdict(deque)

    def admits(self, token: str, now_s: float) -> bool:
        """Whether a request that arrives now is within the limit. `now_s` never goes back."""
        if not self._per_second:
            return True
        arrivals = self._arrivals[token]
        while arrivals and arrivals[0] <= now_s - 1:
            arrivals.popleft()
        if len(arrivals) >= self._per_second:
            return False
        arrivals.append(now_s)
        return True
