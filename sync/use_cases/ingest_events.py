"""Take in one batch of events: record, merge into the facts, plan whom they affect; one transaction for all of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from sync.accounts import OURS, AccountAssertion, Bounds, by_person, counts_in, linked_accounts, speak_together
from sync.affected import PERSON, RETRY, Affected, affected_by_all, persons_named
from sync.facts import REGISTRATION, Assertion
from sync.ids import NO_EVENT, AccountId, EventNo, OrganisationId, PersonId
from sync.planning_scope import Cause
from sync.ports.events import APPLIED, DUPLICATE, KEPT, STALE, Incoming, Outcome, Recorded
from sync.ports.facts import Fact
from sync.ports.plans import Batch
from sync.ports.roster import RosterTransaction
from sync.ports.schools import Organisation
from sync.ports.store import Store
from sync.timelines import Timeline, beaten_by, course, holding, merged
from sync.use_cases.plan_scopes import PlanningRules, of_schools, plan_scopes, together
from sync.versions import latest_assertion

T = TypeVar("T")

PORTION = 1_000  # of what is looked at for each event: some 10 ms


@dataclass(frozen=True, slots=True)
class Ingested:
    """The outcome of each event, in order; the numbers of duplicates with other content; the schools that stalled; and
    whether something was left to be planned next. `numbers`: the events' numbers, in order; `planned`: what was written
    besides the facts.
    """

    outcomes: list[Outcome]
    differing: list[int]
    stalled: Mapping[OrganisationId, str]
    left_affected: bool
    numbers: Sequence[EventNo] = ()
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
    """Apply a batch in a transaction opened by the caller; the result holds once that has committed."""
    recorded = await tx.inbox.record(events, now)
    marked = _in_portions(list(zip(events, recorded, strict=True)))
    news = [_numbered(event, mark.event_no) async for event, mark in marked if not mark.duplicate]
    organisations = await _lock(tx, news)
    facts = await _merge_facts(tx, news)
    accounts = await _merge_accounts(tx, news)
    affected = together(*[each async for each in _affected(facts)], accounts.affected)
    elsewhere = {one.organisation_id for one in affected} - organisations.keys()
    await tx.affected.add(of_schools(affected, elsewhere), now)
    batch = await plan_scopes(tx, _zoned(organisations, facts), of_schools(affected, organisations), rules, now)
    await tx.affected.add(_claims(batch), now)
    days = {key: scheduled.day for key, scheduled in batch.schedule.items()}
    outcomes = await _outcomes(tx, news, facts, days) | dict(accounts.stale)
    await tx.inbox.write_outcomes(outcomes)
    await tx.sources.hear(_sources(events), now)
    return Ingested(
        [_outcome(mark, outcomes) for mark in recorded],
        [mark.event_no for mark in recorded if mark.differs],
        batch.stalled,
        bool(elsewhere or batch.stalled or batch.claims),
        [mark.event_no for mark in recorded],
        batch,
    )


def _sources(events: Iterable[Incoming]) -> set[tuple[OrganisationId, str]]:
    """Those of schools; what is said by us is nobody's sending. Who repeats itself is heard, too."""
    named = {(event.organisation_id, event.source) for event in events if event.organisation_id is not None}
    return {(school, source) for school, source in named if source.partition("/")[0] != OURS}


def _claims(batch: Batch) -> dict[Affected, Cause]:
    """Whose account another person holds is planned once more: whoever does that sees to it that nobody waits for who
    has left.
    """
    claims = [Affected(school, PERSON, person) for school, persons in batch.claims.items() for person in persons]
    return dict.fromkeys(claims, Cause(NO_EVENT, by_event=False))


