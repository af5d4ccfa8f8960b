"""Who plays in the story: people of the school, newcomers, and the accounts that they have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TypeVar

from adapters.simulator.entities import User
from rollcall.demo.events import Said, described, linked
from rollcall.demo.names import Name, Names, Surname
from rollcall.demo.roll import Roll

LINKED_LATE = 0.1  # of pupils and of guardians: so many have no account when the term begins
PRIVATE = 0.04  # of pupils: so many let nobody add them
FIRST_ACCOUNT = 100_001

Id = TypeVar("Id", bound=str)


@dataclass
class Cast:
    """The roll of the school that the story is about, and whatever else is drawn from a seed.

    `others` are the rolls of the schools beside it; `private` are persons whose account lets nobody add them.
    """

    roll: Roll
    seed: int
    others: Sequence[Roll] = ()
    private: set[str] = field(default_factory=set)
    users: list[User] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    accounts: Iterator[int] = field(default_factory=lambda: count(FIRST_ACCOUNT))

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a story, not secrets
        self.names = Names(self.seed + 1)

    def links(self) -> Iterator[Said]:
        """Most of the people link accounts; some of the pupils are in the safe mode that lets nobody add them."""
        staff: set[str] = set()
        private: set[str] = set()
        unlinked: set[str] = set()
        tied: set[str] = set()
        for roll in (self.roll, *self.others):
            pupils, guardians = roll.pupils(), roll.all_guardians()
            staff |= roll.staff.keys()
            tied |= {*pupils, *guardians, *roll.staff}
            unlinked |= self._some(pupils, LINKED_LATE, 2) | self._some(guardians, LINKED_LATE, 2)
            private |= self._some([pupil for pupil in pupils if pupil not in unlinked], PRIVATE, 1)
        self.private |= private
        yield from map(self.link, sorted(tied - (unlinked - staff)))

    def link(self, person: str, *, private: bool = False) -> Said:
        """Somebody comes to the platform and links the account."""
        self.private |= {person} if private else set()
        account = next(self.accounts)
        last, _, first = self.roll.called(person).partition(" ")
        phone = f"+7900{account:07}"
        self.users.append(User(account, phone, first, last, privacy=person in self.private))
        return linked(person, account)

    def new_users(self) -> list[User]:
        """Those who came to the platform since this was last asked."""
        users, self.users = self.users, []
        return users

    def newcomer(self, name: Name) -> tuple[str, Said]:
        """An id for somebody new, and what describes them."""
        person = f"{self.roll.organisation_id}-new-{next(self.numbers)}"
        self.roll.names[person] = f"{name.last} {name.first}"
        return person, described(self.roll.organisation_id, person, name)

    def surname(self) -> Surname:
        return self.names.surname()

    def is_in_chats(self, person: str) -> bool:
        return person in self.roll.accounts and person not in self.private

    def one_of(self, ids: Sequence[Id]) -> Id | None:
        return self.random.choice(ids) if ids else None

    def _some(self, people: Sequence[str], share: float, least: int) -> set[str]:
        return set(self.random.sample(people, min(len(people), max(least, round(share * len(people))))))
