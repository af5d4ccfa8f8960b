"""Who is whose guardian by a OneRoster package: the agents of users, and relationships.csv where a format has it."""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.ids import id_of, referred
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import word_of
from adapters.packages.findings import Place
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.role_words import GUARDIANS, STUDENT
from adapters.packages.spill.mappings import ABSENT, SpillMap

Links = SpillMap[tuple[str, str], str]


def guardian_links(tables: Tables, users: Users, relationships: Layout | None) -> Links:
    """The word of the relation, by student and guardian. Of a delta none by agents: its rows are read later."""
    links = _GuardianLinks(tables, users)
    if not tables.manifest.is_delta:
        links.read_agents()
    if relationships is not None:
        links.read_relationships(relationships)
    return links.found


class _GuardianLinks:
    def __init__(self, tables: Tables, users: Users) -> None:
        self._tables = tables
        self._users = users
        self.found: Links = tables.spill.mapping()

    def read_agents(self) -> None:
        for id_, person in self._users.people.entries():
            if person is not None and person.agents is not None and person.place is not None:
                for agent in person.agents:
                    self._link(id_, agent, person.place)

    def _link(self, id_: str, agent: str, place: Place) -> None:
        findings, other = self._tables.findings, self._users.people.get(agent, ABSENT)
        if other is ABSENT:
            findings.add("dangling_reference", "the id of a user", place)
        elif other is None:
            return
        elif self._users.has(id_, STUDENT) and (relation := self._relation(agent)):
            self.found[id_, agent] = relation
        elif (relation := self._relation(id_)) and self._users.has(agent, STUDENT):
            self.found[agent, id_] = relation
        else:
            findings.add("agent_not_guardian", "a student's guardian, or a guardian's student", place)

    def _relation(self, person: str) -> str:
        """The word of the first role that makes somebody a guardian, blank for who is none."""
        return next((post.role for post in self._users.posts.get(person, ()) if post.role in GUARDIANS), "")

    def read_relationships(self, layout: Layout) -> None:
        """Contacts of students: whose role in the relationship makes them a guardian, without any other."""
        people = self._users.people
        for row in self._tables.rows(layout):
            student = referred(row, "userSourcedId", people)
            if student is not None and referred(row, "relationshipUserSourcedId", people) is not None:
                self._relate(row, id_of(row, "userSourcedId"), id_of(row, "relationshipUserSourcedId"))

    def _relate(self, row: Row, student: str, contact: str) -> None:
        relation = word_of(row, "relationshipRole", GUARDIANS)
        if relation in GUARDIANS and self._users.has(student, STUDENT):
            self.found[student, contact] = relation
        else:
            row.warn("agent_not_guardian", "a student, and a guardian, parent or relative", "relationshipRole")
