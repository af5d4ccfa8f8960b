"""Who is whose guardian by a OneRoster package: the agents of users, and relationships.csv where a format has it."""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.ids import id_of
from adapters.packages.files.not_understood import BETWEEN_WORDS, About
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import word_of
from adapters.packages.findings import Place
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.role_words import GUARDIANS, OTHER_CONTACTS, STUDENT
from adapters.packages.roster.strays import Open
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
        self._doubts = users.doubts
        self.found: Links = tables.spill.mapping()

    def read_agents(self) -> None:
        for id_, person in self._users.people.entries():
            if person is not None and person.agents is not None and person.place is not None:
                for agent in person.agents:
                    self._link(id_, agent, person.place)

    def _link(self, id_: str, agent: str, place: Place) -> None:
        findings, other = self._tables.findings, self._users.people.get(agent, ABSENT)
        if other is ABSENT and (spelt := self._users.ids.spelt(agent)) is not None:
            findings.add("id_case", "the id as its own row has it", place)
            agent, other = spelt, self._users.people[spelt]
        if other is ABSENT:
            self._doubt(id_, agent, place)
        elif other is None:
            return
        elif self._users.has(id_, STUDENT) and (relation := self._relation(agent)):
            self.found[id_, agent] = relation
        elif (relation := self._relation(id_)) and self._users.has(agent, STUDENT):
            self.found[agent, id_] = relation
        elif not self._doubts.has_link(id_, agent):
            findings.add("agent_not_guardian", "a student's guardian, or a guardian's student", place)

    def _doubt(self, id_: str, agent: str, place: Place) -> None:
        """An agent without a row, or several in one where the list is separated otherwise."""
        namespace = f"{self._tables.options.namespace}:" if self._tables.options.namespace else ""
        for part in {agent, *(f"{namespace}{part}" for part in BETWEEN_WORDS.split(agent.removeprefix(namespace)))}:
            self._doubts.add_link(id_, part)
        if not self._doubts.rows.names(About.PEOPLE, agent):
            self._tables.findings.add("dangling_reference", "ids of users, separated by commas", place)
            self._doubts.rows.add(About.LINKS, place)
            self._doubts.strays.add(Open.LINKS, id_, agent)

    def _relation(self, person: str) -> str:
        """The word of the first role that makes somebody a guardian, blank for who is none."""
        return next((post.role for post in self._users.posts.get(person, ()) if post.role in GUARDIANS), "")

    def read_relationships(self, layout: Layout) -> None:
        """Contacts of students: whose role in the relationship makes them a guardian, without any other."""
        for row in self._tables.rows(layout):
            with row:
                student, contact = (self._person(row, column) for column in layout.ids)
                if student is not None and contact is not None:
                    self._relate(row, student, contact)

    def _person(self, row: Row, column: str) -> str | None:
        """Whom a relationship names, None where their row is gone, or not understood itself."""
        found = self._users.ids.find(row, column)
        if found is not None:
            return found[0] if found[1] is not None else None
        if not self._doubts.rows.names(About.PEOPLE, id_of(row, column)):
            raise row.not_understood("dangling_reference", "the id of a user", column)
        return None

    def _relate(self, row: Row, student: str, contact: str) -> None:
        relation = word_of(row, "relationshipRole", (*GUARDIANS, *OTHER_CONTACTS))
        if relation not in {*GUARDIANS, *OTHER_CONTACTS}:
            raise row.not_understood("unknown_role", "guardian, parent or relative", "relationshipRole")
        if relation in GUARDIANS and self._users.has(student, STUDENT):
            self.found[student, contact] = relation
        elif not self._doubts.has_person(student):
            row.warn("agent_not_guardian", "a student, and a guardian, parent or relative", "relationshipRole")
