"""What holds of one school on one day, fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property

from sync.facts import (
    ATTENDANCE,
    BLOCK,
    CHAT_NAME,
    CLASS_NAME,
    CLASS_YEAR,
    PERSON_NAMES,
    PLACEMENT,
    REGISTRATION,
    Assertion,
    FactType,
    Key,
)
from sync.ids import OrganisationId
from sync.roster.facts import Timelines
from sync.timelines import holding, starts_after

# The facts that change most; nothing that a roster caches is derived from them.
READ_AS_THEY_ARE = frozenset({ATTENDANCE, PLACEMENT, PERSON_NAMES, BLOCK, CLASS_NAME, CLASS_YEAR, CHAT_NAME})


class SchoolDay:
    """The facts that hold in one school on one day, as far as `facts` go. Keys are without the organisation.

    What is derived from them is computed when it is first asked for, and kept until a fact changes (`learn`).
    """

    def __init__(
        self,
        organisation_id: OrganisationId,
        day: date,
        facts: Timelines,
        *,
        denials_count: bool = True,
        leaving_counts: bool = True,
    ) -> None:
        self.organisation_id = organisation_id
        self.day = day
        self._facts = facts
        self._denials_count = denials_count
        self._leaving_counts = leaving_counts
        self._holding: dict[FactType, dict[Key, Assertion]] = {}

    def holding(self, kind: FactType) -> Mapping[Key, Assertion]:
        """What counts today of a kind, by the key less the organisation."""
        if kind not in self._holding:
            self._holding[kind] = dict(self._read(kind))
        return self._holding[kind]

    def _read(self, kind: FactType) -> Iterator[tuple[Key, Assertion]]:
        for key, timeline in self._facts.of(kind).items():
            assertion = holding(timeline, self.day) if key[0] == self.organisation_id else None
            if assertion is not None:
                yield key[1:], assertion

    def learn(self, kind: FactType, key: Key, timeline: Sequence[Assertion]) -> None:
        """Update the roster after a fact has changed in `facts`; its key has the organisation first."""
        for other in ("without_denials", "without_leaving"):  # separate rosters, which have not learned it
            self.__dict__.pop(other, None)
        if kind in self._holding:
            assertion = holding(timeline, self.day)
            if assertion is None:
                self._holding[kind].pop(key[1:], None)
            else:
                self._holding[kind][key[1:]] = assertion
        if kind not in READ_AS_THEY_ARE:
            for name in self._derived():
                self.__dict__.pop(name, None)

    def changes_ahead(self, kind: FactType, key: Key) -> Iterable[date]:
        """The later days on which what is said of a fact begins to count."""
        return starts_after(self._facts.of(kind).get((self.organisation_id, *key), ()), self.day)

    @classmethod
    @cache
    def _derived(cls) -> tuple[str, ...]:
        """The names of everything that is derived and kept."""
        return tuple(
            name for of in cls.__mro__ for name, value in vars(of).items() if isinstance(value, cached_property)
        )

    @cached_property
    def registration(self) -> Assertion | None:
        return self.holding(REGISTRATION).get(())
