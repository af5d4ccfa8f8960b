"""The users of a OneRoster package, and their roles."""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.days import day_of
from adapters.packages.files.ids import Ids, check_whole, id_of, ids_of
from adapters.packages.files.not_understood import About
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import flag_of, list_of, name_of, text_of
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.organisations import Organisations
from adapters.packages.oneroster.records import is_gone, records
from adapters.packages.roster.doubts import ANY, Doubts
from adapters.packages.roster.people import Person, Post, Posts, is_other_name
from adapters.packages.roster.role_words import fits, role_of
from adapters.packages.roster.strays import Open
from adapters.packages.spill.mappings import SpillMap
from sync.facts import PersonNames

AGENTS = "agentSourcedIds"


class Users:
    """Everybody, by ids: `people` (None where a row is there and counts for nothing) and their roles, `posts`.

    Of a delta, `removed_posts` are the roles whose rows are removed. `doubts` are of those not understood. `roles` are
    all roles that anybody has; `has_links`: whether anybody has agents.
    """

    def __init__(self, tables: Tables, organisations: Organisations, dialect: Dialect) -> None:
        self._tables = tables
        self._organisations = organisations
        self._roles_within = dialect.roles is None
        self._delta = tables.manifest.is_delta
        self.roles: set[str] = set()
        self.has_links = False
        self.posts: SpillMap[str, Posts] = tables.spill.mapping()
        self.removed_posts: SpillMap[str, Posts] = tables.spill.mapping()
        self.people = records(tables.rows(dialect.users), tables.spill, self._person, self._clash)
        self.doubts = self._doubts = Doubts(tables.not_understood, tables.spill, self.people, self.posts)
        self.ids = Ids(self.people, tables.spill)
        if dialect.roles is not None:
            self._read_roles(dialect.roles)

    def has(self, person: str, role: str) -> bool:
        """Whether somebody has, anywhere and at any time, a role that goes with being enrolled as `role`."""
        return any(fits(post.role, role) for post in self.posts.get(person, ()))

    def may_have(self, person: str, role: str) -> bool:
        """Whether somebody has such a role, or a row that is not understood may say so."""
        return self.has(person, role) or self._doubts.has_person(person) or self._doubts.may_lack_role(person)

    def _clash(self, before: Person, row: Row) -> str | None:
        if not is_other_name(before.names, row["familyName"], row["givenName"]):
            return None
        for posts in (self.posts, self.removed_posts):
            posts.pop(id_of(row, "sourcedId"), None)
        return "id_of_two_people"

    def _person(self, row: Row, *, gone: bool) -> Person | None:
        posts = self._posts_within(row) if self._roles_within else ()
        if self._roles_within:
            person = id_of(row, "sourcedId")
            _put(self.posts, person, () if gone else posts)
            _put(self.removed_posts, person, posts if gone else ())
        if gone:
            return None
        agents = self._agents(row)
        enabled = flag_of(row, "enabledUser")
        if enabled is False and not self._tables.options.block_disabled:
            row.warn("disabled_user", "an enabled user", "enabledUser")
        grade = next(iter(list_of(text_of(row, "grades"))), "")
        return Person(_names(row), enabled, grade, agents, row.place(AGENTS) if agents is not None else None)

    def _agents(self, row: Row) -> tuple[str, ...] | None:
        """Those that the row lists, None where it is silent of them, or a delta's list is not understood."""
        agents = ids_of(row, AGENTS)
        self.has_links |= bool(agents)
        if self._delta and any(";" in agent or "|" in agent for agent in agents):
            row.doubt("dangling_reference", "ids separated by commas", AGENTS)
            return None
        return agents or None

    def _posts_within(self, row: Row) -> Posts:
        """The one role of a 1.1 user, at each of the user's organisations."""
        role = role_of(row, "role")
        self.roles.add(role)
        schools: dict[str | None, None] = {}
        for raw in list_of(row["orgSourcedIds"]):
            org = self._organisations.spelt(row.table.in_namespace(raw))
            if self._organisations.leads_nowhere(org):
                row.doubt("dangling_reference", "the id of an organisation", "orgSourcedIds")
            else:
                schools[self._school(row, org, "orgSourcedIds")] = None
        if not list_of(row["orgSourcedIds"]):
            row.doubt("dangling_reference", "the id of an organisation", "orgSourcedIds")
        return tuple(Post(school, role) for school in schools)

    def _read_roles(self, layout: Layout) -> None:
        if self._delta:
            changed = records(self._tables.rows(layout), self._tables.spill, self._changed_role)
            for _, told in changed.entries():
                if told is not None:
                    user, post, gone = told
                    _add(self.removed_posts if gone else self.posts, user, post)
            return
        for row in self._tables.rows(layout):
            with row:
                if not is_gone(row):
                    self._read_role(row)

    def _read_role(self, row: Row) -> None:
        check_whole(row, "userSourcedId")
        found = self.ids.find(row, "userSourcedId")
        if found is None:
            if not self._tables.not_understood.names(About.PEOPLE, id_of(row, "userSourcedId")):
                self._doubts.strays.add(Open.ROLES, ANY, id_of(row, "userSourcedId"))
                raise row.not_understood("dangling_reference", "the id of a user", "userSourcedId")
            return
        person, told = found
        if told is not None:
            _add(self.posts, person, self._role(row))

    def _changed_role(self, row: Row, *, gone: bool) -> tuple[str, Post, bool]:
        if not id_of(row, "userSourcedId"):
            raise row.not_understood("dangling_reference", "the id of a user", "userSourcedId")
        check_whole(row, "userSourcedId")
        return id_of(row, "userSourcedId"), self._role(row), gone

    def _role(self, row: Row) -> Post:
        role, org = role_of(row, "role"), self._organisations.named_in(row, "orgSourcedId")
        if self._organisations.leads_nowhere(org):
            raise row.not_understood("dangling_reference", "the id of an organisation", "orgSourcedId")
        begins_on, ends_on = day_of(row, "beginDate"), day_of(row, "endDate")
        self.roles.add(role)
        return Post(self._school(row, org, "orgSourcedId"), role, begins_on, ends_on, text_of(row, "grade"))

    def _school(self, row: Row, org: str, column: str) -> str | None:
        school = self._organisations.school_of(org)
        if school is None and not self._organisations.is_removed(org):
            row.warn("role_outside_schools", "a school, or what is under one", column)
        return school


def _put(told: SpillMap[str, Posts], person: str, posts: Posts) -> None:
    """The posts of a row, in the place of those of a row before it."""
    if posts:
        told[person] = posts
    else:
        told.pop(person, None)


def _add(posts: SpillMap[str, Posts], person: str, post: Post) -> None:
    posts[person] = (*posts.get(person, ()), post)


def _names(row: Row) -> PersonNames | None:
    last, first, middle = (name_of(row, column) for column in ("familyName", "givenName", "middleName"))
    if not last and not first:
        row.warn("person_without_name", "a family or given name", "familyName")
        return None
    return PersonNames(last, first, middle or None)
