"""Days and instants in a row: ISO 8601, with dots, or with slashes in the order that the rest of their column tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from adapters.packages.files.rows import Row, Table

SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T].*)?")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T].*)?")
YEARS = range(1900, 3000)  # what the event contract takes
BLANK_DAY = date.min
BEGINNING = datetime.min.replace(tzinfo=UTC)


def day_of(row: Row, column: str) -> date | None:
    """The day in a column, None where blank. Of an instant, the day as it is written.

    Raises:
        NotUnderstoodError: none that can be read, or none of the years 1900 to 2999.
    """
    if not row[column]:
        return None
    day = _day(row, column)
    if day is None:
        raise row.not_understood("bad_date", "a day as YYYY-MM-DD", column)
    return day


def instant_of(row: Row, column: str) -> datetime:
    """The instant in a column, the beginning of time where blank or (counted) unreadable."""
    text = row[column]
    if not text:
        return BEGINNING
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = _day(row, column)
        if day is None:
            row.warn("bad_date", "a moment as YYYY-MM-DDTHH:MM:SSZ", column)
            return BEGINNING
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(row: Row, column: str) -> date | None:
    text = row[column]
    day = _iso_day(text)
    if day is None and (match := SLASHED.fullmatch(text) or DOTTED.fullmatch(text)):
        row.warn("date_format", "a day as YYYY-MM-DD", column)
        day = _numbered_day(match, day_first=match.re is DOTTED or _day_first(row.table, column))
    return day if day is not None and day.year in YEARS else None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) <= len("YYYY-MM-DD") else datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _numbered_day(match: re.Match[str], *, day_first: bool) -> date | None:
    first, second, year = (int(part) for part in match.groups())
    day, month = (first, second) if day_first else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_first(table: Table, column: str) -> bool:
    """Whether D/M/YYYY stands in this column: told by its first value that can be read in one way only."""
    if column not in table.orders:
        table.orders[column] = next(_decided(table, column), table.day_first)
    return table.orders[column]


def _decided(table: Table, column: str) -> Iterator[bool]:
    for cell in table.cells(column):
        if match := SLASHED.fullmatch(cell.strip()):
            first, second = int(match[1]), int(match[2])
            if (first > 12) != (second > 12):
                yield first > 12
