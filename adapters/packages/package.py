"""A roster package as the way in uses it: open it, ask what it needs to know, take its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from adapters.packages.bulk.organisations import state_organisations
from adapters.packages.bulk.statement import state_all
from adapters.packages.delta.statement import state_changes
from adapters.packages.diff.comparison import Comparison
from adapters.packages.diff.differences import differences
from adapters.packages.diff.envelope import Envelope, source_of
from adapters.packages.diff.other_sources import other_sources
from adapters.packages.diff.too_few import kinds_by_school
from adapters.packages.facts.known import Known
from adapters.packages.facts.known_spelling import spell_as_known
from adapters.packages.facts.large_groups import leave_out_large_groups
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.files.encodings import text_as
from adapters.packages.files.folder_or_zip import files_of
from adapters.packages.files.manifest import PackageKind, manifest_of
from adapters.packages.files.not_understood import About, NotUnderstood
from adapters.packages.files.tables import Tables
from adapters.packages.findings import Findings, PackageError, Place
from adapters.packages.oneroster.dialects import ONEROSTER_1_1, ONEROSTER_1_2
from adapters.packages.oneroster.read import read_roster
from adapters.packages.options import Options
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.spoken_of import people_spoken_of, schools_spoken_of, sections_spoken_of
from adapters.packages.sds import v1
from adapters.packages.sds.v2 import SDS_2, SDS_2_1
from adapters.packages.spill.mappings import Spill
from sync.facts import FactType

DEFAULT_SOURCE = "roster"  # never the name of the file: it changes daily

READERS: Mapping[PackageKind, Callable[[Tables], Roster]] = {
    PackageKind.ONEROSTER_1_1: partial(read_roster, dialect=ONEROSTER_1_1),
    PackageKind.ONEROSTER_1_2: partial(read_roster, dialect=ONEROSTER_1_2),
    PackageKind.SDS_1: v1.read_roster,
    PackageKind.SDS_2: partial(read_roster, dialect=SDS_2),
    PackageKind.SDS_2_1: partial(read_roster, dialect=SDS_2_1),
}


class Package:
    """A package that has been read; its events wait for what was before it.

    `kind` is its format, `source` that of its events. After `events`: `few` are the kinds of which so few were there in
    a school that none is removed, by school, and `silent` those of which there was no row, and somebody or something
    stays for that.
    """

    def __init__(self, kind: PackageKind, source: str, roster: Roster, options: Options, findings: Findings) -> None:
        self.kind = kind
        self.source = source
        self.spill = roster.spill
        self._roster = roster
        self._options = options
        self._findings = findings
        self.few: Mapping[str, Sequence[str]] = {}
        self.silent: Mapping[str, Sequence[str]] = {}
        self._kept: Counter[FactType] = Counter()
        self._is_foreign = False

    @property
    def organisations(self) -> Sequence[str]:
        """The schools the package speaks of, sorted: those whose facts have to be known."""
        return schools_spoken_of(self._roster)

    def people(self) -> Iterator[str]:
        """Whom a delta speaks of without saying where, some of them several times; none of a bulk."""
        return people_spoken_of(self._roster)

    def sections(self) -> Iterator[str]:
        """The classes and groups that a delta speaks of, some of them several times; none of a bulk."""
        return sections_spoken_of(self._roster)

    @property
    def warnings(self) -> Mapping[str, int]:
        """How many warnings there are of each kind, sorted by kind."""
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
    def not_understood(self) -> NotUnderstood:
        """The rows that are there and not understood."""
        return self._roster.doubts.rows

    @property
    def needs_person(self) -> bool:
        """Whether facts were kept, a change passed over, or a school removed, so that somebody has to look.

        After the last of `events`.
        """
        has_lost_changes = self._roster.changes is not None and self.not_understood.rows > 0
        lacks_school = self.not_understood.any_of(About.ORGANISATIONS)  # of which nothing is compared
        is_used = "class_still_used" in self._findings.counts
        is_removed = bool(self._roster.removed_schools)
        return any((self._is_foreign, self._kept, is_removed, has_lost_changes, lacks_school, is_used))

    def events(self, known: Known | None) -> Iterator[dict[str, Any]]:
        """The CloudEvents, structured, of all that differs from what was; `known` None is nothing to compare with.

        Every warning is counted by the time this returns, before the first event; call it once.

        Raises:
            PackageError: in strict mode, for any warning.
        """
        if known is None:
            self._findings.add("no_base_for_removals", "a database or a previous package")
        elif self._options.source is None and (others := other_sources(known, self.source, self.organisations)):
            self._refuse(others)
            return iter(())
        else:
            spell_as_known(self._roster, known, self._findings)
        snapshot = self.snapshot(known)
        comparison = Comparison(snapshot, known, self.source, self._findings)
        self.few, self.silent = kinds_by_school(comparison.few), kinds_by_school(comparison.silent)
        self._kept = snapshot.kept
        envelope = Envelope(self.source, self._options.at)
        return map(envelope.around, differences(comparison, self._options))

    @property
    def kept(self) -> Mapping[str, int]:
        """How many facts of each type stay as they were for want of a row, or a file, that says otherwise."""
        return {kind.name: number for kind, number in sorted(self._kept.items(), key=lambda item: item[0].name)}

    def _refuse(self, others: Mapping[str, str]) -> None:
        """Another source would set everything once more, and end nothing of what the former one set."""
        self._is_foreign = True
        for school, source in others.items():
            self._findings.add(
                "other_source", f"--source '{source}', from which school {school} has come so far, or another one named"
            )

    def snapshot(self, known: Known | None) -> Snapshot:
        """The facts that the package states."""
        reading = Reading(self._roster, self._options, self._findings, known)
        state_organisations(reading)
        if self._roster.changes is not None:
            state_changes(reading, self._roster.changes)
        else:
            state_all(reading)
        leave_out_large_groups(reading)
        return reading.snapshot

    def known_to(self, source: str) -> Known:
        """What holds once `source` has sent this package: the base of a later one, where no database is at hand."""
        return self.snapshot(None).as_known(source)


def open_package(path: Path, options: Options) -> Package:
    """Reads a folder or a zip to its end. Blocks for as long as that takes.

    Raises:
        PackageError: no roster, or not a whole one; in strict mode, anything a warning is due for. Permanent.
    """
    findings, text = Findings(strict=options.strict), text_as(options.encoding, options.separator)
    with files_of(path, findings, options) as files:
        manifest = manifest_of(files, findings, text)
        tables = Tables(files, manifest, options, findings, text=text, spill=Spill())
        roster = READERS[manifest.kind](tables)
        tables.progress.end()
    if not roster.schools and not roster.removed_schools and roster.changes is None:
        name = "School.csv" if manifest.kind is PackageKind.SDS_1 else "orgs.csv"
        raise PackageError("an organisation of type school; there is none that is understood", Place(name))
    source = source_of(options.source or manifest.system_code or DEFAULT_SOURCE)
    return Package(manifest.kind, source, roster, options, findings)
