"""The oracle is right, by results written out by hand: who was added by hand."""

from tests.oracles.small import (
    chats,
    club,
    edited,
    enrolled,
    group,
    guardian,
    here,
    hired,
    history,
    kept_out,
    opened,
    people,
    registered,
    subject_chat,
)


def test_no_parent_gets_into_a_pupils_chat_by_a_slip() -> None:
    events = history(
        registered(), opened(), enrolled("anna"), guardian("vera", "anna"), edited("class:5a", add_ids=["vera"])
    )
    assert list(people(events, "class:5a")) == ["anna"]
    assert kept_out(events, "class:5a") == {"vera": {"not_for_this_chat"}}


def test_each_kind_of_chat_takes_by_hand_whom_it_fits() -> None:
    picked = ["anna", "vera", "cook", "stranger"]
    events = history(
        registered(),
        opened("5a"),
        opened("5b"),
        enrolled("anna", "5b"),
        guardian("vera", "anna"),
        hired("cook", "other"),
        group(None),
        subject_chat(),
        club(),
        *(edited(chat, add_ids=picked) for chat in ("staff:school", "class:5a", "parents:5a", "lessons", "club")),
    )
    by_hand = {chat: sorted(people(events, chat)) for chat in chats(events) - {"class:5b", "parents:5b"}}
    assert by_hand == {
        "staff:school": ["cook"],
        "class:5a": ["anna", "cook"],
        "parents:5a": ["cook", "vera"],
        "lessons": ["anna", "cook"],
        "club": ["anna", "cook", "vera"],
    }


def test_who_is_restored_is_back_in_the_chats_he_had_been_added_to() -> None:
    events = history(
        registered(),
        enrolled("anna"),
        club(student_ids=["anna"]),
        here("student.expelled", student_id="anna"),
        here("student.restored", student_id="anna", class_id="5a"),
    )
    assert [list(people(events[:count], "club")) for count in (3, 4, 5)] == [["anna"], [], ["anna"]]


def test_a_chat_created_again_keeps_the_picks_of_those_it_does_not_name() -> None:
    events = history(registered(), enrolled("anna"), club(student_ids=["anna"]), club())
    assert list(people(events, "club")) == ["anna"]
