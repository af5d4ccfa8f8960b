"""What taking in and planning ask of a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from sync.accounts import AccountWord, Bounds
from sync.facts import Key, Kind
from sync.guards import Seen
from sync.places import Room
from sync.ports.events import Incoming, Outcome, Recorded
from sync.ports.plans import Batch, Chosen, Hold, Organisation, Touched
from sync.slices import Cause, Slice
from sync.timelines import Timeline
from sync.touched import Touch

Fact = tuple[Kind, Key]


class RosterTransaction(Protocol):
    """One transaction of taking in and planning. Locks are taken in the order of the methods, each sorted by key."""

    async def record(self, events: Sequence[Incoming], now: datetime) -> list[Recorded]:
        """Puts events into the inbox; one (source, id) is recorded once, within the batch too."""

    async def lock_organisations(self, organisation_ids: Collection[str]) -> dict[str, Organisation]:
        """Locks the schools, making rows for new ones. What was read before is not to be used."""

    async def lock_persons(self, tied: Collection[tuple[str, str]], linked: Collection[str]) -> None:
        """Makes the persons known, tied to schools as (organisation, person); locks each for a first tie, and `linked`
        against every reader of their accounts.
        """

    async def lock_accounts(self, accounts: Collection[tuple[str, str]], linked: Collection[str]) -> None:
        """Locks external accounts whose holder may change: these, as (provider, external id), and all that the
        persons, locked already, ever claimed and may let go.
        """

    async def timelines(self, facts: Collection[Fact]) -> dict[Fact, Timeline]:
        """What is known of facts; those nobody spoke of are not in it."""

    async def write_timelines(self, changes: Mapping[Fact, tuple[Timeline, Timeline]]) -> None:
        """Writes timelines, given as before and after."""

    async def add_account_words(self, words: Sequence[AccountWord]) -> None: ...

    async def account_words(self, persons: Collection[str]) -> dict[str, list[AccountWord]]:
        """The whole account histories, by provider, of these persons and of all who ever claimed an account that one
        of them ever claimed.
        """

    async def bounds(self, sources: Collection[str]) -> Bounds:
        """Those of the sources that are bound to schools, with these."""

    async def ties(self, persons: Collection[str]) -> list[tuple[str, str]]:
        """The schools that know the persons, as (organisation, person)."""

    async def announced(self, names: Collection[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        """Which of (organisation, entity, id) are announced in that school."""

    async def write_outcomes(self, outcomes: Mapping[int, Outcome]) -> None: ...

    async def touch(self, touches: Mapping[Touch, Cause], now: datetime) -> None:
        """Leaves what cannot be planned in this transaction to `due`."""

    async def lock_due(self, now: datetime, limit: int) -> dict[str, Organisation]:
        """Locks schools that have something to plan, or whose midnight has come; passes over those locked already."""

    async def lock_nights(self, now: datetime, limit: int) -> dict[str, Organisation]:
        """Locks schools that are to be reconciled by now, or have no time for it; passes over those locked already."""

    async def write_nights(self, nights: Mapping[str, datetime]) -> None:
        """Writes when locked schools are reconciled next. A new time zone takes that back."""

    async def refused(self, organisation_ids: Collection[str]) -> dict[Touch, Cause]:
        """Retries of all that the platform refused, each with the latest cause of what is asked for again."""

    async def touched(self, organisation_ids: Collection[str]) -> list[Touched]:
        """What was left to be planned in locked schools."""

    async def untouch(self, planned: Sequence[Touched]) -> None:
        """Takes touches away, but those left anew since they were read. Their schools are stalled no longer."""

    async def starting(self, rolls: Mapping[str, tuple[date, date]]) -> dict[Fact, Timeline]:
        """The timelines in which a word starts in (after, until], by school."""

    async def next_starts(self, after: Mapping[str, date]) -> dict[str, date]:
        """The first day later than the given one on which something starts, by school; none: not in it."""

    async def load(self, causes: Mapping[Touch, Cause], days: Mapping[str, date]) -> dict[str, Slice]:
        """The slices of the schools for all that the touches mean."""

    async def open_rooms(self, rooms: Sequence[Room]) -> list[Room]:
        """Makes rooms, with their numbers; one that somebody else made meanwhile is not in the answer."""

    async def removals_since(self, since: Mapping[str, datetime]) -> dict[str, frozenset[tuple[str, str]]]:
        """The counted removals planned since, as (chat, person), by school."""

    async def seen(self, organisation_ids: Collection[str]) -> dict[str, Seen]:
        """Who is on the platform, by school; `removed` is empty."""

    async def hold(self, hold: Hold, now: datetime) -> int:
        """Makes a hold and gives its number."""

    async def write(self, batch: Batch, now: datetime) -> None:
        """Writes plans and schedules, how far students got, and which schools stalled."""

    async def chosen_account(self, organisation_id: str) -> Chosen | None:
        """Locks a registered school and gives its platform account; None of one nobody registered."""

    async def choose_account(self, organisation_id: str, platform: str, account: str) -> None:
        """Rooms that have no chat on a platform yet go along."""

    async def close_notice(self, organisation_id: str, student_id: str, now: datetime) -> bool:
        """Closes the student's notice of the school year reached last; False where none stands open."""
