"""What every implementation of the store's port does, on both databases: transactions, facts, what is left to plan."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from sqlalchemy import func, text

from adapters.database.migrate import upgrade
from adapters.database.store import Database
from adapters.database.tables import inbox, metadata, organisations
from sync.errors import StoreUnavailable
from sync.facts import AT_ONCE, ATTENDANCE, KINDS, PLACEMENT, POSITION, REGISTRATION, Kind, Word
from sync.ports.affected import Touched
from sync.ports.events import Outcome, Recorded
from sync.ports.plans import Batch, Scheduled
from sync.ports.schools import Organisation
from sync.slices import Cause
from sync.touched import CLASS, EVERYBODY, Touch
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
        await tx.schools.lock(["school"])
        assert await rows(store, organisations.c.organisation_id) == []
    assert await rows(store, organisations.c.organisation_id) == [("school",)]


async def test_of_a_block_that_raises_nothing_is_there(store: Database) -> None:
    async def fails() -> None:
        async with store.planning() as tx:
            await tx.inbox.record([incoming("1")], START)
            await tx.schools.lock(["school"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await rows(store, organisations.c.organisation_id) == []
    assert await rows(store, inbox.c.no) == []


async def test_a_block_that_is_cancelled_leaves_nothing(store: Database) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with store.planning() as tx:
            await tx.schools.lock(["school"])
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
    new = Organisation("б", None, None, "Europe/Moscow")
    async with store.planning() as tx:
        assert await tx.schools.lock(["б", "а"]) == {"а": replace(new, organisation_id="а"), "б": new}
        assert await tx.schools.lock(["б"]) == {"б": new}
        assert await tx.schools.lock([]) == {}


async def test_a_schools_day_zone_and_next_midnight_are_kept(store: Database) -> None:
    schedule = {
        "school": Scheduled(TODAY, START + SECOND, "Asia/Kamchatka"),
        "lyceum": Scheduled(date(2999, 12, 31), None, "Europe/Moscow"),
    }
    async with store.planning() as tx:
        await tx.schools.lock(schedule)
        await tx.plans.write(Batch(schedule=schedule), START)
        assert await tx.schools.lock(schedule) == {key: Organisation(key, *schedule[key]) for key in schedule}


async def test_ties_are_kept_and_links_make_none(store: Database) -> None:
    async with store.planning() as tx:
        await tx.people.lock([("school", "anna"), ("lyceum", "anna"), ("school", "boris")], ["vera"])
        await tx.people.lock([("school", "anna")], ["anna"])
        await tx.people.lock([], [])
    async with store.planning() as tx:
        assert sorted(await tx.people.ties(["anna", "vera", "galina", "nobody"])) == [
            ("lyceum", "anna"),
            ("school", "anna"),
        ]
        assert await tx.people.ties([]) == []


async def test_rows_to_lock_may_be_locked_again(store: Database) -> None:
    async with store.planning() as tx:
        for _ in range(2):
            await tx.people.lock_accounts([("max", "2"), ("max", "1")], ["anna"])
            await tx.people.lock_accounts([], [])


# facts


def _values_of(hint: Any) -> list[Any]:
    options = get_args(hint) or (hint,)
    if NoneType in options:
        return [None, *(value for kind in options if kind is not NoneType for value in _values_of(kind))]
    return {str: ["ж", ""], bool: [True, False], ...: []}.get(hint) or [(), ("а", "б")]


def values(kind: Kind) -> list[Any]:
    """A value for each combination of what its fields may be."""
    hints = get_type_hints(kind.value)
    return [kind.value(*fields) for fields in product(*(_values_of(hints[name]) for name in kind.value._fields))]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_every_kind_of_fact_is_read_as_it_was_written(store: Database, kind: Kind) -> None:
    words = [
        Word(kind, tuple(f"{name} {number}" for name in kind.key), value, AT_ONCE, version(sequence=sequence), number)
        for number, value in enumerate(values(kind), 1)
        for sequence in (("00" if number % 2 else None),)
    ]
    await written(store, *words)
    nobody = (kind, tuple("nobody" for _ in kind.key))
    async with store.planning() as tx:
        found = await tx.facts.timelines([nobody, *((word.kind, word.key) for word in words)])
    assert found == {(word.kind, word.key): (word,) for word in words}


async def test_a_timeline_has_a_word_of_each_source_and_day(store: Database) -> None:
    instants = datetime.fromisoformat("1900-01-01T00:00:00.000001+00:00"), START + timedelta(microseconds=1)
    words = {
        hired("other", source, on, at)
        for source, at in zip(("sis", "hr"), instants, strict=True)
        for on in (AT_ONCE, LONG_AGO, TODAY, FAR_OFF)
    }
    await written(store, *words)
    async with store.planning() as tx:
        assert set((await tx.facts.timelines([(POSITION, KEY)]))[POSITION, KEY]) == words
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
    elsewhere = Word(PLACEMENT, ("lyceum", "anna"), PLACEMENT.value("5a", None, "enrolled"), TOMORROW, version(), 3)
    await written(store, now, later, elsewhere)
    async with store.planning() as tx:
        found = await tx.facts.starting({"school": (TODAY, TOMORROW)})
        assert {fact: set(words) for fact, words in found.items()} == {(POSITION, KEY): {now, later}}
        assert await tx.facts.starting({"school": (TOMORROW, FAR_OFF), "lyceum": (AT_ONCE, TODAY)}) == {}
        assert await tx.facts.starting({}) == {}


async def test_the_next_day_on_which_something_starts_is_told_by_school(store: Database) -> None:
    await written(store, hired("other"), hired("teaching_staff", on=TOMORROW), hired("other", "hr", FAR_OFF))
    async with store.planning() as tx:
        after = {"school": TODAY, "lyceum": TODAY}
        assert await tx.facts.next_starts(after) == {"school": TOMORROW}
        assert await tx.facts.next_starts(after | {"school": TOMORROW}) == {"school": FAR_OFF}
        assert await tx.facts.next_starts(after | {"school": FAR_OFF}) == {}
        assert await tx.facts.next_starts({}) == {}


async def test_what_is_announced_is_told_of_the_school_that_announced_it(store: Database) -> None:
    registered = Word(REGISTRATION, ("school",), REGISTRATION.value("Ш", "UTC", None), AT_ONCE, version(), 1)
    expelled = Word(ATTENDANCE, ("school", "boris"), ATTENDANCE.value(False, "left"), AT_ONCE, version(), 2)
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
        await tx.people.add_account_words([*own, *rivals, *strangers])
        await tx.people.add_account_words(own[:1])
        await tx.people.add_account_words([])
    async with store.planning() as tx:
        found = await tx.people.account_words(["anna"])
        assert {provider: set(words) for provider, words in found.items()} == {
            "max": {own[0], own[1], *rivals},
            "vk_id": {own[2]},
        }
        assert await tx.people.account_words([]) == {}
        assert await tx.people.account_words(["nobody"]) == {}


# what is left to be planned


async def left(store: Database, touches: Mapping[Touch, Cause], at: datetime = START) -> None:
    async with store.planning() as tx:
        await tx.schools.lock({touch.organisation_id for touch in touches})
        await tx.affected.touch(touches, at)


async def test_touches_are_read_by_school_as_they_were_left_last(store: Database) -> None:
    await left(store, {ANNA: CAUSE, BORIS: CAUSE, Touch("lyceum", CLASS, "5a"): CAUSE})
    await left(store, {ANNA: Cause(8, by_event=False)}, START + SECOND)
    async with store.planning() as tx:
        assert sorted(await tx.affected.touched(["school"]), key=lambda one: one.touch) == [
            Touched(ANNA, Cause(8, by_event=False), START + SECOND),
            Touched(BORIS, CAUSE, START),
        ]
        assert await tx.affected.touched([]) == []


async def test_touches_are_taken_away_but_those_left_anew_since_they_were_read(store: Database) -> None:
    await left(store, {ANNA: CAUSE, BORIS: CAUSE, ANNA._replace(id="vera"): CAUSE})
    async with store.planning() as tx:
        read = await tx.affected.touched(["school"])
        await tx.affected.touch({ANNA: Cause(8, by_event=True)}, START)
        await tx.affected.touch({BORIS: CAUSE}, START + SECOND)
        await tx.affected.untouch(read)
        await tx.affected.untouch([])
        assert {one.touch for one in await tx.affected.touched(["school"])} == {ANNA, BORIS}


async def test_a_school_is_due_that_was_touched_or_whose_midnight_has_come(store: Database) -> None:
    schedule: dict[str, tuple[date, datetime | None, str]] = {
        "midnight": (TODAY, START, "UTC"),
        "not yet": (TODAY, START + SECOND, "UTC"),
        "touched": (TODAY, None, "UTC"),
        "nothing": (TODAY, None, "UTC"),
    }
    async with store.planning() as tx:
        await tx.schools.lock(schedule)
        await tx.plans.write(Batch(schedule=schedule), START)
        await tx.affected.touch({Touch("touched", EVERYBODY, "touched"): CAUSE}, START)
    async with store.planning() as tx:
        due = {key: Organisation(key, *schedule[key]) for key in ("midnight", "touched")}
        assert await tx.schools.lock_due(START, 20) == due
        assert await tx.schools.lock_due(START, 1) == {"midnight": due["midnight"]}
        assert "not yet" in await tx.schools.lock_due(START + SECOND, 20)


async def test_a_school_that_stalled_is_due_again_later_and_later_until_it_is_planned(store: Database) -> None:
    await left(store, {ANNA: CAUSE})
    for tries in range(3):
        async with store.planning() as tx:
            await tx.plans.write(Batch(schedule={"school": (TOMORROW, None, "UTC")}, stalled={"school": "Oops"}), START)
            wait = timedelta(seconds=2**tries)
            assert await tx.schools.lock_due(START + wait - timedelta(microseconds=1), 20) == {}
            assert (await tx.schools.lock_due(START + wait, 20))["school"].day is None  # nor is its day written
    stalled = organisations.c.stalled_error, organisations.c.tries
    assert await rows(store, *stalled) == [("Oops", 3)]
    async with store.planning() as tx:
        await tx.affected.untouch(await tx.affected.touched(["school"]))
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
            await tx.schools.lock(["school"])
            server.kill()
            await tx.inbox.write_outcomes({1: Outcome("applied")})

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
