"""Take in one batch of events: record, merge into the facts, plan whom they touch; one transaction for all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sync.accounts import AccountWord, Bounds, counts_in, speak_together
from sync.facts import REGISTRATION, Word
from sync.ports.events import APPLIED, DUPLICATE, KEPT, STALE, Incoming, Outcome, Recorded
from sync.ports.facts import Fact
from sync.ports.plans import Batch
from sync.ports.roster import RosterTransaction
from sync.ports.schools import Organisation
from sync.ports.store import Store
from sync.slices import Cause
from sync.timelines import Timeline, beaten_by, holding, merged
from sync.touched import PERSON, RETRY, Touch, persons_named, touched_by_all
from sync.use_cases.plan_slices import PlanningRules, of_schools, plan_slices, together
from sync.versions import last_word


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of each event, in order; the numbers of duplicates with other content; schools that stalled; and
    whether something was left to be planned next.

    `numbers` are those of the events, in order; `planned` is what was written beside the facts.
    """

    outcomes: list[Outcome]
    differing: list[int]
    stalled: Mapping[str, str]
    left_touched: bool
    numbers: Sequence[int] = ()
    planned: Batch = field(default_factory=Batch, repr=False)


async def ingest_events(events: Sequence[Incoming], store: Store, rules: PlanningRules, now: datetime) -> Ingested:
    """Applies a batch. All or nothing: raises StoreUnavailable with nothing written (retriable).

    The same batch again changes nothing. One plan is made for each school of the batch.
    """
    async with store.planning() as tx:
        return await ingest_within(tx, events, rules, now)


async def ingest_within(
    tx: RosterTransaction, events: Sequence[Incoming], rules: PlanningRules, now: datetime
) -> Ingested:
    """Applies a batch in a transaction that somebody else opened: what it says is so once that one has committed."""
    recorded = await tx.inbox.record(events, now)
    news = [_numbered(event, mark.event_no) for event, mark in zip(events, recorded, strict=True) if not mark.duplicate]
    organisations = await _lock(tx, news)
    facts = await _merge_facts(tx, news)
    accounts = await _merge_accounts(tx, news)
    touches = together(*_touches(facts), accounts.touches)
    elsewhere = {touch.organisation_id for touch in touches} - organisations.keys()
    await tx.affected.touch(of_schools(touches, elsewhere), now)
    batch = await plan_slices(tx, _zoned(organisations, facts), of_schools(touches, organisations), rules, now)
    days = {key: scheduled.day for key, scheduled in batch.schedule.items()}
    outcomes = await _outcomes(tx, news, facts, days) | dict(accounts.stale)
    await tx.inbox.write_outcomes(outcomes)
    return Ingested(
        [_outcome(mark, outcomes) for mark in recorded],
        [mark.event_no for mark in recorded if mark.differs],
        batch.stalled,
        bool(elsewhere or batch.stalled),
        [mark.event_no for mark in recorded],
        batch,
    )


@dataclass(frozen=True, slots=True)
class _News:
    """An event that is not a duplicate, with its number."""

    event: Incoming
    event_no: int
    words: tuple[Word, ...]
    accounts: tuple[AccountWord, ...]


def _numbered(event: Incoming, event_no: int) -> _News:
    words = tuple(replace(word, event_no=event_no) for word in event.words)
    return _News(event, event_no, words, tuple(replace(word, event_no=event_no) for word in event.accounts))


async def _lock(tx: RosterTransaction, news: Iterable[_News]) -> dict[str, Organisation]:
    schools, ties, linked, accounts = set(), set(), set(), set()
    for new in news:
        school = new.event.organisation_id
        if school is not None:
            schools.add(school)
            ties |= {(school, person) for word in new.words for person in persons_named(word)}
        linked |= {word.person_id for word in new.accounts}
        accounts |= {(word.provider, word.external_user_id) for word in new.accounts if word.external_user_id}
    organisations = await tx.schools.lock(schools)
    await tx.people.lock(ties, linked)
    await tx.people.lock_accounts(accounts, linked)
    return organisations


@dataclass(frozen=True, slots=True)
class _Change:
    """A fact's timeline before and after the batch, and the words the batch brought."""

    before: Timeline
    after: Timeline
    news: tuple[Word, ...]


Changes = dict[Fact, _Change]


