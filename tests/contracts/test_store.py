"""What every implementation of the store's port does, on both databases: transactions, facts, what is left to plan."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import func, text

from adapters.database.migrate import upgrade
from adapters.database.schema import inbox, metadata, organisations
from adapters.database.store import Database
from sync.affected import CLASS, EVERYBODY, PERSON, Affected
from sync.errors import StoreUnavailable
from sync.facts import AT_ONCE, ATTENDANCE, FACT_TYPES, PLACEMENT, POSITION, REGISTRATION, Assertion, FactType
from sync.ids import EventNo, OrganisationId, PersonId
from sync.planning_scope import Cause
from sync.ports.affected import Unplanned
from sync.ports.events import Outcome, Recorded
from sync.ports.plans import Batch, Scheduled
from sync.ports.schools import Organisation
from tests.contracts.stores import (
    ANNA,
    BORIS,
    CAUSE,
    FAR_OFF,
    KEY,
    LONG_AGO,
    SECOND,
    TODAY,
    TOMORROW,
    class_open,
    hired,
    incoming,
    link,
    rows,
    version,
    written,
)
from tests.road import START
from tests.servers.postgresql import PostgreSQL

# transactions


async def test_what_a_block_wrote_is_there_when_it_ends(store: Database) -> None:
    async with store.planning() as tx:
        await tx.schools.lock([OrganisationId("school")])
        assert await rows(store, organisations.c.organisation_id) == []
    assert await rows(store, organisations.c.organisation_id) == [("school",)]


async def test_of_a_block_that_raises_nothing_is_there(store: Database) -> None:
    async def fails() -> None:
        async with store.planning() as tx:
            await tx.inbox.record([incoming("1")], START)
            await tx.schools.lock([OrganisationId("school")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await rows(store, organisations.c.organisation_id) == []
    assert await rows(store, inbox.c.no) == []


async def test_a_block_that_is_cancelled_leaves_nothing(store: Database) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with store.planning() as tx:
            await tx.schools.lock([OrganisationId("school")])
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await rows(store, organisations.c.organisation_id) == []


# the inbox


async def test_an_event_is_recorded_once(store: Database) -> None:
    async with store.planning() as tx:
        first = await tx.inbox.record([incoming("1"), incoming("2"), incoming("1", source="other")], START)
    async with store.planning() as tx:
        second = await tx.inbox.record([incoming("3"), incoming("1")], START)
    numbers = [recorded.event_no for recorded in (*first, second[0])]
    assert len(set(numbers)) == 4
    assert {recorded.duplicate for recorded in (*first, second[0])} == {False}
    assert second[1] == Recorded(first[0].event_no, duplicate=True, differs=False)


async def test_an_event_twice_in_a_batch_is_a_duplicate_the_second_time(store: Database) -> None:
    async with store.planning() as tx:
        first, second, third = await tx.inbox.record([incoming("1"), incoming("1"), incoming("1", body="{}")], START)
    assert second == Recorded(first.event_no, duplicate=True, differs=False)
    assert third == Recorded(first.event_no, duplicate=True, differs=True)


async def test_of_two_with_one_id_the_first_stored_counts_and_the_other_differs(store: Database) -> None:
    async with store.planning() as tx:
        (first,) = await tx.inbox.record([incoming("1", body='{"a": 1}')], START)
    async with store.planning() as tx:
        assert await tx.inbox.record([incoming("1", body='{"a": 2}')], START) == [Recorded(first.event_no, True, True)]
        assert await tx.inbox.record([], START) == []
    assert await rows(store, inbox.c.body) == [('{"a": 1}',)]


async def test_an_event_is_kept_with_its_place_in_the_topic_and_its_outcome(store: Database) -> None:
    event = replace(incoming("1"), organisation_id=None, record=("roster.events", 3, 2**62))
    async with store.planning() as tx:
        (recorded,) = await tx.inbox.record([event], START + SECOND)
        await tx.inbox.write_outcomes({recorded.event_no: Outcome("stale", 12)})
    kept = inbox.c.organisation_id, inbox.c.time, inbox.c.received_at, inbox.c.topic, inbox.c.partition
    assert await rows(store, *kept, inbox.c.offset, inbox.c.outcome, inbox.c.beaten_by) == [
        (None, START, START + SECOND, "roster.events", 3, 2**62, "stale", 12)
    ]


# schools and persons


async def test_locking_makes_schools_that_are_new(store: Database) -> None:
    new = Organisation(OrganisationId("б"), None, None, "Europe/Moscow")
    async with store.planning() as tx:
        assert await tx.schools.lock([OrganisationId("б"), OrganisationId("а")]) == {
            "а": replace(new, organisation_id=OrganisationId("а")),
            "б": new,
        }
        assert await tx.schools.lock([OrganisationId("б")]) == {"б": new}
        assert await tx.schools.lock([]) == {}


async def test_a_schools_day_zone_and_next_midnight_are_kept(store: Database) -> None:
    schedule = {
        OrganisationId("school"): Scheduled(TODAY, START + SECOND, "Asia/Kamchatka"),
        OrganisationId("lyceum"): Scheduled(date(2999, 12, 31), None, "Europe/Moscow"),
    }
    async with store.planning() as tx:
        await tx.schools.lock(schedule)
        await tx.plans.write(Batch(schedule=schedule), START)
        assert await tx.schools.lock(schedule) == {
            key: Organisation(OrganisationId(key), *schedule[key]) for key in schedule
        }


async def test_ties_are_kept_and_links_make_none(store: Database) -> None:
    async with store.planning() as tx:
        await tx.people.lock(
            [
                (OrganisationId("school"), PersonId("anna")),
                (OrganisationId("lyceum"), PersonId("anna")),
                (OrganisationId("school"), PersonId("boris")),
            ],
            [PersonId("vera")],
        )
        await tx.people.lock([(OrganisationId("school"), PersonId("anna"))], [PersonId("anna")])
        await tx.people.lock([], [])
    async with store.planning() as tx:
        assert sorted(
            await tx.people.ties([PersonId("anna"), PersonId("vera"), PersonId("galina"), PersonId("nobody")])
        ) == [
            ("lyceum", "anna"),
            ("school", "anna"),
        ]
        assert await tx.people.ties([]) == []


async def test_rows_to_lock_may_be_locked_again(store: Database) -> None:
    async with store.planning() as tx:
        for _ in range(2):
            await tx.people.lock_accounts([("max", "2"), ("max", "1")], [PersonId("anna")])
            await tx.people.lock_accounts([], [])


# facts


def _values_of(hint: Any) -> list[Any]:
    options = get_args(hint) or (hint,)
    if NoneType in options:
        return [None, *(value for kind in options if kind is not NoneType for value in _values_of(kind))]
    plain = getattr(hint, "__supertype__", None) or get_origin(hint) or hint
    known: dict[Any, list[Any]] = {str: ["ж", ""], bool: [True, False], tuple: [(), ("а", "б")]}
    return known[plain]


def values(kind: FactType) -> list[Any]:
    """A value for each combination of what its fields may be."""
    hints = get_type_hints(kind.value)
    return [kind.value(*fields) for fields in product(*(_values_of(hints[name]) for name in kind.value._fields))]


@pytest.mark.parametrize("kind", FACT_TYPES, ids=lambda kind: kind.name)
async def test_every_kind_of_fact_is_read_as_it_was_written(store: Database, kind: FactType) -> None:
    assertions = [
        Assertion(
            kind,
            tuple(f"{name} {number}" for name in kind.key),
            value,
            AT_ONCE,
            version(sequence=sequence),
            EventNo(number),
        )
        for number, value in enumerate(values(kind), 1)
        for sequence in (("00" if number % 2 else None),)
    ]
    await written(store, *assertions)
    nobody = (kind, tuple("nobody" for _ in kind.key))
    async with store.planning() as tx:
        found = await tx.facts.timelines([nobody, *((assertion.kind, assertion.key) for assertion in assertions)])
    assert found == {(assertion.kind, assertion.key): (assertion,) for assertion in assertions}


async def test_a_timeline_has_a_word_of_each_source_and_day(store: Database) -> None:
    instants = datetime.fromisoformat("1900-01-01T00:00:00.000001+00:00"), START + timedelta(microseconds=1)
    assertions = {
        hired("other", source, on, at)
        for source, at in zip(("sis", "hr"), instants, strict=True)
        for on in (AT_ONCE, LONG_AGO, TODAY, FAR_OFF)
    }
    await written(store, *assertions)
    async with store.planning() as tx:
        assert set((await tx.facts.timelines([(POSITION, KEY)]))[POSITION, KEY]) == assertions
        assert await tx.facts.timelines([]) == {}


async def test_of_a_timeline_rewritten_only_the_new_is_left(store: Database) -> None:
    old, gone, stays = hired("other"), hired("teaching_staff", on=TODAY), hired("other", "hr")
    new = hired("administration", at=START + SECOND, no=2)
    await written(store, old, gone, stays)
    async with store.planning() as tx:
        await tx.facts.write_timelines({(POSITION, KEY): ((old, gone, stays), (new, stays))})
    async with store.planning() as tx:
        assert set((await tx.facts.timelines([(POSITION, KEY)]))[POSITION, KEY]) == {new, stays}
        await tx.facts.write_timelines({})


async def test_words_that_start_between_two_days_are_found_with_their_timelines(store: Database) -> None:
    now, later = hired("other"), hired("teaching_staff", on=TOMORROW)
    elsewhere = Assertion(
        PLACEMENT, ("lyceum", "anna"), PLACEMENT.value("5a", None, "enrolled"), TOMORROW, version(), EventNo(3)
    )
    await written(store, now, later, elsewhere)
    async with store.planning() as tx:
        found = await tx.facts.starting({OrganisationId("school"): (TODAY, TOMORROW)})
        assert {fact: set(assertions) for fact, assertions in found.items()} == {(POSITION, KEY): {now, later}}
        assert (
            await tx.facts.starting(
                {OrganisationId("school"): (TOMORROW, FAR_OFF), OrganisationId("lyceum"): (AT_ONCE, TODAY)}
            )
            == {}
        )
        assert await tx.facts.starting({}) == {}


async def test_the_next_day_on_which_something_starts_is_told_by_school(store: Database) -> None:
    await written(store, hired("other"), hired("teaching_staff", on=TOMORROW), hired("other", "hr", FAR_OFF))
    async with store.planning() as tx:
        after = {OrganisationId("school"): TODAY, OrganisationId("lyceum"): TODAY}
        assert await tx.facts.next_starts(after) == {"school": TOMORROW}
        assert await tx.facts.next_starts(after | {OrganisationId("school"): TOMORROW}) == {"school": FAR_OFF}
        assert await tx.facts.next_starts(after | {OrganisationId("school"): FAR_OFF}) == {}
        assert await tx.facts.next_starts({}) == {}


async def test_what_is_announced_is_told_of_the_school_that_announced_it(store: Database) -> None:
    registered = Assertion(
        REGISTRATION, ("school",), REGISTRATION.value("Ш", "UTC", None), AT_ONCE, version(), EventNo(1)
    )
    expelled = Assertion(
        ATTENDANCE, ("school", "boris"), ATTENDANCE.value(False, "left"), AT_ONCE, version(), EventNo(2)
    )
    await written(store, registered, expelled, hired("other"), class_open("school"))
    known = {
        ("school", "organisation", "school"),
        ("school", "student", "boris"),
        ("school", "employee", "anna"),
        ("school", "class", "5a"),
    }
    unknown = {("lyceum", entity, id_) for _, entity, id_ in known} | {("school", "student", "anna")}
    async with store.planning() as tx:
        assert await tx.facts.announced(known | unknown) == known
        assert await tx.facts.announced(()) == set()


# accounts


async def test_histories_come_with_all_who_ever_claimed_one_of_the_accounts(store: Database) -> None:
    own = [link("anna", "1"), link("anna", None, no=2), link("anna", "1", "vk_id", no=3)]
    rivals = [link("boris", "1", no=4), link("boris", str(2**63 - 1), no=5)]
    strangers = [link("vera", str(2**63 - 1), no=6), link("galina", "1", "vk_id_other", no=7)]
    async with store.planning() as tx:
        await tx.people.add_account_assertions([*own, *rivals, *strangers])
        await tx.people.add_account_assertions(own[:1])
        await tx.people.add_account_assertions([])
    async with store.planning() as tx:
        found = await tx.people.account_assertions([PersonId("anna")])
        assert {provider: set(assertions) for provider, assertions in found.items()} == {
            "max": {own[0], own[1], *rivals},
            "vk_id": {own[2]},
        }
        assert await tx.people.account_assertions([]) == {}
        assert await tx.people.account_assertions([PersonId("nobody")]) == {}


# what is left to be planned


async def left(store: Database, affected: Mapping[Affected, Cause], at: datetime = START) -> None:
    async with store.planning() as tx:
        await tx.schools.lock({affected.organisation_id for affected in affected})
        await tx.affected.add(affected, at)


async def test_touches_are_read_by_school_as_they_were_left_last(store: Database) -> None:
    await left(store, {ANNA: CAUSE, BORIS: CAUSE, Affected(OrganisationId("lyceum"), CLASS, "5a"): CAUSE})
    await left(store, {ANNA: Cause(EventNo(8), by_event=False)}, START + SECOND)
    async with store.planning() as tx:
        assert sorted(await tx.affected.listed([OrganisationId("school")]), key=lambda one: one.affected) == [
            Unplanned(ANNA, Cause(EventNo(8), by_event=False), START + SECOND),
            Unplanned(BORIS, CAUSE, START),
        ]
        assert await tx.affected.listed([]) == []


async def test_touches_are_taken_away_but_those_left_anew_since_they_were_read(store: Database) -> None:
    await left(store, {ANNA: CAUSE, BORIS: CAUSE, ANNA._replace(id="vera"): CAUSE})
    async with store.planning() as tx:
        read = await tx.affected.listed([OrganisationId("school")])
        await tx.affected.add({ANNA: Cause(EventNo(8), by_event=True)}, START)
        await tx.affected.add({BORIS: CAUSE}, START + SECOND)
        await tx.affected.remove(read)
        await tx.affected.remove([])
        assert {one.affected for one in await tx.affected.listed([OrganisationId("school")])} == {ANNA, BORIS}


async def test_a_school_is_due_that_was_affected_or_whose_midnight_has_come(store: Database) -> None:
    schedule = {
        OrganisationId("midnight"): Scheduled(TODAY, START, "UTC"),
        OrganisationId("not yet"): Scheduled(TODAY, START + SECOND, "UTC"),
        OrganisationId("waiting"): Scheduled(TODAY, None, "UTC"),
        OrganisationId("nothing"): Scheduled(TODAY, None, "UTC"),
    }
    async with store.planning() as tx:
        await tx.schools.lock(schedule)
        await tx.plans.write(Batch(schedule=schedule), START)
        await tx.affected.add({Affected(OrganisationId("waiting"), EVERYBODY, "waiting"): CAUSE}, START)
    async with store.planning() as tx:
        due = {key: Organisation(key, *schedule[key]) for key in map(OrganisationId, ("midnight", "waiting"))}
        assert await tx.schools.lock_due(START, 20) == due
        assert [*await tx.schools.lock_due(START, 1)] == ["midnight"]
        assert "not yet" in await tx.schools.lock_due(START + SECOND, 20)


async def test_of_schools_that_wait_the_one_that_waits_longest_comes_first(store: Database) -> None:
    """Else those behind the first twenty, where these are busy, would never be planned."""
    schools = [OrganisationId(f"s{number}") for number in range(5)]
    async with store.planning() as tx:
        await tx.schools.lock(schools)
        for number, school in enumerate(reversed(schools)):
            await tx.affected.add({Affected(school, PERSON, "anna"): CAUSE}, START + number * SECOND)
        assert [*await tx.schools.lock_due(START, 2)] == ["s4", "s3"]


async def test_of_schools_to_be_planned_wholly_one_is_taken_at_a_time(store: Database) -> None:
    """Their events wait for it."""
    schools = [OrganisationId(f"s{number}") for number in range(5)]
    async with store.planning() as tx:
        await tx.schools.lock(schools)
        for number, school in enumerate(schools[:4]):
            await tx.affected.add({Affected(school, EVERYBODY, school): CAUSE}, START - number * SECOND)
        await tx.affected.add({Affected(schools[4], PERSON, "anna"): CAUSE}, START)
        assert [*await tx.schools.lock_due(START, 20)] == ["s3", "s4"]
        await tx.plans.write(Batch(stalled={schools[3]: "Oops"}), START)
        assert [*await tx.schools.lock_due(START, 20)] == ["s2", "s4"]


async def test_a_school_that_stalled_is_due_again_later_and_later_until_it_is_planned(store: Database) -> None:
    await left(store, {ANNA: CAUSE})
    for tries in range(3):
        async with store.planning() as tx:
            await tx.plans.write(
                Batch(
                    schedule={OrganisationId("school"): Scheduled(TOMORROW, None, "UTC")},
                    stalled={OrganisationId("school"): "Oops"},
                ),
                START,
            )
            wait = timedelta(seconds=2**tries)
            assert await tx.schools.lock_due(START + wait - timedelta(microseconds=1), 20) == {}
            assert (await tx.schools.lock_due(START + wait, 20))[
                OrganisationId("school")
            ].day is None  # nor is its day written
    stalled = organisations.c.stalled_error, organisations.c.tries
    assert await rows(store, *stalled) == [("Oops", 3)]
    async with store.planning() as tx:
        await tx.affected.remove(await tx.affected.listed([OrganisationId("school")]))
    assert await rows(store, *stalled, organisations.c.next_try_at) == [(None, 0, None)]


# away


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    """A server of the test's own, to be killed."""
    server = PostgreSQL().start()
    asyncio.run(upgrade(server.url("postgres")))
    yield server
    server.stop()


