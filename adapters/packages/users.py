"""The users of a OneRoster package, their roles, and who is whose guardian."""

from __future__ import annotations

from sys import intern

from adapters.packages.findings import Place
from adapters.packages.layouts import Dialect
from adapters.packages.places import Places
from adapters.packages.reader import Layout, Row
from adapters.packages.records import Ids, is_gone, name_of, records, refers
from adapters.packages.roster import Person, Post, Posts
from adapters.packages.sources import Sources
from adapters.packages.values import day_of, flag_of, list_of, word_of
from adapters.packages.words import GUARDIANS, STUDENT, fits, role_of
from sync.facts import PersonNames

AGENTS = "agentSourcedIds"


class Users:
    """Everybody, by the package's own ids; None is a row that is there and counts for nothing."""

    def __init__(self, sources: Sources, ids: Ids, places: Places, dialect: Dialect) -> None:
        self._sources = sources
        self._ids = ids
        self._places = places
        self._roles_within = dialect.roles is None
        self._delta = sources.manifest.is_delta
        self.agents: dict[str, tuple[Place, tuple[str, ...]]] = {}
        self.removed_posts: dict[str, Posts] = {}
        self._same: dict[Posts, Posts] = {}  # most roles are somebody else's too: kept once
        self.posts: dict[str, Posts] = {}
        self.links: dict[tuple[str, str], str] = {}
        self.people = records(sources.rows(dialect.users), ids, self._person)
        if dialect.roles is not None:
            self._read_roles(dialect.roles)
        if not self._delta:
            self._link()
        if dialect.relationships is not None:
            self._read_relationships(dialect.relationships)

    def has(self, raw: str, role: str) -> bool:
        """Whether somebody has, anywhere and at any time, a role that goes with being enrolled as `role`."""
        return any(fits(post.role, role) for post in self.posts.get(raw, ()))

    def _person(self, row: Row, *, gone: bool) -> Person | None:
        raw = row["sourcedId"]
        for told in (self.agents, self.posts, self.removed_posts):
            told.pop(raw, None)
        for post in self._posts_within(row) if self._roles_within else ():
            self._add_post(self.removed_posts if gone else self.posts, raw, post)
        if gone:
            return None
        agents = tuple(map(intern, list_of(row[AGENTS])))
        if agents or (self._delta and AGENTS in row.table.columns):
            self.agents[raw] = row.place(AGENTS), agents
        enabled = flag_of(row, "enabledUser")
        if enabled is False and not self._sources.options.block_disabled:
            row.warn("disabled_user", "an enabled user", "enabledUser")
        grade = next(iter(list_of(row["grades"])), "")
        return Person(self._ids(raw), _names(row), enabled, grade)

    def _posts_within(self, row: Row) -> list[Post]:
        """The one role of a 1.1 user, at each of the user's organisations."""
        role = role_of(row, "role")
        if role is None:
            return []
        schools = [self._school(row, org, "orgSourcedIds") for org in list_of(row["orgSourcedIds"]) or ("",)]
        return [Post(school, role) for school in dict.fromkeys(schools)]

    def _read_roles(self, layout: Layout) -> None:
        if self._delta:
            changed = records(self._sources.rows(layout), self._ids, self._changed_role)
            for user, post, gone in filter(None, changed.values()):
                self._add_post(self.removed_posts if gone else self.posts, user, post)
            return
        for row in self._sources.rows(layout):
            if not is_gone(row) and refers(row, "userSourcedId", self.people):
                role = self._role(row)
                if role is not None:
                    self._add_post(self.posts, row["userSourcedId"], role)

    def _changed_role(self, row: Row, *, gone: bool) -> tuple[str, Post, bool] | None:
        post = self._role(row)
        return None if post is None else (row["userSourcedId"], post, gone)

    def _role(self, row: Row) -> Post | None:
        role, org = role_of(row, "role"), row["orgSourcedId"]
        if role is None or not (self._places.is_left_out(org) or refers(row, "orgSourcedId", self._places.orgs)):
            return None
        school = self._school(row, org, "orgSourcedId")
        return Post(school, role, day_of(row, "beginDate"), day_of(row, "endDate"), row["grade"])

    def _school(self, row: Row, org: str, column: str) -> str | None:
        if org not in self._places.orgs and not self._places.is_left_out(org):
            row.warn("dangling_reference", "the id of an organisation", column)
            return None
        school = self._places.school_of(org)
        if school is None and not self._places.is_removed(org):
            row.warn("role_outside_schools", "a school, or what is under one", column)
        return school

    def _add_post(self, posts: dict[str, Posts], raw: str, post: Post) -> None:
        every = (*posts.get(raw, ()), post)
        posts[intern(raw)] = self._same.setdefault(every, every)

    def _read_relationships(self, layout: Layout) -> None:
        """Contacts of students: whose role in the relationship makes them a guardian, without any other."""
        for row in self._sources.rows(layout):
            student, contact = row["userSourcedId"], row["relationshipUserSourcedId"]
            if refers(row, "userSourcedId", self.people) and refers(row, "relationshipUserSourcedId", self.people):
                relation = word_of(row, "relationshipRole", GUARDIANS)
                if relation in GUARDIANS and self.has(student, STUDENT):
                    self.links[self._ids(contact), self._ids(student)] = relation
                else:
                    row.warn("agent_not_guardian", "a student, and a guardian, parent or relative", "relationshipRole")

    def _link(self) -> None:
        for raw, (place, agents) in self.agents.items():
            for agent in agents:
                self._link_two(raw, agent, place)

    def _link_two(self, raw: str, agent: str, place: Place) -> None:
        findings = self._sources.findings
        if agent not in self.people:
            findings.add("dangling_reference", "the id of a user", place)
        elif self.people[agent] is None:
            return
        elif self.has(raw, STUDENT) and self._relation(agent):
            self._add_link(agent, raw)
        elif self._relation(raw) and self.has(agent, STUDENT):
            self._add_link(raw, agent)
        else:
            findings.add("agent_not_guardian", "a student's guardian, or a guardian's student", place)

    def _add_link(self, guardian: str, student: str) -> None:
        self.links[self._ids(guardian), self._ids(student)] = self._relation(guardian)

    def _relation(self, raw: str) -> str:
        """The word of the first role that makes somebody a guardian, blank for who is none."""
        return next((post.role for post in self.posts.get(raw, ()) if post.role in GUARDIANS), "")


def _names(row: Row) -> PersonNames | None:
    last, first, middle = (name_of(row, column) for column in ("familyName", "givenName", "middleName"))
    if not last and not first:
        row.warn("person_without_name", "a family or given name", "familyName")
        return None
    return PersonNames(intern(last), intern(first), intern(middle) if middle else None)
