"""The rules of offsets: what is handled now, what was before, what did not come, and when a partition stops."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.offsets import (
    MOST_BAD,
    OUT_OF_RANGE,
    RECENT,
    TOO_MANY_BAD,
    Found,
    Part,
    Record,
    after,
    batches,
    beginning,
    lacks_before,
    remaining,
    runs,
)
from sync.streams import Partition, Position
from tests.road import START

ROSTER = Partition("roster.events", 3)
STOPPED = Position(5, 0, START, TOO_MANY_BAD)


def records(*offsets: int) -> list[Record]:
    return [Record(offset, START, None, b"{}") for offset in offsets]


def part(start: int, end: int) -> Part:
    return Part(ROSTER, start, end, records(*range(start, end)))


def spans(parts: list[Part]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in parts]


def test_delivered_records_are_parts_that_end_at_each_hole() -> None:
    assert spans(runs(ROSTER, records(4, 5, 6, 9, 10, 12))) == [(4, 7), (9, 11), (12, 13)]


def test_records_delivered_again_are_a_part_of_their_own() -> None:
    assert spans(runs(ROSTER, records(4, 5, 4, 5, 6))) == [(4, 6), (4, 7)]


def test_a_poll_is_batches_of_at_most_so_many_records() -> None:
    polled = {"a": [1, 2], "b": [1, 2, 3, 4, 5, 6, 7], "c": [1]}
    assert list(batches(polled, 4)) == [{"a": [1, 2], "b": [1, 2]}, {"b": [3, 4, 5, 6]}, {"b": [7], "c": [1]}]
    assert list(batches({"a": [1, 2]}, 2)) == [{"a": [1, 2]}]
    assert list(batches({"a": []}, 2)) == []


@given(st.dictionaries(st.integers(), st.lists(st.integers(), max_size=20)), st.integers(1, 9))
def test_of_a_poll_nothing_gets_lost_and_each_partition_stays_in_order(polled: dict[int, list[int]], most: int) -> None:
    made = list(batches(polled, most))
    again: dict[int, list[int]] = {}
    for batch in made:
        for partition, some in batch.items():
            again.setdefault(partition, []).extend(some)
    assert again == {partition: some for partition, some in polled.items() if some}
    assert all(sum(map(len, batch.values())) == most for batch in made[:-1])


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [(5, 8, (5, 8)), (3, 8, (5, 8)), (3, 5, None), (6, 8, None), (0, 2, None)],
    ids=["begins there", "began before", "was handled", "begins too late", "was handled long ago"],
)
def test_of_a_part_what_lies_from_the_stored_offset_on_is_handled(
    start: int, end: int, left: tuple[int, int] | None
) -> None:
    found = remaining(part(start, end), Position(5))
    assert found == (part(*left) if left else None)


def test_records_are_lacking_before_a_part_that_begins_above_the_stored_offset() -> None:
    assert [lacks_before(Position(5), part(start, 9)) for start in (4, 5, 6)] == [False, False, True]


def test_of_a_stopped_partition_nothing_is_handled_and_nothing_is_lacking() -> None:
    assert remaining(part(5, 8), STOPPED) is None
    assert not lacks_before(STOPPED, part(7, 9))


def test_a_part_with_a_hole_that_is_real_is_handled_up_to_its_end() -> None:
    whole = Part(ROSTER, 5, 10, records(5, 8))
    assert after(Position(5), whole, [False, False], START) == (Position(10), 2)


def test_a_hundred_bad_records_of_two_hundred_stop_nothing() -> None:
    position, count = after(Position(0), part(0, RECENT), [True, False] * MOST_BAD, START)
    assert (position.next, position.stopped_at, count) == (RECENT, None, RECENT)


def test_the_next_bad_one_stops_the_partition_behind_it() -> None:
    bad = [True] * (MOST_BAD + 1) + [False] * 5
    position, count = after(Position(0), part(0, len(bad)), bad, START)
    assert (position.next, count) == (MOST_BAD + 1, MOST_BAD + 1)
    assert (position.stopped_at, position.stopped_why) == (START, TOO_MANY_BAD)


def test_what_is_longer_ago_than_two_hundred_records_is_forgotten() -> None:
    bad = [True] * MOST_BAD + [False] * RECENT + [True] * MOST_BAD
    position, _ = after(Position(0), part(0, len(bad)), bad, START)
    assert position.stopped_at is None


@given(st.lists(st.booleans(), max_size=500), st.data())
def test_where_a_partition_stops_does_not_depend_on_batches(bad: list[bool], data: st.DataObject) -> None:
    bad = [one or at % 3 != 0 for at, one in enumerate(bad)]
    whole, _ = after(Position(0), part(0, len(bad)), bad, START)
    position, at = Position(0), 0
    while at < len(bad) and position.stopped_at is None:
        end = data.draw(st.integers(at + 1, len(bad)))
        position, _ = after(position, part(at, end), bad[at:end], START)
        at = end
    assert position == whole


def test_a_partition_nobody_handled_begins_with_the_earliest_record_whatever_is_committed() -> None:
    assert beginning(None, Found(70, 3, 90), START) == Position(3)


def test_the_stored_offset_is_where_it_goes_on_whatever_is_committed() -> None:
    assert [beginning(Position(50, 6), Found(at, 3, 90), START) for at in (10, 70)] == [Position(50, 6)] * 2


def test_without_a_commit_topic_or_group_is_new_and_begins_with_the_earliest() -> None:
    assert beginning(STOPPED, Found(None, 0, 90), START) == Position(0)


@pytest.mark.parametrize("stored", [Position(2), Position(91)], ids=["below", "above"])
def test_an_offset_the_topic_does_not_have_stops_the_partition(stored: Position) -> None:
    stopped = replace(stored, stopped_at=START, stopped_why=OUT_OF_RANGE)
    assert beginning(stored, Found(60, 3, 90), START) == stopped


def test_a_stopped_partition_stays_where_and_why_it_is() -> None:
    assert beginning(STOPPED, Found(60, 30, 90), START) == STOPPED
