"""Which clock is believed when a process begins, and how far schools' days may be taken by it. Pure.

A day that a school was taken to is never taken back, so of a clock that may be wrong a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

LARGEST_JUMP = timedelta(days=2)
DAYS_BETWEEN = 2  # whole days without any process that are no jump: a weekend

CONFIRMED = "a person"  # who says that a machine's clock is right; whoever else says something of his is a process
NOTED_FOR = timedelta(minutes=10)  # a process that has not said it again since is there no more


@dataclass(frozen=True, slots=True)
class Judgement:
    """`goes_by`: another instant than the machine's to go on from; None where the machine is believed. `days_stay_at`:
    the day beyond which schools are not taken; None where nothing holds them.
    """

    goes_by: datetime | None = None
    days_stay_at: date | None = None

    @property
    def doubts(self) -> bool:
        return self.goes_by is not None or self.days_stay_at is not None


def judge(
    machine: datetime, database: datetime | None, last_day: date | None, confirmed_at: datetime | None
) -> Judgement:
    """Two clocks that agree are believed, however long nobody was there; so is one that a person has confirmed. Of two
    that do not agree the database's is gone by. `database`: None where it has none of its own (SQLite). `last_day`:
    the latest day that a school was taken to.
    """
    confirmed = confirmed_at is not None and abs(machine - confirmed_at) <= LARGEST_JUMP
    if confirmed or (database is not None and abs(machine - database) <= LARGEST_JUMP):
        return Judgement()
    by = database or machine
    near = last_day is None or abs((by.date() - last_day).days) <= DAYS_BETWEEN + 1
    return Judgement(database, None if near else last_day)
