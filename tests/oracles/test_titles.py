"""The oracle is right, by results written out by hand: what chats are called."""

from tests import oracle
from tests.oracles.small import DAY, SCHOOL, club, edited, here, history, opened, registered


def test_titles_follow_the_class() -> None:
    events = history(registered(), opened(), here("class.renamed", class_id="5a", name="6 А"), club())
    assert oracle.titles(events, SCHOOL, DAY) == {
        "staff:school": "Учительская",
        "class:5a": "6 А",
        "parents:5a": "6 А Родители",
        "club": "Кружок",
    }


def test_a_title_by_hand_holds_until_the_class_is_named_later() -> None:
    events = history(
        registered(),
        opened(),
        edited("class:5a", name="Дружный"),
        edited("staff:school", name="Педагоги"),
        here("class.renamed", class_id="5a", name="5 А"),
    )
    assert oracle.titles(events[:-1], SCHOOL, DAY)["class:5a"] == "Дружный"
    assert oracle.titles(events, SCHOOL, DAY) == {
        "staff:school": "Педагоги",
        "class:5a": "5 А",
        "parents:5a": "5 А Родители",
    }
