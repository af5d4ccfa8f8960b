"""The oracle is right: the rules in small cases with their results written out by hand."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import CATALOGUE, EVENTS
from tests import histories, oracle

SCHOOL = "school"
DAY = date(2026, 10, 1)
DAY_BEFORE, DAY_AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
Event = dict[str, Any]
People = dict[str, tuple[str, set[str]]]


def told(type_: str, *, at: int = 0, source: str = "sis", sequence: str | None = None, **data: Any) -> Event:
    """An event recorded `at` minutes after the day's noon, or in its turn in the history."""
    event = {"specversion": "1.0", "type": f"{type_}.v1", "source": source, "at": at, "data": data}
    return event if sequence is None else event | {"sequence": sequence}


def here(type_: str, **rest: Any) -> Event:
    return told(f"school.{type_}", **{"organisation_id": SCHOOL} | rest)


def history(*events: Event) -> list[Event]:
    """The events in turn, a second apart, save those that say when."""
    return [
        {key: value for key, value in event.items() if key != "at"}
        | {"id": f"{number:03}", "time": _time(event["at"], number)}
        for number, event in enumerate(events)
    ]


def _time(minutes: int, seconds: int) -> str:
    return (datetime(2026, 9, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)).isoformat()


def registered(**rest: Any) -> Event:
    return here("organisation.registered", **{"name": "Школа"} | rest)


def opened(class_id: str = "5a", **rest: Any) -> Event:
    return here("class.opened", **{"class_id": class_id, "name": "5 А", "school_year": "2026/2027"} | rest)


def enrolled(student_id: str, class_id: str = "5a", **rest: Any) -> Event:
    return here("student.enrolled", student_id=student_id, class_id=class_id, **rest)


def guardian(guardian_id: str, student_id: str, **rest: Any) -> Event:
    return here("guardian.assigned", guardian_id=guardian_id, student_id=student_id, **rest)


def guardian_removed(guardian_id: str, student_id: str, **rest: Any) -> Event:
    return here("guardian.removed", guardian_id=guardian_id, student_id=student_id, **rest)


def hired(employee_id: str, position_type: str = "teaching_staff", **rest: Any) -> Event:
    return here("employee.hired", employee_id=employee_id, position_type=position_type, **rest)


def group(class_id: str | None = "5a", teacher_id: str | None = None, student_ids: Any = None, **rest: Any) -> Event:
    named = {"group_id": "algebra", "subject": "Алгебра", "name": "Алгебра"}
    return here("group.opened", class_id=class_id, teacher_id=teacher_id, student_ids=student_ids, **named | rest)


def subject_chat(**rest: Any) -> Event:
    return club(**{"chat_id": "lessons", "chat_type": "subject", "group_id": "algebra"} | rest)


def club(**rest: Any) -> Event:
    empty: Event = {"employee_ids": [], "student_ids": []}
    return here("chat.created", **{"chat_id": "club", "name": "Кружок", "chat_type": "other"} | empty | rest)


def edited(chat_id: str, **rest: Any) -> Event:
    return here("chat.edited", chat_id=chat_id, **rest)


def linked(person_id: str, external_user_id: str, **rest: Any) -> Event:
    return told("account.linked", person_id=person_id, provider="max", external_user_id=external_user_id, **rest)


def unlinked(person_id: str, **rest: Any) -> Event:
    return told("account.unlinked", person_id=person_id, provider="max", **rest)


def people(events: list[Event], chat_id: str, day: date = DAY, school: str = SCHOOL) -> People:
    return {person: (role, set(why)) for person, (role, why) in oracle.desired(events, school, day)[chat_id].items()}


def kept_out(events: list[Event], chat_id: str, day: date = DAY) -> dict[str, set[str]]:
    return {person: set(why) for person, why in oracle.excluded(events, SCHOOL, day)[chat_id].items()}


def chats(events: list[Event], day: date = DAY, school: str = SCHOOL) -> set[str]:
    return set(oracle.desired(events, school, day))


