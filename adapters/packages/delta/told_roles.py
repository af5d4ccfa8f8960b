"""What the rows of a delta tell of people's roles: those that came and went by school, and which are no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby

from adapters.packages.delta.known_facts import STAFF, KnownFacts
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.standing import is_on
from adapters.packages.roster.changes import Changes
from adapters.packages.roster.people import Post
from adapters.packages.roster.role_words import GUARDIANS, STUDENT, position_type
from adapters.packages.spill.mappings import SpillMap
from sync.facts import FactType, Key

Lost = SpillMap[Key, frozenset[str]]  # the kinds of roles, STUDENT and STAFF, by school and person


class ToldRoles:
    """The rows beside the known facts; nothing is stated here."""

    def __init__(self, reading: Reading, changes: Changes, known_facts: KnownFacts) -> None:
        self._reading = reading
        self._posts = reading.roster.posts
        self._changes = changes
        self._known_facts = known_facts

    def people(self) -> Iterator[str]:
        """Everybody of whom rows tell a role, sorted."""
        return (person for person, _ in groupby(merge(self._posts, self._changes.removed_posts)))

    def active(self, person: str) -> Iterator[Post]:
        """The roles of somebody that are there and not over."""
        if person not in self._changes.removed_people:
            yield from (post for post in self._posts.get(person, ()) if not self._reading.is_over(post.ends_on))

    def _went(self, person: str) -> Iterator[Post]:
        yield from self._changes.removed_posts.get(person, ())
        yield from (post for post in self._posts.get(person, ()) if self._reading.is_over(post.ends_on))

    def lost(self) -> Lost:
        """The roles that people are known to have had in a school and have no more; before enrolments."""
        lost: Lost = self._reading.roster.spill.mapping()
        for person in self.people():
            for school, came, went in self.by_school(person):
                roles = self._roles_lost((school, person), came, went)
                if roles:
                    lost[school, person] = roles
        return lost

    def _roles_lost(self, key: Key, came: list[Post], went: set[str]) -> frozenset[str]:
        """An enrolment stays where somebody has its role in any school. Who is dismissed, and nothing else now, teaches
        nobody as it is.
        """
        now, known = {_kind(post.role) for post in self.active(key[1])}, self._known_facts.value(EMPLOYMENT, key)
        roles = set()
        if STUDENT not in now and self.studies_no_more(key, came, went) and not self._is_elsewhere(ENROLMENT, key):
            roles.add(STUDENT)
        is_dismissed = is_on(known) and not self.stays(known, went)
        if now and STAFF not in now and is_dismissed and not self._is_elsewhere(EMPLOYMENT, key):
            roles.add(STAFF)
        return frozenset(roles)

    def _is_elsewhere(self, kind: FactType, key: Key) -> bool:
        schools = self._known_facts.schools(key[1]) - {key[0]}
        return any(self._known_facts.stands(kind, (school, key[1])) for school in schools)

    def by_school(self, person: str) -> Iterator[tuple[str, list[Post], set[str]]]:
        """Each school with the roles that somebody has there by rows, and the words of those that went."""
        came: defaultdict[str, list[Post]] = defaultdict(list)
        for post in self.active(person):
            came[post.organisation_id or ""].append(post)
        went: defaultdict[str, set[str]] = defaultdict(set)
        for post in self._went(person):
            went[post.organisation_id or ""].add(post.role)
        for school in sorted((came.keys() | went.keys() | self._left_out(person)) - {""}):
            yield school, came[school], went[school]

    def studies_no_more(self, key: Key, came: list[Post], went: set[str]) -> bool:
        """Whether a student's role went, or has become another."""
        if any(post.role == STUDENT for post in came):
            return False
        return STUDENT in went or (self._known_facts.stands(ENROLMENT, key) and self._is_another_now(key, STUDENT))

    def guards_no_more(self, key: Key, went: set[str]) -> bool:
        """Whether a guardian's role went, or has become another."""
        if any(post.role in GUARDIANS for post in self.active(key[1])):
            return False
        return bool(went & {*GUARDIANS}) or self._is_another_now(key, GUARDIANS[0])

    def _is_another_now(self, key: Key, role: str) -> bool:
        """Whether a user's one role has become another than `role`: one that the user is not known to have had."""
        kinds = {_kind(post.role) for post in self.active(key[1])} if self._changes.one_role else set()
        return bool(kinds) and role not in kinds and not kinds & self._known_kinds(key)

    def _known_kinds(self, key: Key) -> set[str]:
        facts = {STUDENT: self._known_facts.stands(ENROLMENT, key), STAFF: self._known_facts.stands(EMPLOYMENT, key)}
        guards = any(ward[0] == key[0] for ward in self._known_facts.wards(key[1]))
        return {kind for kind, is_known in (facts | {GUARDIANS[0]: guards}).items() if is_known}

    def _left_out(self, person: str) -> frozenset[str]:
        """The known schools of a user whose row tells all that the user is."""
        is_told = self._changes.one_role and person in self._posts
        return self._known_facts.schools(person) if is_told else frozenset()

    def stays(self, known: object, went: set[str]) -> bool:
        """Whether a known employment stays, whatever other roles came."""
        return not self._changes.one_role and getattr(known, "position", None) not in went


def staff(posts: Iterable[Post]) -> list[Post]:
    """The roles among some that make somebody an employee."""
    return [post for post in posts if position_type(post.role) is not None]


def _kind(role: str) -> str:
    """What a role makes of somebody: a student, staff, or a guardian."""
    if role in GUARDIANS:
        return GUARDIANS[0]
    return STUDENT if role == STUDENT else STAFF
