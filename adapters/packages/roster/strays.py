"""References that lead nowhere: where nothing is known by them either, any of those missing may have been meant."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from adapters.packages.spill.mappings import Spill, SpillMap


class Open(Enum):
    """What a row leaves open that leads nowhere."""

    STUDENTS = "students of a section"
    TEACHERS = "teachers of a section"
    STUDIES = "sections of a student"
    TEACHINGS = "sections of a teacher"
    ROLES = "roles of anybody"
    LINKS = "guardians or students of a person"


OF_PEOPLE = {Open.STUDENTS, Open.TEACHERS, Open.ROLES, Open.LINKS}  # whose missing end is a person


class Strays:
    """`add` notes them, and `kinds` are those there are; `leave_open` then says of which it cannot be told who or what
    was meant.
    """

    def __init__(self, spill: Spill) -> None:
        self.kinds: set[Open] = set()
        self._found: SpillMap[tuple[str, str, str], bool] = spill.mapping()
        self._open: SpillMap[tuple[str, str], bool] = spill.mapping()

    def add(self, what: Open, of: str, missing: str) -> None:
        """A row of somebody or something, and the id in it that leads nowhere."""
        self.kinds.add(what)
        self._found[what.value, of, missing] = True

    def found(self) -> Iterator[tuple[Open, str, str]]:
        """All of them."""
        return ((Open(what), of, missing) for what, of, missing in self._found)

    def leave_open(self, what: Open, of: str) -> None:
        """Says that nothing is known by the id that leads nowhere."""
        self._open[what.value, of] = True

    def is_open(self, what: Open, of: str) -> bool:
        """Whether anything that is missing may have been meant."""
        return (what.value, of) in self._open