# What there is


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


# Who belongs where


def test_staff_are_administration_and_teachers_alone() -> None:
    events = history(registered(), hired("head", "administration"), hired("teacher"), hired("cook", "other"))
    assert people(events, "staff:school") == {"head": ("member", {"employed"}), "teacher": ("member", {"employed"})}


def test_a_position_changed_counts_as_employment() -> None:
    events = history(
        registered(),
        hired("cook"),
        here("employee.position_changed", employee_id="cook", position_type="other"),
        here("employee.position_changed", employee_id="new", position_type="teaching_staff"),
    )
    assert people(events, "staff:school") == {"new": ("member", {"employed"})}


def test_a_pupil_is_in_the_class_chat_and_the_guardian_in_the_parents_chat() -> None:
    events = history(registered(), opened(), enrolled("anna"), guardian("vera", "anna"))
    assert people(events, "class:5a") == {"anna": ("member", {"studies_in"})}
    assert people(events, "parents:5a") == {"vera": ("member", {"guardian_of:anna"})}


def test_a_guardian_of_two_in_a_class_has_two_reasons() -> None:
    events = history(
        registered(), opened(), enrolled("anna"), enrolled("oleg"), guardian("vera", "anna"), guardian("vera", "oleg")
    )
    assert people(events, "parents:5a") == {"vera": ("member", {"guardian_of:anna", "guardian_of:oleg"})}


def test_facts_told_before_the_class_is_opened_count_once_it_is() -> None:
    events = history(guardian("vera", "anna"), enrolled("anna"), registered(), opened())
    assert people(events, "parents:5a") == {"vera": ("member", {"guardian_of:anna"})}


def test_a_transfer_moves_the_pupil_on_its_day() -> None:
    events = history(
        registered(),
        opened("5a"),
        opened("5b"),
        enrolled("anna"),
        here("student.transferred", student_id="anna", to_class_id="5b", effective_on="2026-10-01"),
    )
    assert list(people(events, "class:5a", DAY_BEFORE)) == ["anna"]
    assert list(people(events, "class:5a")) == []
    assert list(people(events, "class:5b")) == ["anna"]


def test_an_expelled_pupil_leaves_with_the_guardian() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        guardian("vera", "anna"),
        here("student.expelled", student_id="anna", reason="left"),
    )
    assert people(events, "class:5a") == people(events, "parents:5a") == {}


def test_a_restoration_cancelled_ends_what_the_restoration_brought() -> None:
    events = history(
        registered(),
        opened(),
        here("student.restored", student_id="anna", class_id="5a"),
        here("student.restoration_cancelled", student_id="anna"),
    )
    assert list(people(events[:-1], "class:5a")) == ["anna"]
    assert list(people(events, "class:5a")) == []


def test_the_homeroom_teacher_is_admin_of_both_chats_while_employed() -> None:
    events = history(
        registered(),
        opened(homeroom_teacher_id="olga"),
        hired("olga", "other"),
        here("employee.dismissed", employee_id="olga", effective_on="2026-10-02"),
    )
    assert people(events, "class:5a") == people(events, "parents:5a") == {"olga": ("admin", {"homeroom"})}
    assert people(events, "class:5a", DAY_AFTER) == {}


def test_a_class_opened_again_keeps_the_homeroom_teacher_it_does_not_speak_of() -> None:
    events = history(
        registered(), opened(homeroom_teacher_id="olga"), hired("olga"), opened(), opened(homeroom_teacher_id=None)
    )
    assert list(people(events[:-1], "class:5a")) == ["olga"]
    assert list(people(events, "class:5a")) == []


def test_the_chat_administrator_is_admin_of_every_chat_while_employed() -> None:
    events = history(registered(chat_administrator_id="root"), hired("root", "other"), opened(), club())
    everywhere = {"root": ("admin", frozenset({"chat_administrator"}))}
    assert oracle.desired(events, SCHOOL, DAY) == dict.fromkeys(
        ("staff:school", "class:5a", "parents:5a", "club"), everywhere
    )


