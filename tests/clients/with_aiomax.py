"""A walk through the Bot API with aiomax; prints what it saw as JSON. Runs where aiomax is installed."""

import asyncio
import json
import os
from typing import Any

import aiohttp
import aiomax

CHAT = int(os.environ["CHAT"])


async def act(path: str, body: dict[str, Any]) -> None:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        await session.post(os.environ["URL_CONTROL"] + path, json=body)


async def refusal(asking: Any) -> Any:
    try:
        await asking
    except aiomax.exceptions.AiomaxException as error:
        return type(error).__name__


async def walk(bot: aiomax.Bot, saw: dict[str, Any]) -> None:
    me = await bot.get_me()
    saw["me"] = [me.user_id, me.is_bot]
    saw["title"] = (await bot.patch_chat(CHAT, title="8 Б")).title
    saw["failed"] = (await bot.add_members(CHAT, [3, 4, 5, 99]))["failed_user_ids"]
    saw["members"] = [member.user_id async for member in bot.get_members(CHAT, count_per_iter=2)]
    saw["asked"] = [member.user_id for member in await bot.get_memberships(CHAT, [2, 3])]
    saw["admins"] = [member.user_id for member in await bot.get_admins(CHAT)]
    saw["removed"] = (await bot.kick_member(CHAT, 4))["success"]
    saw["own"] = (await bot.my_membership(CHAT)).is_admin
    saw["unknownChat"] = await refusal(bot.get_chat(-99))
    saw["unknownPath"] = await refusal(bot.get_pin(CHAT))
    saw["wrongMethod"] = await refusal(anext(bot.get_chats()))


async def talk(bot: aiomax.Bot, saw: dict[str, Any]) -> None:
    pressed, said = asyncio.Event(), asyncio.Event()
    keyboard = [[aiomax.buttons.CallbackButton("Да", "yes")]]
    sent = await bot.send_message("Подключить?", user_id=2, keyboard=keyboard)
    saw["dialog"] = sent.recipient.chat_type
    saw["partner"] = (await bot.get_chat(sent.recipient.chat_id)).dialog_with_user["user_id"]

    @bot.on_button_callback()
    async def heard_press(callback: aiomax.Callback) -> None:
        saw["pressed"] = callback.user.user_id
        # Its own `callback.answer` asks an address of the platform's past, whatever address it was given.
        answer = {"params": {"callback_id": callback.callback_id}, "json": {"message": {"text": "Подключено"}}}
        saw["answered"] = (await (await bot.post("answers", **answer)).json())["success"]
        saw["replied"] = (await callback.send("Спасибо")).recipient == sent.recipient
        pressed.set()

    @bot.on_message()
    async def heard_message(message: aiomax.Message) -> None:
        saw["said"] = [message.recipient.chat_id, message.sender.user_id, message.content]
        said.set()

    await act(f"/messages/{sent.id}/press", {"user_id": 2, "payload": "yes"})
    await act(f"/chats/{CHAT}/messages", {"user_id": 2, "text": "Здравствуйте"})
    async with asyncio.timeout(30):
        await asyncio.gather(pressed.wait(), said.wait())


async def main() -> None:
    saw: dict[str, Any] = {}
    bot, ready = aiomax.Bot(os.environ["TOKEN"], api_url=os.environ["URL_MAX"]), asyncio.Event()

    @bot.on_ready()
    async def begun() -> None:
        ready.set()

    polling = asyncio.create_task(bot.start_polling())
    await ready.wait()
    await walk(bot, saw)
    await talk(bot, saw)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    print(json.dumps(saw))


asyncio.run(main())