async def _in_portions(items: Sequence[T]) -> AsyncIterator[T]:
    """The items one by one; yields to the event loop now and then."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % PORTION == 0:
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class _News:
    """An event that is not a duplicate, with its number."""

    event: Incoming
    event_no: EventNo
    assertions: tuple[Assertion, ...]
    accounts: tuple[AccountAssertion, ...]


def _numbered(event: Incoming, event_no: EventNo) -> _News:
    assertions = tuple(replace(assertion, event_no=event_no) for assertion in event.assertions)
    return _News(
        event, event_no, assertions, tuple(replace(assertion, event_no=event_no) for assertion in event.accounts)
    )


async def _lock(tx: RosterTransaction, news: Iterable[_News]) -> dict[OrganisationId, Organisation]:
    schools, ties, linked, accounts = set(), set(), set(), set()
    for new in news:
        school = new.event.organisation_id
        if school is not None:
            schools.add(school)
            ties |= {(school, person) for assertion in new.assertions for person in persons_named(assertion)}
        linked |= {assertion.person_id for assertion in new.accounts}
        accounts |= {
            (assertion.provider, assertion.external_user_id) for assertion in new.accounts if assertion.external_user_id
        }
    organisations = await tx.schools.lock(schools)
    await tx.people.lock(ties, linked)
    await tx.people.lock_accounts(accounts, linked)
    return organisations


@dataclass(frozen=True, slots=True)
class _Change:
    """A fact's timeline before and after the batch, and the assertions the batch brought."""

    before: Timeline
    after: Timeline
    news: tuple[Assertion, ...]


Changes = dict[Fact, _Change]


async def _merge_facts(tx: RosterTransaction, news: Iterable[_News]) -> Changes:
    said: dict[Fact, list[Assertion]] = {}
    for new in news:
        for assertion in new.assertions:
            said.setdefault((assertion.kind, assertion.key), []).append(assertion)
    known = await tx.facts.timelines(said.keys())
    changes = {
        fact: _Change(known.get(fact, ()), merged(known.get(fact, ()), assertions), tuple(assertions))
        async for fact, assertions in _in_portions(list(said.items()))
    }
    await tx.facts.write_timelines({fact: (c.before, c.after) for fact, c in changes.items() if c.before != c.after})
    return changes


def _zoned(organisations: Mapping[OrganisationId, Organisation], facts: Changes) -> dict[OrganisationId, Organisation]:
    """The schools with the time zones that hold now; the day never falls by a new zone."""
    zoned = dict(organisations)
    for key, organisation in organisations.items():
        change = facts.get((REGISTRATION, (key,)))
        assertion = holding(change.after, date.max) if change is not None else None
        if assertion is not None:
            zoned[key] = replace(organisation, time_zone=assertion.value.time_zone)
    return zoned


async def _affected(facts: Changes) -> AsyncIterator[dict[Affected, Cause]]:
    """`affected(before) | affected(after)` of every fact that changed. A stale assertion affects nobody; one that
    repeats a known value does not reopen rejected changes.
    """
    async for (kind, _), change in _in_portions(list(facts.items())):
        repeated = kind is REGISTRATION and change.before
        if change.before != change.after and not repeated:
            event_no = max(assertion.event_no for assertion in change.news)
            cause = Cause(event_no, by_event=course(change.before) != course(change.after))
            yield dict.fromkeys(affected_by_all((*change.before, *change.after)), cause)


@dataclass(frozen=True, slots=True)
class _Accounts:
    affected: Mapping[Affected, Cause]
    stale: Mapping[EventNo, Outcome]


async def _merge_accounts(tx: RosterTransaction, news: Iterable[_News]) -> _Accounts:
    """Write account assertions. Affects all who ever claimed one of the accounts, in every school that knows them and
    in which one of the assertions counts. Refused changes of newly linked persons are retried.
    """
    assertions = [assertion for new in news for assertion in new.accounts]
    if not assertions:
        return _Accounts({}, {})
    await tx.people.add_account_assertions(assertions)
    histories = await tx.people.account_assertions({assertion.person_id for assertion in assertions})
    concerning = _concerning(assertions, histories)
    linking = {assertion.person_id for assertion in assertions if assertion.external_user_id is not None}
    bounds = await tx.people.bounds(
        {assertion.version.source for history in histories.values() for assertion in history}
    )
    await tx.phones.forget_others(_linked(assertions, histories, bounds))
    affected = {}
    for school, person in await tx.people.ties(concerning.keys()):
        own = [event_no for source, event_no in concerning[person].items() if counts_in(school, source, bounds)]
        if own:
            about = Affected(school, RETRY if person in linking else PERSON, person)
            affected[about] = Cause(max(own), by_event=False)
    return _Accounts(affected, dict(_stale_links(assertions, histories, bounds)))


