"""The oracle is right, by results written out by hand: whose account is whose."""

from tests import oracle
from tests.oracles.small import DAY, SCHOOL, enrolled, hired, history, linked, opened, registered, told, unlinked


def test_the_latest_link_is_the_account_until_unlinked() -> None:
    declined = told("account.link_declined", person_id="anna", provider="max")
    events = history(linked("anna", "1"), linked("anna", "2"), declined, unlinked("anna"))
    assert [oracle.accounts(events[:count], "max") for count in (1, 2, 3, 4)] == [
        {"anna": "1"},
        {"anna": "2"},
        {"anna": "2"},
        {"anna": None},
    ]
    assert oracle.accounts(events, "vk_id") == {}


def test_who_is_linked_longest_holds_the_account_until_unlinked() -> None:
    events = history(linked("anna", "1"), linked("oleg", "1"), linked("anna", "1"), unlinked("anna"))
    assert oracle.accounts(events[:-1], "max") == {"anna": "1", "oleg": None}
    assert oracle.held_by_another(events[:-1], "max") == {"oleg": "1"}
    assert oracle.accounts(events, "max") == {"anna": None, "oleg": "1"}
    assert oracle.held_by_another(events, "max") == {}


def test_a_late_unlinking_between_two_links_breaks_the_run() -> None:
    events = history(linked("anna", "1", at=1), linked("oleg", "1", at=3), linked("anna", "1", at=4))
    late = history(unlinked("anna", at=2, source="sis"))[0] | {"id": "late"}
    assert oracle.held_by_another(events, "max") == {"oleg": "1"}
    assert oracle.held_by_another([*events, late], "max") == {"anna": "1"}


def test_the_run_is_that_of_the_source_whose_word_holds() -> None:
    events = history(
        linked("anna", "1", at=1, source="a"), linked("oleg", "1", at=2), linked("anna", "1", at=3, source="b")
    )
    assert oracle.held_by_another(events, "max") == {"anna": "1"}


def test_between_runs_of_one_source_the_lower_sequence_is_the_longer() -> None:
    events = history(linked("anna", "1", at=1, sequence="2"), linked("oleg", "1", at=2, sequence="1"))
    assert oracle.held_by_another(events, "max") == {"anna": "1"}


def test_members_are_accounts_with_roles() -> None:
    events = history(
        registered(),
        opened(homeroom_teacher_id="olga"),
        hired("olga"),
        enrolled("anna"),
        enrolled("oleg"),
        linked("olga", "1"),
        linked("anna", "2"),
        linked("oleg", "2"),
    )
    assert oracle.members(events, SCHOOL, DAY, "max") == {
        "staff:school": {"1": "member"},
        "class:5a": {"1": "admin", "2": "member"},
        "parents:5a": {"1": "admin"},
    }
