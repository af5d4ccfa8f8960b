"""The organisations of a OneRoster package, and which of them are schools."""

from __future__ import annotations

from typing import NamedTuple

from adapters.packages.files.ids import Ids, id_of
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import name_of, word_of
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.records import records


class Org(NamedTuple):
    """A row of organisations; `is_school` by its type, `parent` blank where it has none. Without a name it has its id
    for one.
    """

    name: str
    is_named: bool
    is_school: bool
    parent: str
    gone: bool


class Organisations:
    """Those of the package, `orgs` by ids. An organisation that a class names as its school is one besides."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        self._types = dialect.school_types
        self._delta = tables.manifest.is_delta
        self._named: set[str] = set()
        self.orgs = records(tables.rows(dialect.orgs), tables.spill, self._org)
        self._ids = Ids(self.orgs, tables.spill)

    @property
    def schools(self) -> dict[str, str]:
        """The names of the schools by their ids."""
        return {id_: org.name for id_, org in self._schools()}

    @property
    def unnamed(self) -> set[str]:
        """The schools whose rows say no name."""
        return {id_ for id_, org in self._schools() if not org.is_named}

    def _schools(self) -> list[tuple[str, Org]]:
        found = self.orgs.entries()
        return [(id_, org) for id_, org in found if org and not org.gone and self._is_school(id_, org)]

    @property
    def removed_schools(self) -> set[str]:
        """The ids of the schools that are there and gone."""
        return {id_ for id_, org in self.orgs.entries() if org and org.gone and org.is_school}

    def named_in(self, row: Row, column: str) -> str:
        """The organisation that a row names, as its own row spells it; as it stands where it has none."""
        found = self._ids.find(row, column)
        return id_of(row, column) if found is None else found[0]

    def spelt(self, id_: str) -> str:
        """An id as the row of the organisation has it, where that differs in nothing but case."""
        return id_ if id_ in self.orgs else self._ids.spelt(id_) or id_

    def school_of(self, id_: str) -> str | None:
        """The nearest school, from this organisation upwards; an organisation may be its own parent."""
        seen: set[str] = set()
        while not self.is_left_out(id_):
            org = self.orgs.get(id_)
            if org is None or org.gone or id_ in seen:
                return None
            if self._is_school(id_, org):
                return id_
            seen.add(id_)
            id_ = self.spelt(org.parent)
        return id_

    def is_left_out(self, id_: str) -> bool:
        """Whether an organisation has no row for want of a change: who names it in a delta means a school."""
        return self._delta and bool(id_) and id_ not in self.orgs

    def leads_nowhere(self, id_: str) -> bool:
        """Whether there is no such organisation, and should be."""
        return id_ not in self.orgs and not self.is_left_out(id_)

    def is_removed(self, id_: str) -> bool:
        """Whether this organisation is there and gone."""
        if self.is_left_out(id_):
            return False
        org = self.orgs[id_]
        return org is None or org.gone

    def name_school(self, row: Row, id_: str) -> None:
        """Takes the organisation that a class names as its school for one (counted)."""
        org = self.orgs[id_]
        if org is not None and not self._is_school(id_, org):
            self._named.add(id_)
            row.warn("school_type", "an organisation of type school", "schoolSourcedId")

    def _is_school(self, id_: str, org: Org) -> bool:
        return org.is_school or id_ in self._named

    def _org(self, row: Row, *, gone: bool) -> Org:
        is_school = word_of(row, "type", self._types) in self._types or (gone and not row["type"])
        if gone and is_school:
            row.warn("school_removed", "a school that stays", "status")
        name = name_of(row, "name")
        return Org(name or row["sourcedId"], bool(name), is_school, id_of(row, "parentSourcedId"), gone)