def _linked(
    assertions: Iterable[AccountAssertion], histories: Mapping[str, Sequence[AccountAssertion]], bounds: Bounds
) -> dict[tuple[PersonId, str], set[AccountId]]:
    """What the persons spoken of are linked to now, by person and provider."""
    of_persons = {provider: by_person(history) for provider, history in histories.items()}
    return {
        (each.person_id, each.provider): linked_accounts(of_persons[each.provider][each.person_id], bounds)
        for each in assertions
    }


Latest = dict[str, EventNo]
"""The last event's number, by source."""


def _concerning(
    assertions: Iterable[AccountAssertion], histories: Mapping[str, Sequence[AccountAssertion]]
) -> dict[PersonId, Latest]:
    """Which events may change each person's account: their own, and those of all who ever claimed one with them.

    Linear in time, even if a whole batch claims one account.
    """
    own: dict[PersonId, Latest] = {}
    for assertion in assertions:
        _join(own.setdefault(assertion.person_id, {}), {assertion.version.source: assertion.event_no})
    claimants: dict[tuple[str, str], set[PersonId]] = defaultdict(set)
    for provider, history in histories.items():
        for said in history:
            if said.external_user_id is not None:
                claimants[provider, said.external_user_id].add(said.person_id)
    concerned = {person: latest.copy() for person, latest in own.items()}
    for persons in (persons for persons in claimants.values() if len(persons) > 1):
        of_all: Latest = {}
        for person in persons:
            _join(of_all, own.get(person, {}))
        for person in persons:
            _join(concerned.setdefault(person, {}), of_all)
    return concerned


def _join(latest: Latest, others: Latest) -> None:
    for source, event_no in others.items():
        latest[source] = max(event_no, latest.get(source, NO_EVENT))


def _stale_links(
    assertions: Iterable[AccountAssertion], histories: Mapping[str, Sequence[AccountAssertion]], bounds: Bounds
) -> Iterator[tuple[EventNo, Outcome]]:
    for assertion in assertions:
        own = [
            other
            for other in histories[assertion.provider]
            if other.person_id == assertion.person_id
            and speak_together(assertion.version.source, other.version.source, bounds)
        ]
        holds = latest_assertion(own)
        if holds is not None and holds.version != assertion.version:
            yield assertion.event_no, Outcome(STALE, holds.event_no)


async def _outcomes(
    tx: RosterTransaction, news: Sequence[_News], facts: Changes, days: Mapping[OrganisationId, date]
) -> dict[EventNo, Outcome]:
    names = {
        (new.event.organisation_id, *name) for new in news if new.event.organisation_id for name in new.event.names
    }
    announced = await tx.facts.announced(names)
    return {new.event_no: _outcome_of(new, facts, announced, days) async for new in _in_portions(news)}


def _outcome_of(
    new: _News, facts: Changes, announced: Collection[tuple[str, str, str]], days: Mapping[OrganisationId, date]
) -> Outcome:
    beaten = [beaten_by(facts[assertion.kind, assertion.key].after, assertion) for assertion in new.assertions]
    if beaten and all(beaten):
        return Outcome(STALE, max(assertion.event_no for assertion in beaten if assertion is not None))
    school = new.event.organisation_id
    if school is None:
        return Outcome(APPLIED)
    ahead = any(assertion.effective_on > days[school] for assertion in new.assertions)
    unknown = any((school, *name) not in announced for name in new.event.names)
    return Outcome(KEPT if ahead or unknown else APPLIED)


def _outcome(mark: Recorded, outcomes: Mapping[EventNo, Outcome]) -> Outcome:
    return Outcome(DUPLICATE) if mark.duplicate else outcomes[mark.event_no]
