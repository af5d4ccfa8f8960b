"""The oracle is right, by results written out by hand: which chats there are."""

from tests import oracle
from tests.oracles.small import (
    DAY,
    DAY_AFTER,
    DAY_BEFORE,
    SCHOOL,
    chats,
    club,
    edited,
    enrolled,
    here,
    history,
    opened,
    people,
    registered,
)


def test_a_school_not_registered_has_no_chats() -> None:
    assert chats(history(opened(), enrolled("anna"))) == set()


def test_a_registered_school_has_a_staff_chat_and_two_chats_of_each_open_class() -> None:
    events = history(registered(), opened("5a"), opened("5b"), here("class.closed", class_id="5b"))
    assert oracle.desired(events, SCHOOL, DAY) == {"staff:school": {}, "class:5a": {}, "parents:5a": {}}


def test_a_class_opened_for_a_day_has_no_chats_before_it() -> None:
    events = history(registered(), opened(effective_on="2026-10-01"))
    assert [len(chats(events, day)) for day in (DAY_BEFORE, DAY, DAY_AFTER)] == [1, 3, 3]


def test_a_chat_by_hand_deleted_is_gone_until_created_again() -> None:
    events = history(registered(), club(), here("chat.deleted", chat_id="club"), club())
    assert [chats(events[:count]) for count in (2, 3, 4)] == [
        {"staff:school", "club"},
        {"staff:school"},
        {"staff:school", "club"},
    ]


def test_a_class_of_one_id_in_two_schools_is_two_classes() -> None:
    events = history(
        registered(),
        registered(organisation_id="other"),
        opened(),
        enrolled("anna"),
        opened(organisation_id="other"),
        enrolled("oleg", organisation_id="other"),
    )
    assert people(events, "class:5a") == {"anna": ("member", {"studies_in"})}
    assert people(events, "class:5a", school="other") == {"oleg": ("member", {"studies_in"})}


def test_another_school_changes_nothing_of_a_class() -> None:
    foreign = {"organisation_id": "other", "class_id": "5a"}
    events = history(
        registered(),
        registered(organisation_id="other"),
        opened(),
        here("class.closed", **foreign),
        here("class.renamed", **foreign, name="9 Я"),
        edited("class:5a", organisation_id="other", name="Наш", add_ids=["oleg"]),
        enrolled("oleg", organisation_id="other"),
    )
    assert people(events, "class:5a") == {}
    assert oracle.titles(events, SCHOOL, DAY)["class:5a"] == "5 А"
