"""The steps of an import: what its package is compared with, its events, and a preview of their effect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import groupby, islice
from typing import Any

from adapters.database.load.imported import KnownFact, known_facts, known_schools
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT, employment, enrolment, joined
from adapters.packages.facts.known import Ahead, Known, Was
from adapters.packages.options import Options
from adapters.packages.package import Package
from adapters.packages.spill.mappings import SpillMap
from events.decode import decode
from events.translate import translate
from rollcall.app import App
from rollcall.paging import every
from schemas.rejections import Rejection
from sync.facts import ATTENDANCE, PLACEMENT, POSITION, FactType, Key
from sync.facts import EMPLOYMENT as HIRED
from sync.ids import OrganisationId, PersonId
from sync.plan.actions import told
from sync.ports.events import Incoming
from sync.use_cases.preview_events import Preview, preview_events
from sync.views.operations import HoldView

PEOPLE_AT_ONCE = 10_000
HOLDS_AT_ONCE = 100  # each has its whole plan
DIGITS = 12  # more events than anybody has

Event = dict[str, Any]


class Spool:
    """Events of a package, written: read again school by school, or in their order. Memory does not grow with them."""

    def __init__(self, package: Package, events: Iterable[Event]) -> None:
        self.types: Counter[str] = Counter()
        self._events: SpillMap[tuple[str, str], bytes] = package.spill.mapping()
        self._order: SpillMap[str, str] = package.spill.mapping()
        for number, event in enumerate(events):
            self.types[event["type"]] += 1
            school, place = event["data"]["organisation_id"], f"{number:0{DIGITS}}"
            self._events[school, place] = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
            self._order[place] = school

    @property
    def number(self) -> int:
        return self.types.total()

    def __iter__(self) -> Iterator[bytes]:
        return (self._events[school, place] for place, school in self._order.entries())

    def by_school(self) -> Iterator[list[bytes]]:
        """All of a school at once: guards see the whole of what an import changes there."""
        for _, events in groupby(self._events.entries(), key=lambda entry: entry[0][0]):
            yield [event for _, event in events]


async def known_to(app: App, package: Package, options: Options) -> Known:
    """What the database knows of the schools of a package; read one school after the other."""
    known: dict[FactType, SpillMap[Key, Was]] = {}
    async with app.database.reading() as connection:
        schools = set(map(OrganisationId, package.organisations))
        people, sections = package.people(), package.sections()
        while some := (list(map(PersonId, islice(people, PEOPLE_AT_ONCE))), list(islice(sections, PEOPLE_AT_ONCE))):
            if not any(some):
                break
            schools |= await known_schools(connection, *some)
        for school in sorted(schools):
            for kind, facts in _as_packages_state(await known_facts(connection, [school], options.day)):
                mapping = known.setdefault(kind, package.spill.mapping())
                for key, fact in facts:
                    mapping[key] = fact
    return known


def _as_packages_state(
    facts: Mapping[FactType, Mapping[Key, KnownFact]],
) -> Iterator[tuple[FactType, Iterable[tuple[Key, Was]]]]:
    """Join facts that are one to a package: whether somebody is at the school, and in which class or position."""
    was = {kind: {key: _was(fact) for key, fact in of.items()} for kind, of in facts.items()}
    yield ENROLMENT, joined(was.pop(ATTENDANCE), was.pop(PLACEMENT), enrolment)
    yield EMPLOYMENT, joined(was.pop(HIRED), was.pop(POSITION), employment)
    for kind, of in was.items():
        yield kind, of.items()


def _was(fact: KnownFact) -> Was:
    return Was(fact.value, fact.source, tuple(Ahead(*ahead) for ahead in fact.ahead))


async def previews(app: App, spool: Spool) -> AsyncIterator[Preview]:
    """What a school's events would do, school by school, each by itself: none sees what another's would have done."""
    for events in spool.by_school():
        now = app.clock.now()
        read = [decode(event, (), now) for event in events]
        incoming = [translate(event) for event in read if not isinstance(event, Rejection)]
        yield await preview_events(incoming, app.database, app.rules, now)


def plan_lines(preview: Preview) -> Iterator[Mapping[str, Any]]:
    """The lines of the plan as all interfaces show them. Their events have no position: they are not ingested yet."""
    causes = {number: _cause(event) for number, event in preview.numbers.items()}
    for school, lines in preview.lines.items():
        yield from told(school, lines, causes)["changes"]


def _cause(event: Incoming) -> dict[str, Any]:
    known = {"source": event.source, "id": event.event_id, "type": event.type}
    return {**known, "topic": None, "partition": None, "offset": None}


async def open_holds(app: App, schools: Sequence[str]) -> list[HoldView]:
    """The held changes of these schools."""
    holds = every(partial(app.registry.operations.holds, frozenset(map(OrganisationId, schools))), page=HOLDS_AT_ONCE)
    return [hold async for hold in holds if hold.state == "held"]


def hold_of(hold: HoldView) -> dict[str, Any]:
    return {
        name: value for name, value in asdict(hold).items() if name in {"id", "organisation_id", "limit", "persons"}
    }
