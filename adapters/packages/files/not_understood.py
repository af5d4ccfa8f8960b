"""The rows of a package that are there and not understood: what they may name is not gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from unicodedata import category

from adapters.packages.findings import Place
from adapters.packages.spill.mappings import Spill, SpillMap

NAMED = 20  # places that are told to people
IN_PIECES = 1000  # rows whose pieces are remembered; of more of them nobody can tell whom they name
LONGEST_WORD = 300  # characters: no id is longer
BETWEEN_WORDS = re.compile(r"[\s,;|\"]+")
SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,}")
MONTHS = (
    "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
OF_A_MONTH = re.compile(rf"\d{{1,2}}[.-](?:{'|'.join(MONTHS)})", re.IGNORECASE)


class About(Enum):
    """What the rows of a file speak of."""

    ORGANISATIONS = "organisations"
    SESSIONS = "sessions"
    COURSES = "courses"
    SECTIONS = "sections"
    PEOPLE = "people"
    ROLES = "roles"
    LINKS = "links"
    ENROLMENTS = "enrolments"
    OTHER = "other"


class NotUnderstoodError(Exception):
    """A row does not say what it should. It ends the reading of that row alone."""


class NotUnderstood:
    """Every word of the rows not understood, by what their files speak of: any of them may be the id that was meant.

    Of some rows not even that is known (`anybody`): an id was cut off, left blank, or destroyed by a spreadsheet.
    """

    def __init__(self, spill: Spill) -> None:
        self._words: SpillMap[tuple[str, str], bool] = spill.mapping()
        self._anything: set[About] = set()
        self._kinds: set[About] = set()
        self._in_pieces = 0
        self.rows = 0
        self.places: list[Place] = []

    def add(self, about: About, place: Place) -> None:
        """Counts a row, once for whatever is wrong with it, and remembers the first of their places."""
        self._kinds.add(about)
        self.rows += 1
        if len(self.places) < NAMED:
            self.places.append(place)

    def add_word(self, about: About, word: str) -> None:
        """A word of such a row."""
        self._kinds.add(about)
        self._words[about.value, word] = True

    def takes_pieces(self) -> bool:
        """Whether the pieces of one more damaged row are to be remembered."""
        self._in_pieces += 1
        return self._in_pieces <= IN_PIECES

    def add_anything(self, about: About) -> None:
        """A row that may have named anything of its kind."""
        self._anything.add(about)

    def any_of(self, about: About) -> bool:
        """Whether any row of this kind is not understood."""
        return about in self._kinds

    def anything(self, about: About) -> bool:
        """Whether some row of this kind may have named anything."""
        return about in self._anything

    def names(self, about: About, id_: str) -> bool:
        """Whether some row of this kind has this word."""
        return about in self._kinds and (about.value, id_) in self._words

    def may_name(self, about: About, id_: str) -> bool:
        """Whether some row of this kind has this word, or may have had it."""
        return about in self._anything or self.names(about, id_)


def words_of(cells: list[str]) -> Iterator[str]:
    """Everything in the cells of a row that may be an id: each cell, and its parts."""
    for cell in cells:
        for word in (cell.strip(), _shown(cell), *BETWEEN_WORDS.split(cell)):
            if 0 < len(word) <= LONGEST_WORD:
                yield word


def pieces_of(cells: list[str], extra: int) -> Iterator[str]:
    """What else may be an id where commas are lost, or too many: beginnings and ends of cells, and neighbours that a
    comma may have parted; `extra` is how many more cells there are than columns.
    """
    for number, cell in enumerate(cells):
        text = cell.strip()[:LONGEST_WORD]
        for at in range(1, len(text)):
            yield text[:at].strip()
            yield text[at:].strip()
        for each in range(2, extra + 2):
            parts = [part.strip() for part in cells[number : number + each]]
            yield from (",".join(parts)[:LONGEST_WORD], "".join(parts)[:LONGEST_WORD])


def _shown(cell: str) -> str:
    return "".join(each for each in cell.strip() if category(each) not in {"Cc", "Cf"})


def is_destroyed(text: str) -> bool:
    """Whether a spreadsheet has made a number or a day of an id or a title: `1,00001E+11`, `05.янв`."""
    pattern = SPREADSHEET if "E+" in text else OF_A_MONTH if text[-3:].lower() in MONTHS else None
    return pattern is not None and pattern.fullmatch(text) is not None
