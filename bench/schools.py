"""Schools in a database, everybody linked and in their chats; and pupils who change classes for ever."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, cycle, islice
from random import Random

from sqlalchemy import text

from adapters.database.migrate import upgrade
from adapters.database.store import Database
from events.decode import decode
from events.intake import Intake
from rollcall.demo.events import Event, cloud_events, linked, school_events
from rollcall.demo.founding import found_schools
from rollcall.demo.school import School
from sync.guards.limits import Guards, Limit
from sync.ports.events import APPLIED, KEPT
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.plan_scopes import PlanningRules

BATCH = 500
SOURCE = "/bench"
FIRST_ACCOUNT = 100_001

# Guards do their work, but hold nothing: a class a day for everybody is no ordinary school.
RULES = PlanningRules(guards=Guards(organisation=Limit(1.0, 10**9), chat=Limit(1.0, 10**9)))

# Everything as wanted, as if it had been settled and listed: what a school is like on most days.
SETTLED = (
    """UPDATE rooms SET observed_life = wanted_life, observed_title = wanted_title, due_at = NULL,
       external_chat_id = CAST(room_no AS TEXT) WHERE due_at IS NOT NULL""",
    "UPDATE places SET observed = wanted WHERE wanted <> observed AND account <> ''",
    "DELETE FROM places WHERE wanted = 'out' AND observed = 'out'",
)


def now() -> datetime:
    return datetime.now(UTC)


def intake_of(database: Database) -> Intake:
    return Intake(database, RULES, now, lambda _: None)


async def take(intake: Intake, events: Sequence[bytes]) -> None:
    """Decodes and takes one batch, as it comes from a topic."""
    for taken in await intake.take([decode(event, (), now()) for event in events]):
        if taken.outcome not in {APPLIED, KEPT}:
            raise RuntimeError(f"an event was not applied: {taken}")


async def load(url: str, schools: Iterable[School]) -> None:
    """Makes the tables, takes schools in by the ordinary way, links everybody, and plans."""
    await upgrade(url)
    database = Database(url)
    accounts = count(FIRST_ACCOUNT)
    for school in schools:
        links = (linked(person.person_id, next(accounts)) for person in school.people)
        said = [
            *school_events(school, source=SOURCE, at=now()),
            *cloud_events(links, source=SOURCE, at=now(), prefix=f"{school.organisation_id}-link"),
        ]
        for batch in batches(said, BATCH):
            await take(intake_of(database), batch)
    while await plan_affected(database, RULES, now()) is not None:
        pass
    await database.close()


async def settled(database: Database) -> None:
    async with database.writing() as connection:
        for statement in SETTLED:
            await connection.execute(text(statement))


def batches(said: Iterable[Event], size: int) -> Iterator[list[bytes]]:
    each = iter(said)
    while batch := [json.dumps(event, ensure_ascii=False).encode() for event in islice(each, size)]:
        yield batch


@dataclass
class Movers:
    """Pupils with two guardians, in an order by chance; whoever is next moves to the next class of the school."""

    schools: Sequence[School]
    classes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    class_of: dict[str, str] = field(default_factory=dict)
    school_of: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        guardians: dict[str, int] = defaultdict(int)
        for school in self.schools:
            self.classes[school.organisation_id] = [each.class_id for each in school.classes]
            for guardian in school.guardians:
                guardians[guardian.pupil_id] += 1
            for pupil in school.pupils:
                if guardians[pupil.person_id] == 2:
                    self.class_of[pupil.person_id] = pupil.class_id
                    self.school_of[pupil.person_id] = school.organisation_id
        movers = sorted(self.class_of)
        Random(1).shuffle(movers)
        self.next = cycle(movers)

    def transfers(self, number: int) -> list[bytes]:
        """So many transfers, each three people and six places."""
        said = [("school.student.transferred", self._move(pupil)) for pupil in islice(self.next, number)]
        made = cloud_events(said, source=SOURCE, at=now(), prefix=self._prefix())
        return next(batches(made, number))

    def _prefix(self) -> str:
        return f"{self.schools[0].organisation_id}-transfers-{next(self.numbers)}"

    def _move(self, pupil: str) -> dict[str, str]:
        school = self.school_of[pupil]
        classes, old = self.classes[school], self.class_of[pupil]
        self.class_of[pupil] = classes[(classes.index(old) + 1) % len(classes)]
        ids = {"from_class_id": old, "to_class_id": self.class_of[pupil]}
        return {"organisation_id": school, "student_id": pupil, **ids}


def some_schools(number: int) -> list[School]:
    """Full schools: 22 classes of 25, with about 1,500 people each."""
    return list(found_schools(number))
