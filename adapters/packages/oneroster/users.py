"""The users of a OneRoster package, and their roles."""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.days import day_of
from adapters.packages.files.ids import id_of, ids_of, referred
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import flag_of, list_of, name_of
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.organisations import Organisations
from adapters.packages.oneroster.records import is_gone, records
from adapters.packages.roster.people import Person, Post, Posts
from adapters.packages.roster.role_words import fits, role_of
from adapters.packages.spill.mappings import SpillMap
from sync.facts import PersonNames

AGENTS = "agentSourcedIds"


class Users:
    """Everybody, by ids: `people` (None where a row is there and counts for nothing) and their roles, `posts`.

    Of a delta, `removed_posts` are the roles whose rows are removed.
    """

    def __init__(self, tables: Tables, organisations: Organisations, dialect: Dialect) -> None:
        self._tables = tables
        self._organisations = organisations
        self._roles_within = dialect.roles is None
        self._delta = tables.manifest.is_delta
        self.posts: SpillMap[str, Posts] = tables.spill.mapping()
        self.removed_posts: SpillMap[str, Posts] = tables.spill.mapping()
        self.people = records(tables.rows(dialect.users), tables.spill, self._person)
        if dialect.roles is not None:
            self._read_roles(dialect.roles)

    def has(self, person: str, role: str) -> bool:
        """Whether somebody has, anywhere and at any time, a role that goes with being enrolled as `role`."""
        return any(fits(post.role, role) for post in self.posts.get(person, ()))

    def _person(self, row: Row, *, gone: bool) -> Person | None:
        if self._roles_within:
            person, posts = id_of(row, "sourcedId"), self._posts_within(row)
            _put(self.posts, person, () if gone else posts)
            _put(self.removed_posts, person, posts if gone else ())
        if gone:
            return None
        agents = ids_of(row, AGENTS)
        is_told = bool(agents) or (self._delta and AGENTS in row.table.columns)
        enabled = flag_of(row, "enabledUser")
        if enabled is False and not self._tables.options.block_disabled:
            row.warn("disabled_user", "an enabled user", "enabledUser")
        grade = next(iter(list_of(row["grades"])), "")
        return Person(_names(row), enabled, grade, agents if is_told else None, row.place(AGENTS) if is_told else None)

    def _posts_within(self, row: Row) -> Posts:
        """The one role of a 1.1 user, at each of the user's organisations."""
        role = role_of(row, "role")
        if role is None:
            return ()
        schools = [self._school(row, org, "orgSourcedIds") for org in ids_of(row, "orgSourcedIds") or ("",)]
        return tuple(Post(school, role) for school in dict.fromkeys(schools))

    def _read_roles(self, layout: Layout) -> None:
        if self._delta:
            changed = records(self._tables.rows(layout), self._tables.spill, self._changed_role)
            for _, told in changed.entries():
                if told is not None:
                    user, post, gone = told
                    _add(self.removed_posts if gone else self.posts, user, post)
            return
        for row in self._tables.rows(layout):
            if not is_gone(row) and referred(row, "userSourcedId", self.people) is not None:
                role = self._role(row)
                if role is not None:
                    _add(self.posts, id_of(row, "userSourcedId"), role)

    def _changed_role(self, row: Row, *, gone: bool) -> tuple[str, Post, bool] | None:
        post = self._role(row)
        return None if post is None else (id_of(row, "userSourcedId"), post, gone)

    def _role(self, row: Row) -> Post | None:
        role, org = role_of(row, "role"), id_of(row, "orgSourcedId")
        if role is None:
            return None
        if not self._organisations.is_left_out(org) and referred(row, "orgSourcedId", self._organisations.orgs) is None:
            return None
        school = self._school(row, org, "orgSourcedId")
        return Post(school, role, day_of(row, "beginDate"), day_of(row, "endDate"), row["grade"])

    def _school(self, row: Row, org: str, column: str) -> str | None:
        if org not in self._organisations.orgs and not self._organisations.is_left_out(org):
            row.warn("dangling_reference", "the id of an organisation", column)
            return None
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
