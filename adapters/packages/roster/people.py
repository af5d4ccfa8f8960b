"""People of a roster, and the roles they have at schools."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from adapters.packages.findings import Place
from sync.facts import PersonNames


class Person(NamedTuple):
    """`names` are None where the package has none; `enabled` where it does not say; `grade` is blank where unknown.

    `agents`: whose guardian the row says somebody is, or who their guardians are; None where it is silent of that, and
    `place` is where they stand.
    """

    names: PersonNames | None
    enabled: bool | None
    grade: str
    agents: tuple[str, ...] | None = None
    place: Place | None = None


class Post(NamedTuple):
    """A role at a school (None: above all schools), on the days from `begins_on` until before `ends_on`."""

    organisation_id: str | None
    role: str
    begins_on: date | None = None
    ends_on: date | None = None
    grade: str = ""


Posts = tuple[Post, ...]


def is_other_name(names: PersonNames | None, last_name: str, first_name: str) -> bool:
    """Whether a name is another one than that of before; where either has none nobody can tell."""
    if names is None or not (last_name or first_name):
        return False
    return _folded(names.last_name, names.first_name) != _folded(last_name, first_name)


def _folded(*names: str) -> list[list[str]]:
    return [name.casefold().split() for name in names]