async def test_a_store_that_is_away_says_so_and_has_written_nothing(server: PostgreSQL) -> None:
    store = Database(server.url("postgres"))

    async def cut_off() -> None:
        async with store.planning() as tx:
            await tx.inbox.record([incoming("1")], START)
            await tx.schools.lock([OrganisationId("school")])
            server.kill()
            await tx.inbox.write_outcomes({EventNo(1): Outcome("applied")})

    with pytest.raises(StoreUnavailable):
        await cut_off()
    for block in (store.planning, store.settling, store.reading):
        with pytest.raises(StoreUnavailable):
            async with block():
                pass
    server.start()
    assert [
        await rows(store, func.count(table.primary_key.columns.values()[0])) for table in metadata.tables.values()
    ] == [[(0,)] for _ in metadata.tables]
    async with store.planning() as tx:
        assert not (await tx.inbox.record([incoming("1")], START))[0].duplicate
    await store.close()


async def test_a_commit_that_is_cut_off_is_all_there_or_not_at_all(server: PostgreSQL) -> None:
    """Whoever hears StoreUnavailable may send the same again."""
    store = Database(server.url("postgres"))

    async def cut_off() -> None:
        async with store.planning() as tx:
            await tx.inbox.record([incoming("1")], START)
            server.kill()

    with pytest.raises(StoreUnavailable):
        await cut_off()
    server.start()
    async with store.reading() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 0
    await store.close()
