"""People of a roster, and the roles they have at schools."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from adapters.packages.findings import Place
from sync.facts import PersonNames


class Person(NamedTuple):
    """`names` are None where the package has none; `enabled` where it does not say; `grade` is blank where unknown.

    `agents`: whose guardian the row says somebody is, or who their guardians are; None where it tells no list, and
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
