"""The life of a membership: waiting, pending, applied, refused, left; held and rejected are with the guards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.simulator.entities import User
from sync.errors import Failure, PlatformError
from tests.cases.happenings import (
    blocked,
    chat_edited,
    class_opened,
    enrolled,
    expelled,
    homeroom_assigned,
    linked,
    registered,
    restored,
    transferred,
    unlinked,
)
from tests.cases.world import Done, World, members
from tests.doubles.platform import Action, Lost

# waiting


async def test_401_who_is_not_linked_waits_for_an_account_and_joins_once_linked(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.pupil("Боря").in_class("7 Б")
    assert await world.states("class:7 Б") == {"Аня": "waiting", "Боря": "applied"}
    assert await world.waits_for("Аня") == {"class:7 Б": "account"}
    await world.happens(linked("Аня", world.account(7, "Аня")))
    assert world.calls() == [Done("add", "7 Б", frozenset({"Аня"}))]
    assert await world.states("class:7 Б") == {"Аня": "applied", "Боря": "applied"}


async def test_402_who_waits_and_is_expelled_waits_no_more_and_nothing_is_called(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    await world.happens(expelled("Аня"))
    assert (world.calls(), await world.states("class:7 Б")) == ([], {})


async def test_403_who_moves_while_waiting_waits_for_the_new_class(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.a_class("7 В")
    await world.happens(transferred("Аня", "7 В"))
    assert await world.waits_for("Аня") == {"class:7 В": "account"}
    await world.happens(linked("Аня", world.account(7, "Аня")))
    assert await world.chats() == {"7 В": {"Аня": "member"}}


async def test_404_everybody_added_to_a_chat_our_rights_in_which_are_lost_waits_for_the_chat(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря")
    await world.begins()
    world.found("7 Б").rights_lost = True
    await world.happens(enrolled("Боря", "7 Б"))
    assert await world.states("class:7 Б") == {"Аня": "applied", "Боря": "waiting"}
    assert await world.waits_for("Боря") == {"class:7 Б": "chat"}


async def test_405_in_a_school_whose_platform_account_makes_no_chats_people_wait_for_the_chat(world: World) -> None:
    world.road.platform.capabilities = replace(world.road.platform.capabilities, makes_chats=False)
    world.pupil("Аня").in_class("7 Б")
    assert await world.chats() == {}
    assert await world.states("class:7 Б") == {"Аня": "waiting"}
    assert await world.waits_for("Аня") == {"class:7 Б": "chat"}


async def test_406_an_account_of_the_other_provider_is_none_in_the_chats_of_this_platform(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.account(7)
    link = linked("Аня", 7)
    link.data["provider"] = "vk_id"
    await world.happens(link)
    assert (await world.chats(), await world.waits_for("Аня")) == ({}, {"class:7 Б": "account"})


# pending and applied


async def test_407_a_change_stands_in_the_outbox_until_it_is_applied(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря")
    await world.planned(enrolled("Боря", "7 Б"), expelled("Аня"))
    assert await world.states("class:7 Б") == {"Аня": "pending", "Боря": "pending"}
    assert (world.calls(), await world.chat("7 Б")) == ([], {"Аня": "member"})
    await world.road.converge()
    assert await world.states("class:7 Б") == {"Боря": "applied"}


async def test_408_what_was_planned_and_undone_before_it_was_sent_makes_no_call(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.planned(expelled("Аня"))
    await world.happens(restored("Аня", "7 Б"))
    assert (world.calls(), await world.states("class:7 Б")) == ([], {"Аня": "applied"})


@pytest.mark.parametrize("fate", [Lost.BEFORE, Lost.AFTER])
async def test_409_a_call_whose_answer_is_lost_is_read_back_and_is_applied_in_the_end(world: World, fate: Lost) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря")
    await world.begins()
    world.road.platform.outcomes.append(fate)
    await world.happens(enrolled("Боря", "7 Б"))
    assert await world.chat("7 Б") == members(["Аня", "Боря"])
    assert await world.states("class:7 Б") == {"Аня": "applied", "Боря": "applied"}


@pytest.mark.parametrize("failure", [Failure.BUSY, Failure.RETRY, Failure.CREDENTIALS])
async def test_410_a_change_that_was_not_carried_out_is_tried_again_later(world: World, failure: Failure) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря")
    await world.begins()
    world.road.platform.outcomes.extend([PlatformError(failure, "not.now")] * 3)
    await world.happens(enrolled("Боря", "7 Б"))
    assert await world.chat("7 Б") == members(["Аня", "Боря"])


# refused


async def test_411_who_lets_nobody_add_them_is_refused_and_the_code_is_kept(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").private()
    world.pupil("Боря").in_class("7 Б")
    assert await world.chat("7 Б") == {"Боря": "member"}
    assert await world.states("class:7 Б") == {"Аня": "refused: add.participant.privacy", "Боря": "applied"}


async def test_412_who_is_not_to_be_found_is_refused_and_nobody_is_removed_for_it(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 Б").unlinked()
    await world.happens(linked("Боря", 404))
    assert await world.states("class:7 Б") == {"Аня": "applied", "Боря": "refused: add.participant.not.found"}
    del world.road.platform.world.users[world.accounts["Аня"]]
    await world.happens(homeroom_assigned("7 Б", None), enrolled("Аня", "7 Б"))
    assert await world.chat("7 Б") == {"Аня": "member"}


async def test_413_who_was_refused_is_not_asked_for_again_by_an_event_that_changes_nothing_for_them(
    world: World,
) -> None:
    world.pupil("Аня").in_class("7 Б").private()
    world.pupil("Боря")
    await world.happens(enrolled("Аня", "7 Б"))
    await world.happens(enrolled("Боря", "7 Б"))
    assert world.calls() == [Done("add", "7 Б", frozenset({"Боря"}))]
    assert (await world.states("class:7 Б"))["Аня"] == "refused: add.participant.privacy"


async def test_414_who_was_refused_is_tried_again_when_they_link_anew(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").private()
    await world.begins()
    world.road.platform.world.put_users([User(world.accounts["Аня"])])
    await world.happens(unlinked("Аня"))
    await world.happens(linked("Аня", world.accounts["Аня"]))
    assert await world.chat("7 Б") == {"Аня": "member"}


async def test_415_who_was_refused_under_one_account_may_join_by_another(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").private()
    await world.begins()
    await world.happens(linked("Аня", world.account(7, "Аня")))
    assert await world.chat("7 Б") == {"Аня": "member"}
    assert await world.states("class:7 Б") == {"Аня": "applied"}


async def test_416_who_was_refused_and_is_expelled_has_no_part_in_the_chat_any_more(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").private()
    await world.happens(expelled("Аня"))
    assert (world.calls(), await world.states("class:7 Б")) == ([], {})


# left


async def test_417_who_leaves_on_their_own_is_not_put_back_and_is_desired_still(world_on_either: World) -> None:
    world = world_on_either
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 Б")
    await world.left("Аня", "7 Б")
    assert await world.chat("7 Б") == {"Боря": "member"}
    assert await world.states("class:7 Б") == {"Аня": "left", "Боря": "applied"}
    assert (await world.reasons("class:7 Б"))["Аня"] == ["studies_in"]
    await world.happens(enrolled("Аня", "7 Б"), registered())
    assert (world.calls(), await world.chat("7 Б")) == ([], {"Боря": "member"})


async def test_418_who_left_is_put_back_when_a_reason_begins_that_did_not_hold_then(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.left("Аня", "7 Б")
    world.road.clock.turn(hours=1)
    await world.happens(chat_edited("class:7 Б", add=["Аня"]))
    assert await world.chat("7 Б") == {"Аня": "member"}


async def test_419_who_left_is_put_back_when_the_reason_ended_and_came_again(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.left("Аня", "7 Б")
    world.road.clock.turn(hours=1)
    await world.happens(expelled("Аня"))
    assert await world.states("class:7 Б") == {}
    await world.happens(restored("Аня", "7 Б"))
    assert await world.chat("7 Б") == {"Аня": "member"}


async def test_420_who_left_one_chat_stays_in_the_others_and_joins_new_ones(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    await world.left("Аня", "7 Б")
    world.road.clock.turn(hours=1)
    world.a_class("7 В")
    await world.happens(transferred("Аня", "7 В"))
    assert await world.chats_of("Аня") == {"7 В": "member"}


async def test_421_a_guardian_who_left_is_put_back_for_another_child(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня", "Яна")
    await world.left("Мама", "7 Б Родители")
    world.road.clock.turn(hours=1)
    await world.happens(enrolled("Яна", "7 Б"))
    assert await world.chat("7 Б Родители") == {"Мама": "member"}


async def test_422_who_left_and_was_removed_by_hand_before_it_was_told_of_is_out_all_the_same(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.left("Аня", "7 Б")
    await world.happens(blocked("Аня"))
    assert (world.calls(), await world.states("class:7 Б")) == ([], {"Аня": "excluded: blocked"})


# one for another


async def test_423_a_refusal_for_one_person_touches_no_other_in_the_same_call(world: World) -> None:
    names = world.pupils(5, "7 Б")
    world.pupil(names[2]).private()
    assert await world.chat("7 Б") == members([*names[:2], *names[3:]])


async def test_424_a_call_refused_whole_for_one_person_is_made_again_without_them(world: World) -> None:
    names = world.pupils(5, "7 Б")
    bad = str(world.accounts[names[3]])

    def refused_whole(action: Action) -> PlatformError | None:
        whole = action.name == "add_members" and bad in action.accounts
        return PlatformError(Failure.REFUSED, "proto.payload") if whole else None

    world.road.platform.outcome = refused_whole
    assert await world.chat("7 Б") == members([*names[:3], names[4]])
    assert (await world.states("class:7 Б"))[names[3]] == "refused: proto.payload"


async def test_425_a_chat_that_is_gone_stops_nothing_else(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    world.parent("Мама").of("Аня")
    await world.begins()
    world.road.platform.world.delete_chat(world.found("7 Б").chat_id)
    world.pupil("Вера").in_class("7 Б")
    world.parent("Папа").of("Аня")
    world.pupil("Гена").in_class("7 В")
    assert await world.chats() == {"7 В": members(["Боря", "Гена"]), "7 Б Родители": members(["Мама", "Папа"])}
    assert (await world.states("class:7 Б"))["Вера"] == "waiting"


async def test_426_a_chat_in_which_our_rights_are_lost_stops_nothing_else(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")
    world.a_class("7 В")
    await world.begins()
    world.found("7 Б").rights_lost = True
    await world.happens(transferred("Аня", "7 В"))
    assert await world.chats() == {
        "7 Б": {"Аня": "member"},
        "7 Б Родители": {},
        "7 В": {"Аня": "member"},
        "7 В Родители": {"Мама": "member"},
    }


async def test_427_one_school_whose_chat_fails_stops_no_other_school(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря")
    world.pupil("Вера")
    await world.begins()
    world.road.platform.world.delete_chat(world.found("7 Б").chat_id)
    lyceum = [registered("Лицей"), class_opened("9 А"), enrolled("Боря", "9 А")]
    await world.happens(enrolled("Вера", "7 Б"), *(happening.in_school("лицей") for happening in lyceum))
    assert await world.chats() == {"9 А": {"Боря": "member"}}
