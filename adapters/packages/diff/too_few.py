"""Of which kinds a snapshot shows so few in a school that it is taken for a part of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from adapters.packages.diff.departures import Departures
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT
from adapters.packages.facts.known import Known, Was, sorted_keys
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.facts.standing import is_on, stands
from sync.facts import (
    BLOCK,
    CLASS_STATE,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HOMEROOM,
    FactType,
    Key,
)

SHARE = 0.5  # a snapshot with fewer of those known removes none of that kind
ENOUGH = 3  # of fewer known nothing can be told
KINDS = {ENROLMENT: "students", EMPLOYMENT: "staff", GUARDIANSHIP: "guardians", CLASS_STATE: "classes"}
WORDS = {
    **KINDS, GROUP_STATE: "groups", HOMEROOM: "teachers of classes", GROUP_TEACHER: "teachers of groups",
    GROUP_ROSTER: "students of groups", BLOCK: "disabled users",
}  # fmt: skip


def too_few(snapshot: Snapshot, known: Known, source: str, departures: Departures) -> Mapping[FactType, frozenset[str]]:
    """The schools, by the facts that none of is to end there. Only what the source itself set is counted."""
    found = {}
    for kind in KINDS:
        were, there = Counter[str](), Counter[str]()
        for school, is_there in _counted(kind, snapshot, known, source, departures):
            were[school] += 1
            there[school] += is_there
        found[kind] = frozenset(
            school for school, number in were.items() if number >= ENOUGH and there[school] < SHARE * number
        )
    return found


def kinds_by_school(found: Mapping[FactType, AbstractSet[str]]) -> Mapping[str, Sequence[str]]:
    """The same by school, in words."""
    schools = sorted({school for of_kind in found.values() for school in of_kind})
    return {school: [word for kind, word in WORDS.items() if school in found.get(kind, ())] for school in schools}


def _counted(
    kind: FactType, snapshot: Snapshot, known: Known, source: str, departures: Departures
) -> Iterator[tuple[str, bool]]:
    """Each known one, people once however many facts there are of them, with whether the snapshot has them."""
    facts, whole, stated = known.get(kind, {}), snapshot.whole.get(kind, ()), snapshot.of(kind)
    ours = (key for key in sorted_keys(facts) if key[0] in whole and _is_ours(kind, facts[key], source))
    for (school, _), keys in groupby(ours, key=lambda key: key[:2]):
        yield school, any(key in stated or _is_there(kind, key, snapshot, departures) for key in keys)


def _is_ours(kind: FactType, was: Was, source: str) -> bool:
    is_closing = kind is CLASS_STATE and any(not is_on(ahead.value) for ahead in was.ahead)
    return was.source == source and stands(was, source) and not is_closing


def _is_there(kind: FactType, key: Key, snapshot: Snapshot, departures: Departures) -> bool:
    """What is not stated may be kept, and a class whose students all go to another one is accounted for."""
    if snapshot.keeps(kind, key):
        return True
    departure = departures.of(key) if kind is CLASS_STATE else None
    return departure is not None and departure.gone > 0 and departure.left == 0
