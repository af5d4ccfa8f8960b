"""What an import shows: what was read, what was left out and why, and what the events would do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from adapters.packages.findings import Place
from adapters.packages.options import Options
from adapters.packages.package import Package
from rollcall.importing import Spool, plan_lines
from rollcall.output import Exit, json_of, print_fields, say
from sync.ports.holds import Hold
from sync.use_cases.preview_events import Preview
from sync.wording import number_of

SHOWN = 3  # places of a kind of warning; all that are kept are in the JSON
TOO_FEW = "under half of its known {} are in the package; of these nobody is removed: is it whole, and this school's?"
LINES = 20  # schools, or rows, shown one by one, so that an error in all of them fits one screen


def say_warnings(package: Package) -> None:
    """Rows left out or read with doubt, by file and line; and the schools in which nobody may be removed."""
    for kind, number in package.warnings.items():
        places = [str(place) for place in package.places.get(kind, ()) if any(place)]
        more = ", …" if number > len(places[:SHOWN]) else ""
        where = f" ({'; '.join(places[:SHOWN])}{more})" if places else ""
        say(f"warning: {kind}: {number}, expected {package.expected[kind]}{where}")
    if package.not_understood.rows:
        say(
            f"not understood: {_listed(package.not_understood.places, package.not_understood.rows)}; such a row adds "
            "nothing, and what it may have said stays as it is known: mend it and import again"
        )
    if package.kept:
        kept = (f"{kind.replace('_', ' ')} {number}" for kind, number in package.kept.items())
        say(f"kept as known: {', '.join(kept)}")
    _say_by_school(package.few, TOO_FEW)
    _say_by_school(package.silent, "no row of the package tells of its {}; they stay as they are known")
    if "school_removed" in package.warnings:
        say("a school is removed by this package: look whether that is meant, its people are no longer employed there")


def _say_by_school(kinds: Mapping[str, Sequence[str]], told: str) -> None:
    for school, words in list(kinds.items())[:LINES]:
        say(f"{school}: {told.format(_and(words))}")
    if len(kinds) > LINES:
        say(f"and so of {number_of(len(kinds) - LINES, 'school')} more")


def _and(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _listed(places: Sequence[Place], number: int) -> str:
    shown = [str(place) for place in places[:LINES]]
    rest = f"; and {number - len(shown)} more" if number > len(shown) else ""
    return f"{number_of(number, 'row')} ({'; '.join(shown)}{rest})"


def print_summary(package: Package, spool: Spool, fields: Mapping[str, Any]) -> None:
    read = {"format": package.kind.value, "schools": len(package.organisations)}
    types = {name.removeprefix("school.").removesuffix(".v1"): number for name, number in sorted(spool.types.items())}
    print_fields({**read, **types, **fields}, as_json=False)


async def show_plan(
    package: Package, options: Options, spool: Spool, previews: AsyncIterator[Preview] | None, *, as_json: bool
) -> Exit:
    """Prints the events and their effect as they come, so that memory does not grow with either."""
    shown = _Json(package, options, spool) if as_json else _Text(package, spool)
    shown.begin(planned=previews is not None)
    holds: list[Hold] = []
    if previews is not None:
        async for preview in previews:
            shown.add(preview)
            holds += preview.holds
            for school, error in preview.stalled.items():
                say(f"{school}: {error}")
    shown.end(None if previews is None else holds)
    say_warnings(package)
    for hold in holds:
        say(f"{hold.organisation_id}: {hold.limit}; the changes of {number_of(hold.persons, 'person')} would be held")
    return Exit.NEEDS_PERSON if holds or package.needs_person else Exit.DONE


class _Text:
    """The numbers of events and of changes, by type."""

    def __init__(self, package: Package, spool: Spool) -> None:
        self._package = package
        self._spool = spool
        self._counts: Counter[str] = Counter()

    def begin(self, *, planned: bool) -> None:
        """Nothing is printed before all is known."""

    def add(self, preview: Preview) -> None:
        self._counts.update(line.action for lines in preview.lines.values() for line in lines)

    def end(self, holds: Iterable[Hold] | None) -> None:
        would = {f"would {action}": n for action, n in sorted(self._counts.items())} or {"would change": 0}
        counts = {} if holds is None else would
        print_summary(self._package, self._spool, {"events": self._spool.number, **counts})


class _Json:
    """One object, written piece by piece."""

    def __init__(self, package: Package, options: Options, spool: Spool) -> None:
        self._package = package
        self._day = options.day
        self._spool = spool
        self._counts: Counter[str] = Counter()
        self._is_first = True

    def begin(self, *, planned: bool) -> None:
        self._write(f'{{"format": {json_of(self._package.kind.value)}, "as_of": {json_of(self._day.isoformat())},\n')
        self._write('"events": [')
        self._items(event.decode() for event in self._spool)
        found = {"warnings": self._package.warnings, "places": places_of(self._package)}
        self._write("],\n" + "".join(f"{json_of(name)}: {json_of(value)},\n" for name, value in found.items()))
        self._write('"plan": {"changes": [' if planned else '"plan": null')
        self._is_first = True

    def add(self, preview: Preview) -> None:
        self._counts.update(line.action for lines in preview.lines.values() for line in lines)
        self._items(json_of(line) for line in plan_lines(preview))

    def end(self, holds: Iterable[Hold] | None) -> None:
        if holds is None:
            self._write("}\n")
            return
        would = [
            {"organisation_id": each.organisation_id, "limit": each.limit, "persons": each.persons} for each in holds
        ]
        self._write(f'], "counts": {json_of(dict(sorted(self._counts.items())))}}},\n"holds": {json_of(would)}}}\n')

    def _items(self, items: Iterable[str]) -> None:
        for item in items:
            self._write(item if self._is_first else f",\n{item}")
            self._is_first = False

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)


def places_of(package: Package) -> dict[str, list[dict[str, Any]]]:
    """Where the first hundred warnings of each kind were found: file, line and column."""
    return {kind: [place._asdict() for place in places if any(place)] for kind, places in package.places.items()}
