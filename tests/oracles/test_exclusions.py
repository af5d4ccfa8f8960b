"""The oracle is right, by results written out by hand: who is kept out."""

from tests.oracles.small import (
    DAY,
    DAY_BEFORE,
    club,
    edited,
    enrolled,
    guardian,
    guardian_removed,
    here,
    hired,
    history,
    kept_out,
    opened,
    people,
    registered,
)


def test_the_blocked_are_out_of_all_chats_and_their_parents_stay() -> None:
    events = history(
        registered(chat_administrator_id="root"),
        hired("root"),
        opened(),
        enrolled("anna"),
        guardian("vera", "anna"),
        here("person.blocked", person_id="anna"),
        here("person.blocked", person_id="root"),
    )
    assert people(events, "class:5a") == people(events, "staff:school") == {}
    assert list(people(events, "parents:5a")) == ["vera"]
    assert kept_out(events, "class:5a") == {"anna": {"blocked"}, "root": {"blocked"}}


def test_the_unblocked_are_back() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        here("person.blocked", person_id="anna"),
        here("person.unblocked", person_id="anna", effective_on="2026-10-01"),
    )
    assert [list(people(events, "class:5a", day)) for day in (DAY_BEFORE, DAY)] == [[], ["anna"]]


def test_who_is_excluded_by_hand_is_out_until_added_again() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        edited("class:5a", remove_ids=["anna"]),
        edited("class:5a", add_ids=["anna"]),
    )
    assert people(events[:-1], "class:5a") == {}
    assert kept_out(events[:-1], "class:5a") == {"anna": {"excluded_by_hand"}}
    assert people(events, "class:5a") == {"anna": ("member", {"studies_in", "added_by_hand"})}


def test_the_chat_administrator_cannot_be_excluded_by_hand() -> None:
    events = history(
        registered(chat_administrator_id="root"), hired("root"), edited("staff:school", remove_ids=["root"])
    )
    assert people(events, "staff:school") == {"root": ("admin", {"chat_administrator"})}
    assert kept_out(events, "staff:school") == {}


def test_denial_outlives_a_snapshot_and_ends_with_an_assignment() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        guardian_removed("vera", "anna", denied=True),
        guardian("vera", "anna", snapshot=True),
        guardian("vera", "anna"),
    )
    assert people(events[:-1], "parents:5a") == {}
    assert kept_out(events[:-1], "parents:5a") == {"vera": {"denied"}}
    assert list(people(events, "parents:5a")) == ["vera"]


def test_a_removal_without_denial_does_not_lift_one() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        guardian_removed("vera", "anna", denied=True),
        guardian_removed("vera", "anna"),
        guardian("vera", "anna", snapshot=True),
    )
    assert people(events, "parents:5a") == {}


def test_the_denied_are_tied_through_their_other_child_alone() -> None:
    begun = (
        registered(),
        enrolled("anna"),
        guardian_removed("vera", "anna", denied=True),
        guardian("vera", "anna", snapshot=True),
        club(guardian_ids=["vera"]),
    )
    assert kept_out(history(*begun), "club") == {"vera": {"denied"}}
    assert list(people(history(*begun, enrolled("oleg"), guardian("vera", "oleg")), "club")) == ["vera"]
