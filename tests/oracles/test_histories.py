"""The oracle is right, by results written out by hand: histories, out of which laws are tried."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import CATALOGUE, EVENTS
from tests import histories, oracle
from tests.oracles.small import (
    DAY,
    Event,
)


@settings(max_examples=50, deadline=None)
@given(st.data(), histories.histories(max_size=15), histories.days())
def test_neither_order_nor_repetition_changes_anything(data: st.DataObject, events: list[Event], day: date) -> None:
    shuffled = data.draw(st.permutations(events + events[:3]))
    for organisation_id in histories.ORGANISATIONS:
        for ask in (oracle.desired, oracle.excluded, oracle.titles):
            assert ask(shuffled, organisation_id, day) == ask(events, organisation_id, day)
    assert oracle.accounts(shuffled, "max") == oracle.accounts(events, "max")


def test_a_seed_always_tells_the_same_history() -> None:
    assert histories.random_history(7, 40) == histories.random_history(7, 40) != histories.random_history(8, 40)


def test_histories_are_valid_by_the_contract_and_have_every_type_of_it() -> None:
    events = [event for seed in range(20) for event in histories.random_history(seed, 40)]
    assert {EVENTS.validate_json(json.dumps(event)).type for event in events} == set(CATALOGUE)


def test_histories_tell_of_every_reason_and_every_exclusion() -> None:
    seen: set[str] = set()
    for seed in range(60):
        events = histories.random_history(seed, 40)
        for chat in oracle.desired(events, "school-1", DAY).values():
            seen |= {reason.partition(":")[0] for _, reasons in chat.values() for reason in reasons}
        for kept in oracle.excluded(events, "school-1", DAY).values():
            seen |= {exclusion for exclusions in kept.values() for exclusion in exclusions}
    assert seen == {
        *("employed", "studies_in", "homeroom", "guardian_of", "studies_in_group", "teaches"),
        *("chat_administrator", "added_by_hand", "blocked", "excluded_by_hand", "denied", "not_for_this_chat"),
    }
