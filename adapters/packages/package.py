"""A roster package as the way in uses it: open it, ask what it needs to know, take its events."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.packages.bulk.classes import state_classes
from adapters.packages.bulk.groups import leave_out_large, state_groups
from adapters.packages.bulk.people import state_employees, state_guardians, state_organisations, state_people
from adapters.packages.bulk.students import state_students
from adapters.packages.delta.statement import state_changes
from adapters.packages.diff.comparison import Comparison
from adapters.packages.diff.differences import differences
from adapters.packages.diff.envelope import Envelope, source_of
from adapters.packages.facts.known import Known
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.files.folder_or_zip import files_of
from adapters.packages.files.manifest import PackageKind, manifest_of
from adapters.packages.files.tables import Tables
from adapters.packages.findings import Findings, PackageError, Place
from adapters.packages.oneroster import read as oneroster
from adapters.packages.options import Options
from adapters.packages.roster.roster import Roster
from adapters.packages.sds import v1 as sds_1


class Package:
    """A package that has been read; its events wait for what was before it."""

    def __init__(self, kind: PackageKind, source: str, roster: Roster, options: Options, findings: Findings) -> None:
        self.kind = kind
        self.source = source
        self.spill = roster.spill
        self._roster = roster
        self._options = options
        self._findings = findings
        self.held: Sequence[str] = ()
        """The schools, sorted, of which too few of the known students were there to remove anybody. After `events`."""

    @property
    def organisations(self) -> Sequence[str]:
        """The schools the package speaks of, sorted: those whose facts have to be known."""
        named = {*self._roster.schools, *self._roster.removed_schools}
        changes = self._roster.changes
        if changes is not None:
            named |= {section.organisation_id for section in self._roster.all_sections()}
            named |= {seat.organisation_id for seat in changes.told_seats() if seat.organisation_id is not None}
            for of_all in (self._roster.posts, changes.removed_posts):
                for _, posts in of_all.entries():
                    named |= {post.organisation_id for post in posts if post.organisation_id is not None}
        return sorted(named)

    def people(self) -> Iterator[str]:
        """Whom a delta speaks of without saying where, some of them several times; none of a bulk, which says where
        everybody is.
        """
        changes = self._roster.changes
        if changes is not None:
            for id_, person in self._roster.people.entries():
                yield id_
                yield from (person.agents if person is not None else None) or ()
            yield from (seat.person_id for seat in changes.told_seats())

    def sections(self) -> Iterator[str]:
        """The classes and groups that a delta speaks of, some of them several times."""
        changes = self._roster.changes
        return iter(()) if changes is None else (seat.section_id for seat in changes.told_seats())

    @property
    def warnings(self) -> Mapping[str, int]:
        return dict(sorted(self._findings.counts.items()))

    @property
    def expected(self) -> Mapping[str, str]:
        """What should have stood where the first warning of each kind was found."""
        return dict(self._findings.expected)

    @property
    def places(self) -> Mapping[str, Sequence[Place]]:
        """Where the first hundred warnings of each kind were found."""
        return dict(self._findings.places)

    @property
    def needs_person(self) -> bool:
        """Whether removals were left undone, or a school removed, so that somebody has to look. After `events`."""
        return bool(self.held) or bool(self._roster.removed_schools)

    def events(self, known: Known | None) -> Iterator[dict[str, Any]]:
        """The CloudEvents, structured, of all that differs from what was; `known` None is nothing to compare with.

        Every warning is counted by the time this returns, before the first event; call it once.

        Raises:
            PackageError: in strict mode, for any warning.
        """
        if known is None:
            self._findings.add("no_base_for_removals", "a database or a previous package")
        comparison = Comparison(self.snapshot(known), known, self.source)
        self.held = sorted(comparison.held)
        envelope = Envelope(self.source, self._options.at)
        return map(envelope.around, differences(comparison, self._options))

    def snapshot(self, known: Known | None) -> Snapshot:
        """The facts that the package states."""
        reading = Reading(self._roster, self._options, self._findings, known)
        self._state(reading)
        leave_out_large(reading)
        return reading.snapshot

    def _state(self, reading: Reading) -> None:
        state_organisations(reading)
        if self._roster.changes is not None:
            state_changes(reading, self._roster.changes)
            return
        state_employees(reading)
        state_classes(reading)
        state_students(reading)
        state_guardians(reading)
        state_groups(reading)
        state_people(reading)

    def known_to(self, source: str) -> Known:
        """What holds once `source` has sent this package: the base of a later one, where no database is at hand."""
        return self.snapshot(None).as_known(source)


def open_package(path: Path, options: Options) -> Package:
    """Reads a folder or a zip to its end. Blocks for as long as that takes.

    Raises:
        PackageError: no roster, or not a whole one; in strict mode, anything a warning is due for. Permanent.
    """
    findings, encoding = Findings(strict=options.strict), _encoding(options)
    with files_of(path, findings) as files:
        manifest = manifest_of(files, findings, encoding)
        is_oneroster = manifest.kind in {PackageKind.ONEROSTER_1_1, PackageKind.ONEROSTER_1_2}
        tables = Tables(files, manifest, options, findings, encoding, day_first=is_oneroster)
        reader = sds_1.roster_of if manifest.kind is PackageKind.SDS_1 else oneroster.roster_of
        roster = reader(tables)
        tables.progress.end()
    if not roster.schools and not roster.removed_schools and roster.changes is None:
        raise PackageError("an organisation of type school", Place("orgs.csv"))
    source = source_of(options.source or manifest.system_code or path.name)
    return Package(manifest.kind, source, roster, options, findings)


def _encoding(options: Options) -> str:
    try:
        name = codecs.lookup(options.encoding or "utf-8").name
    except LookupError as error:
        raise PackageError(f"an encoding that is known, not {options.encoding}") from error
    return "utf-8-sig" if name == "utf-8" else name
