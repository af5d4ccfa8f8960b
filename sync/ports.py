"""What the use cases ask of the store, the pacer and the clock. The store is asked in bulk, never for one thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from sync.accounts import AccountWord
from sync.adoption import Claim, Verdict
from sync.answers import Effects
from sync.facts import Key, Kind, Word
from sync.guards import Counted, Seen
from sync.places import Room
from sync.plan import Action, Plan
from sync.room import RoomWork, Step
from sync.school_years import Reached
from sync.slices import Cause, Slice
from sync.streams import DeadLetter, Partition, Position
from sync.timelines import Timeline
from sync.touched import Touch
from sync.updates import Heard

Fact = tuple[Kind, Key]


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event at the door: decoded, translated, not yet recorded.

    `body` is the event as one structured JSON text; `record` its place in a topic, none by HTTP or from a file.
    `names`: what it refers to and needs announced, as (entity, id), entity one of organisation, class, group, chat,
    employee, student.
    """

    source: str
    event_id: str
    type: str
    organisation_id: str | None
    time: datetime
    body: bytes
    words: tuple[Word, ...] = ()
    accounts: tuple[AccountWord, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    record: tuple[str, int, int] | None = None


class Recorded(NamedTuple):
    """An event's number in the inbox; a duplicate has that of the first, and may differ from it."""

    event_no: int
    duplicate: bool
    differs: bool


class Outcome(NamedTuple):
    """What became of an event: applied, kept, stale (with the number of the event that beat it) or duplicate."""

    outcome: str
    beaten_by: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school's row, locked: its day, which only rises, the midnight at which something changes next, and when it is
    reconciled next (None: nobody has said yet).
    """

    organisation_id: str
    day: date | None
    roll_at: datetime | None
    time_zone: str
    reconcile_at: datetime | None = None


class Chosen(NamedTuple):
    """The platform account of a school ("" is the platform's first), and how many of its chats stand somewhere."""

    platform: str
    account: str
    chats: int


class Touched(NamedTuple):
    """A touch as it stands in the list of what has to be planned: by what, and since when."""

    touch: Touch
    cause: Cause
    at: datetime


class Hold(NamedTuple):
    """Removals that wait for a person: the limit they broke, in words, and the lines of the plan."""

    organisation_id: str
    limit: str
    lines: Sequence[Action]
    persons: int
    expires_at: datetime


@dataclass(slots=True)
class Batch:
    """What one transaction of planning writes, for all of its schools."""

    plans: list[Plan] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    reached: dict[str, list[Reached]] = field(default_factory=dict)
    schedule: dict[str, tuple[date, datetime | None, str]] = field(default_factory=dict)
    stalled: dict[str, str] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    rooms: dict[str, Mapping[int, Room]] = field(default_factory=dict)  # those that the plans speak of, by school


class RosterTransaction(Protocol):
    """One transaction of taking in and planning. Locks are taken in the order of the methods, each sorted by key."""

    async def record(self, events: Sequence[Incoming], now: datetime) -> list[Recorded]:
        """Puts events into the inbox; one (source, id) is recorded once, within the batch too."""

    async def lock_organisations(self, organisation_ids: Collection[str]) -> dict[str, Organisation]:
        """Locks the schools, making rows for new ones. What was read before is not to be used."""

    async def lock_persons(
        self, tied: Collection[tuple[str, str]], linked: Collection[str], named: Collection[str]
    ) -> None:
        """Makes the persons known, tied to schools as (organisation, person); locks each for a first tie, `linked`
        against every reader of their accounts, and `named` against other writers of their names.
        """

    async def lock_entities(self, entities: Collection[tuple[str, str]]) -> None:
        """Locks classes, groups and chats, as (entity, id), whose owner may change."""

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


class StreamTransaction(RosterTransaction, Protocol):
    """One transaction of taking in a batch of a topic. Offsets are locked before everything else."""

    async def lock_positions(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """How far each was handled, locked; one that nothing was ever handled of is not in it."""

    async def positions(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """The same, not locked."""

    async def write_positions(self, positions: Mapping[Partition, Position]) -> None: ...

    async def advance(self, changes: Mapping[Partition, tuple[Position, Position]]) -> bool:
        """Writes how far was handled, given as before and after. False when another got on meanwhile: roll back."""

    async def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Keeps them, each once."""

    async def lock_dead_letter(self, number: int) -> DeadLetter | None:
        """One that waits, locked; None where none does."""

    async def end_dead_letter(self, number: int, state: str) -> None:
        """It waits no longer."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an answer means for a room, which is as it was when the call was made; no step: no call was made."""

    room: RoomWork
    step: Step | None = None
    effects: Effects = field(default_factory=Effects)


class Release(NamedTuple):
    """How a lease ends: the room is due again at `grade` after `retry_in_s` (0: at once), or not at all."""

    room: RoomWork
    grade: int | None
    retry_in_s: float | None


class SettlingTransaction(Protocol):
    """One transaction of settling rooms, many at a time. Leases go by the database's clock."""

    async def claim(self, limit: int, lease_s: float) -> list[RoomWork]:
        """Leases rooms that are due, by grade, then turn. A mover's removal waits until his school's adds were tried.

        One whose lease died with a call on its way comes with that call in `in_flight`.
        """

    async def forget_calls(self, rooms: Sequence[RoomWork], again_in_s: float) -> None:
        """The calls of leases that died: their places become unknown, to be read now and again that much later."""

    async def complete(self, done: Sequence[Done]) -> dict[int, RoomWork | None]:
        """Writes what answers mean, and gives the rooms by number as they are now, locked against planning.

        None: the lease is no longer this one, and `unknown` is all that was written. A room that is locked by somebody
        else is not in the answer, and nothing was written of it.
        """

    async def intend(self, steps: Sequence[tuple[RoomWork, Step]], lease_s: float) -> None:
        """Notes the calls that are about to be made, and renews the leases. From now their places may be anything."""

    async def release(self, releases: Sequence[Release]) -> None:
        """Ends leases."""

    async def pause(self, token: str, seconds: float) -> None:
        """Lets every room of a platform token wait; a longer pause stays."""

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, str, str]]) -> None:
        """Leaves accounts to be read back: (token, external chat id, account, why). Chats not ours are passed over."""


class AdoptionTransaction(Protocol):
    """One transaction of hearing what a platform tells, and of adopting chats. Goes by the database's clock."""

    async def offer(self, chat_id: str, code: str, lasts: timedelta) -> datetime | None:
        """Keeps a code's digest for the chat's room; gives when it expires, or None where no chat can be adopted."""

    async def hear(self, token: str, updates: Sequence[Heard]) -> int:
        """Leaves read-backs and claims to be made; gives how many updates were new. Writes nothing observed."""

    async def marker(self, token: str) -> str | None:
        """How far the updates of a token were heard; None before the first."""

    async def keep_marker(self, token: str, marker: str) -> None: ...

    async def hold_hearing(self, token: str, hearer: str, lasts_s: float) -> bool:
        """Whether this process is the one that hears a token, from now for so long."""

    async def end_hearing(self, token: str, hearer: str) -> None:
        """Lets another process hear the token at once."""

    async def claims(self, limit: int, lease_s: float) -> list[Claim]:
        """Claims that are due, not to be given to anybody else within `lease_s`."""

    async def adopt(self, claim: Claim, members: Mapping[str, str]) -> Verdict:
        """Makes the claimed chat the room's, whose members a listing found: their places are to be read back, and who
        is not expected is noted as a stranger. Any other verdict than LATER ends the claim.
        """

    async def refuse(self, claim: Claim, verdict: Verdict) -> None: ...

    async def put_off(self, claim: Claim, again_in_s: float) -> None:
        """Tries a claim again, unless its code has expired."""


class Store(Protocol):
    """A database. A transaction commits when its block ends, and not if it raises. Raises StoreUnavailable."""

    def planning(self) -> AbstractAsyncContextManager[RosterTransaction]: ...

    def settling(self) -> AbstractAsyncContextManager[SettlingTransaction]: ...

    def adopting(self) -> AbstractAsyncContextManager[AdoptionTransaction]: ...


class StreamStore(Store, Protocol):
    """A database that knows how far topics were handled."""

    def streaming(self) -> AbstractAsyncContextManager[StreamTransaction]: ...


class Pacer(Protocol):
    """The right to make a request: at most so many a second for one platform token."""

    def slot(self, token: str) -> AbstractAsyncContextManager[None]:
        """Waits for a slot; it is free again one second after the block ends."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""

    def monotonic(self) -> float:
        """Seconds, from anywhere, never back."""
