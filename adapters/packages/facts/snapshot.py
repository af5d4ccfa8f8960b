"""What a package states: facts, and those it states the whole truth of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, NamedTuple

from adapters.packages.facts.known import Ahead, Known, Was
from adapters.packages.roster.doubts import Doubts
from adapters.packages.spill.mappings import Spill, SpillMap
from sync.facts import FactType, Key


class Stated(NamedTuple):
    """What a package says of a fact; from a later day on where `effective_on` is one."""

    value: Any
    effective_on: date | None = None


class Snapshot:
    """The facts that a package states, by kind and key, and those it says are no more.

    `whole`: the organisations of which the package knows every fact of a kind, so that others have ended; `schools`:
    those of which a bulk would know them, were all of its files there; `doubts`: what its rows may have said besides.
    `kept` counts the facts that stay as they are known for that.
    Of a delta, `gone`: the facts that it says are no more; `left`: the class that a student has left.
    """

    def __init__(self, spill: Spill, doubts: Doubts) -> None:
        self._spill = spill
        self._facts: dict[FactType, SpillMap[Key, Stated]] = {}
        self._gone: dict[FactType, SpillMap[Key, bool]] = {}
        self._lives: SpillMap[tuple[str, str], bool] = spill.mapping()  # by person and organisation
        self._kept: dict[FactType, SpillMap[Key, bool]] = {}
        self.doubts = doubts
        self.kept: Counter[FactType] = Counter()
        self.whole: dict[FactType, AbstractSet[str]] = {}
        self.schools: AbstractSet[str] = frozenset()
        self.left: SpillMap[Key, str] = spill.mapping()
        self.delta = False

    def mapping(self) -> SpillMap[Any, Any]:
        """A mapping in the memory that the package has."""
        return self._spill.mapping()

    def keep(self, kind: FactType, key: Key) -> None:
        """Says that a fact stays as it is known, whatever is stated of it: a row in doubt may have said so."""
        if kind not in self._kept:
            self._kept[kind] = self._spill.mapping()
        self._kept[kind][key] = True
        self.count_kept(kind)

    def keeps(self, kind: FactType, key: Key) -> bool:
        """Whether a fact stays as it is known."""
        return kind in self._kept and key in self._kept[kind]

    def count_kept(self, kind: FactType) -> None:
        """Counts a fact of which something stays as it is known."""
        self.kept[kind] += 1

    @property
    def kinds(self) -> Iterable[FactType]:
        """The kinds of which anything is stated."""
        return tuple(self._facts)

    def state(self, kind: FactType, key: Key, stated: Stated) -> None:
        """Says that a fact is so, whatever was stated of it before."""
        self.of(kind)[key] = stated

    def end(self, kind: FactType, key: Key) -> None:
        """Says that a fact is no more; stating it all the same is stronger."""
        self.gone(kind)[key] = True

    def of(self, kind: FactType) -> SpillMap[Key, Stated]:
        """The facts stated of a kind."""
        if kind not in self._facts:
            self._facts[kind] = self._spill.mapping()
        return self._facts[kind]

    def gone(self, kind: FactType) -> SpillMap[Key, bool]:
        """The facts of a kind that are said to be no more."""
        if kind not in self._gone:
            self._gone[kind] = self._spill.mapping()
        return self._gone[kind]

    def live_in(self, person_id: str, organisation_id: str) -> None:
        """Says that a school speaks of a person."""
        self._lives[person_id, organisation_id] = True

    def homes(self) -> Iterator[tuple[str, str]]:
        """Each person with each school that speaks of them, sorted."""
        return iter(self._lives)

    def as_known(self, source: str) -> Known:
        """What holds once `source` has sent these facts."""
        known = dict[FactType, SpillMap[Key, Was]]()
        for kind in self.kinds:
            known[kind] = self._spill.mapping()
            for key, (value, day) in self.of(kind).entries():
                ahead = () if day is None else (Ahead(day, value, source),)
                known[kind][key] = Was(None if ahead else value, source, ahead)
        return known
