"""Whether a platform account can be worked with, by what its requests came to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.errors import Failure, PlatformError

OK, REFUSES, UNREACHABLE, PAUSED = "ok", "refuses", "unreachable", "paused"

# Of answers that come together: whether it may work goes before whether it answers, and any answer before none.
_RANK = {UNREACHABLE: 0, OK: 1, PAUSED: 2, REFUSES: 3}

LIMITS = frozenset({"too.many.requests", "http.429"})
NO_ANSWERS = frozenset({"timeout", "connection.lost", "http.502", "http.503", "http.504"})

AGAIN_AFTER_S = 5.0  # what was written is written again: another process may have seen it otherwise


class Health(NamedTuple):
    """How an account is (`ok`, `refuses`, `unreachable`, `paused`), with the code of the failure that told."""

    state: str
    error: str | None = None


WELL = Health(OK)


def health_of(error: PlatformError) -> Health:
    """What a failed request says of its account; most say that it answers."""
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
    """What was heard of accounts in this process, and what of it is written. `changed` is told of each that is another
    than it was; of one that was never heard of, where it is not well.
    """

    changed: Callable[[str, Health], None] = lambda _token, _health: None
    _heard: dict[str, Health] = field(default_factory=dict)
    _written: dict[str, tuple[Health, float]] = field(default_factory=dict)

    def hear(self, token: str, health: Health) -> None:
        before = self._heard.get(token)
        if before is None or _RANK[health.state] >= _RANK[before.state]:
            self._heard[token] = health

    def to_write(self, now_s: float) -> Mapping[str, Health]:
        """What has to be written, by `now_s` of a clock that never goes back."""
        return {
            token: health
            for token, health in self._heard.items()
            if token not in self._written or self._differs(token, health) or self._grew_old(token, now_s)
        }

    def wrote(self, healths: Mapping[str, Health], now_s: float) -> None:
        """They are written; whatever else was heard is known already."""
        for token, health in healths.items():
            if self._written.get(token, (WELL,))[0].state != health.state:
                self.changed(token, health)
            self._written[token] = health, now_s
        self._heard.clear()

    def _differs(self, token: str, health: Health) -> bool:
        return self._written[token][0] != health

    def _grew_old(self, token: str, now_s: float) -> bool:
        return now_s - self._written[token][1] > AGAIN_AFTER_S