async def _merge_facts(tx: RosterTransaction, news: Iterable[_News]) -> Changes:
    said: dict[Fact, list[Word]] = {}
    for new in news:
        for word in new.words:
            said.setdefault((word.kind, word.key), []).append(word)
    known = await tx.facts.timelines(said.keys())
    changes = {
        fact: _Change(known.get(fact, ()), merged(known.get(fact, ()), words), tuple(words))
        for fact, words in said.items()
    }
    await tx.facts.write_timelines({fact: (c.before, c.after) for fact, c in changes.items() if c.before != c.after})
    return changes


def _zoned(organisations: Mapping[str, Organisation], facts: Changes) -> dict[str, Organisation]:
    """The schools with the time zones that hold now; the day never falls by a new zone."""
    zoned = dict(organisations)
    for key, organisation in organisations.items():
        change = facts.get((REGISTRATION, (key,)))
        word = holding(change.after, date.max) if change is not None else None
        if word is not None:
            zoned[key] = replace(organisation, time_zone=word.value.time_zone)
    return zoned


def _touches(facts: Changes) -> Iterator[dict[Touch, Cause]]:
    """`touched(before) | touched(after)` of every fact that changed. A stale word touches nobody."""
    for (kind, _), change in facts.items():
        repeated = kind is REGISTRATION and change.before
        if change.before != change.after and not repeated:
            cause = Cause(max(word.event_no for word in change.news), by_event=True)
            yield dict.fromkeys(touched_by_all((*change.before, *change.after)), cause)


@dataclass(frozen=True, slots=True)
class _Accounts:
    touches: Mapping[Touch, Cause]
    stale: Mapping[int, Outcome]


async def _merge_accounts(tx: RosterTransaction, news: Iterable[_News]) -> _Accounts:
    """Writes account words; touches all who ever claimed one of the accounts, in every school that knows them and in
    which one of the words counts. What was refused of who links anew is tried again.
    """
    words = [word for new in news for word in new.accounts]
    if not words:
        return _Accounts({}, {})
    await tx.people.add_account_words(words)
    histories = await tx.people.account_words({word.person_id for word in words})
    concerned = {word.person_id for history in histories.values() for word in history}
    cause = Cause(max(word.event_no for word in words), by_event=False)
    linking = {word.person_id for word in words if word.external_user_id is not None}
    bounds = await tx.people.bounds({word.version.source for history in histories.values() for word in history})
    touches = {
        Touch(school, RETRY if person in linking else PERSON, person): cause
        for school, person in await tx.people.ties(concerned)
        if any(counts_in(school, word.version.source, bounds) for word in words)
    }
    return _Accounts(touches, dict(_stale_links(words, histories, bounds)))


def _stale_links(
    words: Iterable[AccountWord], histories: Mapping[str, Sequence[AccountWord]], bounds: Bounds
) -> Iterator[tuple[int, Outcome]]:
    for word in words:
        own = [
            other
            for other in histories[word.provider]
            if other.person_id == word.person_id and speak_together(word.version.source, other.version.source, bounds)
        ]
        holds = last_word(own, lambda other: other.version)
        if holds is not None and holds.version != word.version:
            yield word.event_no, Outcome(STALE, holds.event_no)


async def _outcomes(
    tx: RosterTransaction, news: Sequence[_News], facts: Changes, days: Mapping[str, date]
) -> dict[int, Outcome]:
    names = {
        (new.event.organisation_id, *name) for new in news if new.event.organisation_id for name in new.event.names
    }
    announced = await tx.facts.announced(names)
    return {new.event_no: _outcome_of(new, facts, announced, days) for new in news}


def _outcome_of(
    new: _News, facts: Changes, announced: Collection[tuple[str, str, str]], days: Mapping[str, date]
) -> Outcome:
    beaten = [beaten_by(facts[word.kind, word.key].after, word) for word in new.words]
    if beaten and all(beaten):
        return Outcome(STALE, max(word.event_no for word in beaten if word is not None))
    school = new.event.organisation_id
    if school is None:
        return Outcome(APPLIED)
    ahead = any(word.effective_on > days[school] for word in new.words)
    unknown = any((school, *name) not in announced for name in new.event.names)
    return Outcome(KEPT if ahead or unknown else APPLIED)


def _outcome(mark: Recorded, outcomes: Mapping[int, Outcome]) -> Outcome:
    return Outcome(DUPLICATE) if mark.duplicate else outcomes[mark.event_no]
