"""The files of a package, opened as its manifest and the options say."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.packages.files.columns import Layout
from adapters.packages.files.encodings import CsvText
from adapters.packages.files.folder_or_zip import Files
from adapters.packages.files.manifest import Manifest, Mode
from adapters.packages.files.metering import Progress
from adapters.packages.files.not_understood import NotUnderstood
from adapters.packages.files.rows import Row, Table
from adapters.packages.findings import Findings
from adapters.packages.options import Options
from adapters.packages.spill.mappings import Spill


class Tables:
    """Opens the tables of one package and remembers what was in them; `spill` takes what is read of them."""

    def __init__(
        self, files: Files, manifest: Manifest, options: Options, findings: Findings, *, text: CsvText, spill: Spill
    ) -> None:
        self.manifest = manifest
        self.options = options
        self.findings = findings
        self.progress = Progress(options.progress)
        self.spill = spill
        self.not_understood = NotUnderstood(spill)
        self._files = files
        self._text = text
        self._tables: dict[str, Table] = {}

    def rows(self, layout: Layout) -> Iterable[Row]:
        """The rows of a file, none of one that is absent."""
        mode = self.manifest.mode(self._files, layout.name)
        if mode is Mode.ABSENT:
            return ()
        self._files.note_name(layout.name)
        table = Table(
            self._files,
            layout,
            self.findings,
            self._text,
            self.not_understood,
            self.options.namespace,
            day_first=self.manifest.kind.day_first,
            delta=mode is Mode.DELTA,
            progress=self.progress,
        )
        self._tables[layout.name] = table
        return table

    def has_rows(self, name: str) -> bool:
        """Whether the file was there and had a row when it was read."""
        return name in self._tables and self._tables[name].had_rows

    def has_column(self, name: str, column: str) -> bool:
        """Whether the file had a row when it was read, and this column."""
        return self.has_rows(name) and column in self._tables[name].columns

    def lacks(self, layout: Layout, column: str) -> bool:
        """Whether the file was there without this column."""
        return layout.name in self._tables and column not in self._tables[layout.name].columns
