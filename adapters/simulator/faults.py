"""Faults on request, by seed: the same plan and the same requests meet the same faults, however they interleave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random


class Kind(Enum):
    """What goes wrong with a request; latency comes on top of any. At most one of these happens to a request."""

    RESET_BEFORE = "reset_before"  # the connection breaks and nothing was done
    RESET_AFTER = "reset_after"  # it was done, and the connection breaks
    TOO_MANY = "too_many"
    SERVER_ERROR = "server_error"  # and nothing was done
    PARTIAL = "partial"  # some users fail, retriably
    LYING_OK = "lying_ok"  # success is told, and nothing was done
    WRONG_JSON = "wrong_json"  # it was done, and the answer makes no sense


RATES = ("latency", *(kind.value for kind in Kind))


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each fault comes, 0 to 1 a request, for the next `until_calls` requests (None: for ever)."""

    seed: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    latency_ms: int = 0
    until_calls: int | None = None

    def __post_init__(self) -> None:
        unknown = set(self.rates) - set(RATES)
        if unknown or not all(0 <= rate <= 1 for rate in self.rates.values()):
            raise ValueError(f"rates are {', '.join(RATES)}, each from 0 to 1")


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request meets. `dice` are its own, for whatever else is left to chance."""

    kind: Kind | None
    delay_s: float
    dice: Random

    def unlucky(self, user_ids: Sequence[int]) -> frozenset[int]:
        """Those of a request who fail for the time being: none, or under PARTIAL at least one."""
        if self.kind is not Kind.PARTIAL or not user_ids:
            return frozenset()
        return frozenset(self.dice.sample(user_ids, self.dice.randint(1, (len(user_ids) + 1) // 2)))


class Faults:
    """Deals faults. A request's are drawn from the seed, its method, its path and how often it came before."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan or Plan()
        self._came: Counter[str] = Counter()
        self._dealt = 0

    def draw(self, method: str, path: str) -> Fault:
        request, rates = f"{method} {path}", self.plan.rates
        dice = Random(f"{self.plan.seed} {request} {self._came[request]}")  # noqa: S311 - repeatable is the point
        over = self.plan.until_calls is not None and self._dealt >= self.plan.until_calls
        self._came[request] += 1
        self._dealt += 1
        if over or not rates:
            return Fault(None, 0.0, dice)
        late = dice.random() < rates.get("latency", 0)
        weights = [rates.get(kind.value, 0) for kind in Kind]
        [kind] = dice.choices([*Kind, None], [*weights, max(0.0, 1 - sum(weights))])
        return Fault(kind, self.plan.latency_ms / 1000 if late else 0.0, dice)
