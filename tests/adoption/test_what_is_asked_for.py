"""What people write is asked of the platform only while somebody has a code to post."""

from __future__ import annotations

from rollcall.hearing import awaits_codes
from sync.updates import POSTED

from .conftest import TEACHER, Town

CLASS = "class:k"


async def test_messages_are_wanted_only_while_a_code_may_be_posted(town: Town) -> None:
    assert not await awaits_codes(town.app, "max")
    code = await town.code(CLASS)
    assert await awaits_codes(town.app, "max")
    assert not await awaits_codes(town.app, "max:other")
    await town.posts(await town.makes_chat(TEACHER), TEACHER, code)
    await town.rests()
    assert await town.chat_state(CLASS) == "open"
    assert not await awaits_codes(town.app, "max")


async def test_what_was_not_asked_for_is_not_told(town: Town) -> None:
    chat = await town.makes_chat(TEACHER)
    await town.hears()
    await town.posts(chat, TEACHER, "что на дом?")
    quiet = await town.client.read_updates(None, timeout_s=0, messages=False)
    assert [update for update in quiet.updates if update.kind == POSTED] == []
    told = await town.client.read_updates(None, timeout_s=0)
    assert [update.text for update in told.updates if update.kind == POSTED] == ["что на дом?"]


async def test_a_chat_that_would_tell_us_nothing_is_not_adopted(town: Town) -> None:
    code, chat = await town.code(CLASS), await town.makes_chat(TEACHER)
    deaf = ["add_remove_members", "add_admins", "change_chat_info"]
    await town.posts(chat, TEACHER, code)
    await town.sim(f"/chats/{chat}/bot", user_id=TEACHER, permissions=deaf)
    await town.rests()
    assert await town.chat_state(CLASS) == "to_adopt"
    assert {one.code for one in town.decided} == {"lacks.read_all_messages"}
