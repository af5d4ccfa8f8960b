"""Whose account stands in a chat: unlinking, another account, one account of several persons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.ids import PersonId
from sync.plan.making import Policy
from tests.cases.happenings import class_opened, enrolled, expelled, link_declined, linked, registered, unlinked
from tests.cases.world import Done, World, members


def keeping(world: World) -> None:
    """`ON_UNLINK=keep`."""
    world.road.rules = replace(world.road.rules, policy=Policy(keep_on_unlink=True))


# unlinking


async def test_501_on_unlinking_the_account_leaves_the_chats_and_the_memberships_wait(world_on_either: World) -> None:
    world = world_on_either
    world.teacher("Ольга").leads("7 Б")
    await world.happens(unlinked("Ольга"))
    assert await world.chats() == {"Учительская": {}, "7 Б": {}, "7 Б Родители": {}}
    assert await world.waits_for("Ольга") == dict.fromkeys(("class:7 Б", "parents:7 Б", "staff:школа"), "account")


async def test_502_who_links_the_same_account_again_is_back(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    await world.happens(unlinked("Ольга"))
    await world.happens(linked("Ольга", world.accounts["Ольга"]))
    assert await world.chats_of("Ольга") == {"Учительская": "member", "7 Б": "admin", "7 Б Родители": "admin"}


async def test_503_where_accounts_are_kept_who_unlinks_stays_while_desired(world: World) -> None:
    keeping(world)
    world.pupil("Аня").in_class("7 Б")
    await world.happens(unlinked("Аня"))
    assert (world.calls(), await world.chat("7 Б")) == ([], {"Аня": "member"})
    assert await world.waits_for("Аня") == {"class:7 Б": "account"}


async def test_504_a_kept_account_leaves_when_the_membership_ends(world: World) -> None:
    keeping(world)
    world.pupil("Аня").in_class("7 Б")
    await world.happens(unlinked("Аня"))
    await world.happens(expelled("Аня"))
    assert await world.chat("7 Б") == {}


async def test_505_a_kept_account_leaves_when_a_new_one_is_linked(world: World) -> None:
    keeping(world)
    world.pupil("Аня").in_class("7 Б")
    await world.happens(unlinked("Аня"))
    await world.happens(linked("Аня", world.account(7, "новый")))
    assert await world.chat("7 Б") == {"новый": "member"}


async def test_506_a_kept_account_joins_no_further_chat(world: World) -> None:
    keeping(world)
    world.pupil("Аня").in_class("7 Б")
    await world.happens(unlinked("Аня"))
    world.a_class("7 В")
    await world.happens(enrolled("Аня", "7 В"))
    assert await world.chats() == {"7 Б": {}}
    assert await world.waits_for("Аня") == {"class:7 В": "account"}


async def test_507_a_kept_account_that_is_linked_again_makes_no_call(world: World) -> None:
    keeping(world)
    world.pupil("Аня").in_class("7 Б")
    await world.happens(unlinked("Аня"))
    await world.happens(linked("Аня", world.accounts["Аня"]))
    assert (world.calls(), await world.states("class:7 Б")) == ([], {"Аня": "applied"})


async def test_508_a_declined_link_changes_no_link_that_exists(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.happens(link_declined("Аня"))
    assert (world.calls(), await world.chat("7 Б")) == ([], {"Аня": "member"})


# another account


async def test_509_a_new_account_joins_in_place_of_the_old_one_which_leaves(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    await world.happens(linked("Ольга", world.account(7, "Ольга с нового телефона")))
    new = "Ольга с нового телефона"
    assert await world.chats() == {
        "Учительская": {new: "member"},
        "7 Б": {new: "admin"},
        "7 Б Родители": {new: "admin"},
    }
    of_class = [call for call in world.calls() if call.chat == "7 Б"]
    assert [call.action for call in of_class] == ["add", "set_admin", "remove"]


async def test_510_the_same_link_announced_again_makes_no_call(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.happens(linked("Аня", world.accounts["Аня"]))
    assert world.calls() == []


# one account, several persons


def a_shared_account(world: World) -> None:
    """Аня and Боря with one account, which Аня has had longer."""
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.pupil("Боря").in_class("7 Б").unlinked()
    world.pupil("Вера").in_class("7 В").unlinked()
    world.account(7, "семь")
    world.tell(linked("Аня", 7), linked("Боря", 7), linked("Вера", 7))


async def test_511_of_several_persons_linked_to_an_account_the_one_linked_longest_holds_it(world: World) -> None:
    a_shared_account(world)
    assert await world.chats() == {"7 Б": {"семь": "member"}}
    assert await world.states("class:7 Б") == {"Аня": "applied", "Боря": "waiting"}
    assert await world.waits_for("Вера") == {"class:7 В": "account_held_by_another_person"}


async def test_512_who_shares_an_account_is_told_that_another_person_holds_it(world: World) -> None:
    a_shared_account(world)
    await world.begins()
    held = {
        name: [account.held_by_another for account in await world.registry.people.accounts(PersonId(name), None) or ()]
        for name in ("Аня", "Боря", "Вера")
    }
    assert held == {"Аня": [False], "Боря": [True], "Вера": [True]}


async def test_513_the_account_passes_to_the_next_when_its_holder_unlinks_and_who_stands_there_stays(
    world_on_either: World,
) -> None:
    world = world_on_either
    a_shared_account(world)
    await world.happens(unlinked("Аня"))
    assert (world.calls(), await world.chats()) == ([], {"7 Б": {"семь": "member"}})
    assert await world.states("class:7 Б") == {"Аня": "waiting", "Боря": "applied"}
    await world.happens(unlinked("Боря"))
    assert await world.chats() == {"7 Б": {}, "7 В": {"семь": "member"}}


async def test_514_a_repeated_announcement_does_not_shorten_how_long_somebody_is_linked(world: World) -> None:
    a_shared_account(world)
    await world.happens(linked("Аня", 7))
    assert await world.states("class:7 Б") == {"Аня": "applied", "Боря": "waiting"}


async def test_515_a_broken_run_of_links_counts_from_its_last_beginning(world: World) -> None:
    a_shared_account(world)
    await world.happens(unlinked("Аня"), linked("Аня", 7))
    assert await world.states("class:7 Б") == {"Аня": "waiting", "Боря": "applied"}


async def test_516_an_unlinking_that_arrives_late_breaks_the_run_all_the_same(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.pupil("Боря").in_class("7 Б").unlinked()
    world.account(7, "семь")
    first, second = linked("Аня", 7).recorded(hours=3), linked("Аня", 7).recorded(hours=1)
    await world.happens(first, second, linked("Боря", 7).recorded(hours=1.5))
    assert (await world.states("class:7 Б"))["Аня"] == "applied"
    await world.happens(unlinked("Аня").recorded(hours=2))
    assert await world.states("class:7 Б") == {"Аня": "waiting", "Боря": "applied"}


async def test_517_the_account_passes_on_when_its_holder_links_another(world: World) -> None:
    a_shared_account(world)
    await world.happens(linked("Аня", world.account(8, "восемь")))
    assert await world.chat("7 Б") == members(["семь", "восемь"])


async def test_518_an_expelled_holder_holds_the_account_still(world: World) -> None:
    a_shared_account(world)
    await world.happens(expelled("Аня"))
    assert await world.chats() == {"7 Б": {}}
    assert await world.states("class:7 Б") == {"Боря": "waiting"}


@pytest.mark.parametrize("keep", [False, True])
async def test_519_an_account_that_passes_on_takes_the_role_of_its_new_holder(world: World, keep: bool) -> None:
    if keep:
        keeping(world)
    world.teacher("Ольга").leads("7 Б").unlinked()
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.account(7, "семь")
    world.tell(linked("Ольга", 7), linked("Аня", 7))
    assert await world.chat("7 Б") == {"семь": "admin"}
    await world.happens(unlinked("Ольга"))
    assert (await world.chat("7 Б")) == {"семь": "member"}


async def test_520_a_link_to_an_account_of_two_schools_joins_the_chats_of_both(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").unlinked()
    world.tell(
        *(each.in_school("лицей") for each in (registered("Лицей"), class_opened("9 А"), enrolled("Аня", "9 А")))
    )
    await world.happens(linked("Аня", world.account(7, "Аня")))
    assert await world.chats() == {"7 Б": {"Аня": "member"}, "9 А": {"Аня": "member"}}
    assert {call for call in world.calls() if call.action == "add"} == {
        Done("add", "7 Б", frozenset({"Аня"})),
        Done("add", "9 А", frozenset({"Аня"})),
    }


async def test_521_an_account_that_was_to_join_and_is_unlinked_does_not_though_accounts_are_kept(world: World) -> None:
    keeping(world)
    world.pupil("Аня")
    world.pupil("Боря").in_class("7 Б")
    await world.planned(enrolled("Аня", "7 Б"))
    await world.happens(unlinked("Аня"))
    assert (world.calls(), await world.chat("7 Б")) == ([], {"Боря": "member"})
