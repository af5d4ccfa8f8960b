"""The oracle is right, by results written out by hand: teaching groups."""

from tests.oracles.small import enrolled, group, here, hired, history, opened, people, registered, subject_chat


def test_a_group_of_the_whole_class_has_its_pupils_and_the_teacher() -> None:
    events = history(
        registered(), opened(), enrolled("anna"), enrolled("oleg", "5b"), hired("ivan"), group(teacher_id="ivan")
    )
    assert people([*events, *history(subject_chat(source="hand"))], "lessons") == {
        "anna": ("member", {"studies_in_group"}),
        "ivan": ("admin", {"teaches"}),
    }


def test_a_group_of_the_whole_class_needs_the_class_open_and_a_named_list_does_not() -> None:
    begun = (registered(), opened(), enrolled("anna"), group(), subject_chat(), here("class.closed", class_id="5a"))
    listed = here("group.students_set", group_id="algebra", student_ids=["anna"])
    assert list(people(history(*begun), "lessons")) == []
    assert list(people(history(*begun, listed), "lessons")) == ["anna"]


def test_a_pupil_listed_in_a_group_of_another_class_does_not_count() -> None:
    events = history(registered(), enrolled("anna", "5b"), group("5a", student_ids=["anna"]), subject_chat())
    assert people(events, "lessons") == {}


def test_a_group_without_a_class_has_its_listed_pupils_while_enrolled() -> None:
    events = history(registered(), enrolled("anna"), group(None, student_ids=["anna", "oleg"]), subject_chat())
    assert list(people(events, "lessons")) == ["anna"]


def test_a_group_without_class_or_list_has_nobody() -> None:
    assert people(history(registered(), enrolled("anna"), group(None), subject_chat()), "lessons") == {}


def test_a_group_closed_leaves_the_chat_to_those_added_by_hand() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        enrolled("oleg"),
        hired("ivan"),
        group(teacher_id="ivan"),
        subject_chat(student_ids=["anna"]),
        here("group.closed", group_id="algebra"),
    )
    assert people(events, "lessons") == {"anna": ("member", {"added_by_hand"})}


def test_a_chat_for_another_schools_group_has_nobody_by_it() -> None:
    events = history(
        registered(), enrolled("anna"), group(None, student_ids=["anna"], organisation_id="other"), subject_chat()
    )
    assert people(events, "lessons") == {}
