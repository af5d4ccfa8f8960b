"""Which known facts end by a package, and which stay though it does not state them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from adapters.packages.diff.departures import Departures
from adapters.packages.diff.too_few import too_few
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT
from adapters.packages.facts.known import Known, Was, known_entries
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.facts.standing import is_on, stands
from adapters.packages.findings import Findings, Place
from adapters.packages.roster.doubts import ANY
from adapters.packages.spill.mappings import SpillMap
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

# Students first: the class of one who stays is not closed, and a guardian of one is not removed.
DECIDED = (ENROLMENT, EMPLOYMENT, GUARDIANSHIP, CLASS_STATE, GROUP_STATE, BLOCK)
OF_SECTIONS = {HOMEROOM: CLASS_STATE, GROUP_TEACHER: GROUP_STATE, GROUP_ROSTER: GROUP_STATE}


class Endings:
    """A bulk beside what was. `few` are the schools, by the facts, of which it shows too few to end any; `silent` those
    of which it has no row, and something stays for that.
    """

    def __init__(
        self, snapshot: Snapshot, known: Known, source: str, departures: Departures, findings: Findings
    ) -> None:
        self._snapshot = snapshot
        self._known = known
        self._source = source
        self._departures = departures
        self._findings = findings
        self._stay: dict[FactType, SpillMap[Key, bool]] = {kind: snapshot.mapping() for kind in DECIDED}
        self.silent: defaultdict[FactType, set[str]] = defaultdict(set)
        self._occupied: SpillMap[Key, bool] = snapshot.mapping()
        self.few: Mapping[FactType, frozenset[str]] = too_few(snapshot, known, source, departures)
        for kind in DECIDED:
            self._decide(kind)
        for kind, state in OF_SECTIONS.items():
            self._count_silence(kind, state)

    def ends(self, kind: FactType, key: Key) -> bool:
        """Whether a known fact ends, since this source set it and its whole truth knows nothing of it any more."""
        was = self._known.get(kind, {}).get(key)
        return was is not None and self._is_unstated(kind, key, was) and key not in self._stay[kind]

    def is_silent(self, kind: FactType, key: Key) -> bool:
        """Whether no row tells of such facts of a school; that a teacher is dismissed tells who teaches no more."""
        if key[0] not in self._snapshot.schools or key[0] in self._snapshot.whole.get(kind, ()):
            return False
        known = self._known.get(kind, {}).get(key)
        teacher = getattr(known and known.value, "employee_id", None)
        return teacher is None or not self.ends(EMPLOYMENT, (key[0], teacher))

    def _decide(self, kind: FactType) -> None:
        stated = self._snapshot.of(kind)
        for key, was in known_entries(self._known.get(kind, {})):
            if key in stated or not self._is_unstated(kind, key, was):
                continue
            if kind is GROUP_STATE and self._departures.is_left_later(key):
                self._stay[kind][key] = True
            elif self._stays(kind, key, was):
                self._stay[kind][key] = True
                self._snapshot.count_kept(kind)
                if kind is ENROLMENT and is_on(was.value):
                    self._occupied[key[0], was.value.class_id] = True

    def _is_unstated(self, kind: FactType, key: Key, was: Was) -> bool:
        """Whether this source set a fact that the package would state if it were so still."""
        if was.source != self._source or not stands(was, self._source):
            return False
        speaks = key[0] in self._snapshot.whole.get(kind, ()) or (
            key[0] in self._snapshot.schools and kind is not BLOCK
        )
        return speaks and key not in self._snapshot.of(kind) and not self._snapshot.keeps(kind, key)

    def _stays(self, kind: FactType, key: Key, was: Was) -> bool:
        is_silent = key[0] not in self._snapshot.whole.get(kind, ())
        if is_silent:
            self.silent[kind].add(key[0])
        if is_silent or key[0] in self.few.get(kind, ()):
            return True
        doubts = self._snapshot.doubts
        if kind is ENROLMENT:
            return doubts.has_student(key[1], getattr(was.value, "class_id", None) or ANY)
        if kind is GUARDIANSHIP:
            return (key[0], key[2]) in self._stay[ENROLMENT] or doubts.has_link(key[1], key[2])
        if kind is CLASS_STATE:
            return self._is_used(doubts.classes, key) or key in self._occupied or doubts.has_section(key[1])
        if kind is GROUP_STATE:
            return self._is_used(doubts.groups, key) or doubts.has_section(key[1])
        return doubts.has_employee(key[1]) if kind is EMPLOYMENT else doubts.has_person(key[1])

    def _is_used(self, used: Mapping[str, Place], key: Key) -> bool:
        """Whether the package has students in it still, though not its row: the row is damaged, not gone."""
        place = used.get(key[1])
        if place is not None and not self._snapshot.doubts.has_section(key[1]):
            self._findings.add("class_still_used", "the row of a class in which there are students", place)
        return place is not None

    def _count_silence(self, kind: FactType, state: FactType) -> None:
        """Counts what stays of open classes and groups because no row that would tell it says anything."""
        silent = self._snapshot.schools - self._snapshot.whole.get(kind, frozenset())
        for key, was in known_entries(self._known.get(kind, {})) if silent else ():
            of_section = self._known.get(state, {}).get(key)
            is_open = of_section is not None and is_on(of_section.value)
            if is_open and was.source == self._source and any(was.value or ()) and self.is_silent(kind, key):
                self.silent[kind].add(key[0])
                self._snapshot.count_kept(kind)
