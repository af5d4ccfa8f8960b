"""The health of a platform account, from the outcomes of its requests. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.errors import Failure, PlatformError

OK, REFUSES, UNREACHABLE, PAUSED = "ok", "refuses", "unreachable", "paused"

# Precedence of simultaneous outcomes: whether the token is accepted, then whether the platform answers at all.
_RANK = {UNREACHABLE: 0, OK: 1, PAUSED: 2, REFUSES: 3}

LIMITS = frozenset({"too.many.requests", "http.429"})
NO_ANSWERS = frozenset({"timeout", "connection.lost", "http.502", "http.503", "http.504"})

AGAIN_AFTER_S = 5.0  # unchanged states are rewritten after so long, for another process may have written otherwise


class Health(NamedTuple):
    """The state of an account (`ok`, `refuses`, `unreachable`, `paused`), with the code of the failure behind it."""

    state: str
    error: str | None = None


WELL = Health(OK)


def health_of(error: PlatformError) -> Health:
    """The health of an account after a failed request; after most failures it is ok, since the platform answered."""
    match error.failure:
        case Failure.CREDENTIALS:
            return Health(REFUSES, error.code)
        case Failure.BUSY if error.retry_after_s is not None or error.code in LIMITS:
            return Health(PAUSED, error.code)
        case Failure.BUSY:
            return Health(UNREACHABLE, error.code)
        case Failure.UNCONFIRMED if error.code in NO_ANSWERS:
            return Health(UNREACHABLE, error.code)
    return WELL


@dataclass(slots=True)
class AccountHealths:
    """The health of accounts as seen by this process, and as last written. `changed` is called for each account whose
    health changed; for a new account only if it is not ok.
    """

    changed: Callable[[str, Health], None] = lambda _token, _health: None
    _heard: dict[str, Health] = field(default_factory=dict)
    _written: dict[str, tuple[Health, float]] = field(default_factory=dict)

    def hear(self, token: str, health: Health) -> None:
        before = self._heard.get(token)
        if before is None or _RANK[health.state] >= _RANK[before.state]:
            self._heard[token] = health

    def to_write(self, now_s: float) -> Mapping[str, Health]:
        """The states that have to be written; `now_s` is monotonic, in seconds."""
        return {
            token: health
            for token, health in self._heard.items()
            if token not in self._written or self._differs(token, health) or self._grew_old(token, now_s)
        }

    def wrote(self, healths: Mapping[str, Health], now_s: float) -> None:
        """To be called once they are written. States seen but not written were unchanged, and are forgotten."""
        for token, health in healths.items():
            if self._written.get(token, (WELL,))[0].state != health.state:
                self.changed(token, health)
            self._written[token] = health, now_s
        self._heard.clear()

    def _differs(self, token: str, health: Health) -> bool:
        return self._written[token][0] != health

    def _grew_old(self, token: str, now_s: float) -> bool:
        return now_s - self._written[token][1] > AGAIN_AFTER_S
