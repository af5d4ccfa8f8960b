"""The term, step by step, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from adapters.simulator.world import World
from rollcall.demo.play import Play, play_at_once
from rollcall.demo.verdict import compare
from sync.chats import parents_chat
from sync.ids import OrganisationId
from sync.views.registry import Window

TITLES = [
    "Зачисление",
    "Перевод в другой класс",
    "Новый учебный год",
    "Отчисление",
    "Восстановление",
    "Отмена восстановления",
    "Приём на работу",
    "Увольнение",
    "Поздняя привязка",
    "Отказ: «Безопасный режим»",
]


async def test_a_whole_term_is_played_and_the_platform_agrees(play: Play) -> None:
    assert await play_at_once(play)
    assert [step.title for step in play.done] == TITLES
    verdict = await compare(play.stage)
    assert verdict.agrees
    assert verdict.states["refused"] >= 1
    assert len(verdict.chats) == len(play.stage.simulator.world.chats)
    assert {each.chat.title for each in verdict.chats} >= {"Учительская", "2 А", "2 А Родители"}


def drop_somebody(world: World) -> None:
    chat = max(world.chats.values(), key=lambda chat: len(chat.members))
    chat.members.pop(next(user_id for user_id, member in chat.members.items() if not member.is_owner))


def retitle(world: World) -> None:
    next(iter(world.chats.values())).title = "Чужое имя"


def take_a_role(world: World) -> None:
    chat = next(chat for chat in world.chats.values() if any(each.permissions for each in chat.members.values()))
    world.unset_admin(chat.chat_id, next(user for user, member in chat.members.items() if member.permissions))


def archive(world: World) -> None:
    world.archive(next(iter(world.chats)))


def make_a_stray(world: World) -> None:
    world.create_chat("Лишний", datetime.now(UTC))


@pytest.mark.parametrize("harm", [drop_somebody, retitle, take_a_role, archive, make_a_stray])
async def test_what_the_platform_changed_behind_our_back_is_told(play: Play, harm: Callable[[World], None]) -> None:
    await play.begin()
    assert await play.stage.settled()
    assert (await compare(play.stage)).agrees
    harm(play.stage.simulator.world)
    assert not (await compare(play.stage)).agrees


async def test_a_transfer_takes_the_parents_along(play: Play) -> None:
    await play.begin()
    async for step in play.steps():
        assert await play.stage.settled()
        if step.title == "Перевод в другой класс":
            break
    [(_, data)] = step.said
    new = await play.stage.app.registry.schools.chats(OrganisationId(play.roll.organisation_id), Window())
    assert new is not None
    external = {chat.chat_id: int(chat.external_chat_id or 0) for chat in new.items}
    account = int(play.roll.accounts[step.watched or ""])
    assert account in play.stage.simulator.world.chats[external[parents_chat(data["to_class_id"])]].members
