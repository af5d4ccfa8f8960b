"""Facts by kind and key, out of which rosters are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from sync.facts import Assertion, FactType, Key


class Facts:
    """Timelines by kind and key: all that is known, or some of it."""

    def __init__(self, assertions: Iterable[Assertion] = ()) -> None:
        self._timelines: dict[FactType, dict[Key, list[Assertion]]] = defaultdict(lambda: defaultdict(list))
        self.add(assertions)

    def add(self, assertions: Iterable[Assertion]) -> None:
        for assertion in assertions:
            self._timelines[assertion.kind][assertion.key].append(assertion)

    def of(self, kind: FactType) -> Mapping[Key, Sequence[Assertion]]:
        return self._timelines.get(kind, {})

    def assertions(self) -> Iterator[Assertion]:
        for timelines in self._timelines.values():
            for timeline in timelines.values():
                yield from timeline


class Timelines(Protocol):
    """Where a roster's facts are: timelines by key, the organisation first."""

    def of(self, kind: FactType) -> Mapping[Key, Sequence[Assertion]]: ...