def test_a_school_registered_again_keeps_the_chat_administrator_it_does_not_speak_of() -> None:
    events = history(
        registered(chat_administrator_id="root"), hired("root"), registered(), registered(chat_administrator_id=None)
    )
    assert people(events[:-1], "staff:school") == {"root": ("admin", {"employed", "chat_administrator"})}
    assert people(events, "staff:school") == {"root": ("member", {"employed"})}


# Groups


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


# By hand


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


# Exclusions


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


# Titles


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


# Which assertion holds


def in_class(*facts: Event, day: date = DAY) -> str | None:
    """Where Anna is among 5a and 5b, whatever the order in which the facts arrive."""
    events = history(registered(), opened("5a"), opened("5b"), *facts)
    found = {chat for chat in ("class:5a", "class:5b") if "anna" in people(events, chat, day)}
    assert oracle.desired(events[::-1], SCHOOL, day) == oracle.desired(events, SCHOOL, day)
    return found.pop().removeprefix("class:") if found else None


def test_within_a_source_the_higher_sequence_wins_whatever_the_time() -> None:
    assert in_class(enrolled("anna", "5a", sequence="9", at=1), enrolled("anna", "5b", sequence="10", at=5)) == "5a"


def test_within_a_source_events_without_sequence_are_older() -> None:
    assert in_class(enrolled("anna", "5a", sequence="1", at=1), enrolled("anna", "5b", at=5)) == "5a"


def test_without_sequence_the_later_instant_wins_and_then_the_id() -> None:
    assert in_class(enrolled("anna", "5a", at=5), enrolled("anna", "5b", at=1)) == "5a"
    tied = history(registered(), opened(), enrolled("anna", "5b"), enrolled("anna", "5a"))
    noon = [event | {"time": time} for event, time in zip(tied, ["2026-09-01T12:00:00Z"] * 4, strict=True)]
    noon[2]["time"] = "2026-09-01T15:00:00+03:00"
    assert list(people(noon, "class:5a")) == ["anna"]


def test_between_sources_only_the_last_word_of_each_counts() -> None:
    first = enrolled("anna", "5a", source="a", sequence="1", at=10)
    other = enrolled("anna", "5b", source="b", at=9)
    last = enrolled("anna", "5a", source="a", sequence="2", at=8)
    assert in_class(first, other) == "5a"
    assert in_class(first, other, last) == "5b"


def test_a_fact_with_a_day_waits_for_it_and_one_without_holds_on_every_day() -> None:
    dated = enrolled("anna", "5b", effective_on="2026-10-01")
    assert [in_class(enrolled("anna"), dated, day=day) for day in (DAY_BEFORE, DAY)] == ["5a", "5b"]
    assert [in_class(dated, enrolled("anna"), day=day) for day in (DAY_BEFORE, DAY)] == ["5a", "5a"]


def test_an_earlier_start_told_later_beats_a_later_start_told_earlier() -> None:
    facts = (enrolled("anna", "5a", effective_on="2026-10-01"), enrolled("anna", "5b", effective_on="2026-09-30"))
    assert [in_class(*facts, day=day) for day in (DAY_BEFORE, DAY)] == ["5b", "5b"]


def test_a_day_on_an_event_that_has_none_is_ignored() -> None:
    events = history(
        registered(), opened(), here("class.renamed", class_id="5a", name="6 А", effective_on="2026-12-31")
    )
    assert oracle.titles(events, SCHOOL, DAY)["class:5a"] == "6 А"


def test_of_two_events_with_one_identity_the_first_counts() -> None:
    events = history(registered(), opened(), enrolled("anna"))
    forged = events[2] | {"data": {"organisation_id": SCHOOL, "student_id": "anna", "class_id": "5b"}}
    assert list(people([*events, forged], "class:5a")) == ["anna"]


# Accounts


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


# Histories


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
