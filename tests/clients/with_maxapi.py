"""A walk through the Bot API with maxapi; prints what it saw as JSON. Runs where maxapi is installed."""

import asyncio
import json
import os
from typing import Any

import aiohttp
from maxapi import Bot, Dispatcher
from maxapi.enums.chat_permission import ChatPermission
from maxapi.exceptions.max import MaxApiError
from maxapi.types import CallbackButton, MessageCallback, MessageCreated
from maxapi.types.users import ChatAdmin
from maxapi.utils.inline_keyboard import InlineKeyboardBuilder

CHAT = int(os.environ["CHAT"])
PERMISSIONS = [
    ChatPermission.READ_ALL_MESSAGES,
    ChatPermission.WRITE,
    ChatPermission.EDIT_MESSAGE,
    ChatPermission.DELETE_MESSAGE,
]


async def act(path: str, body: dict[str, Any]) -> None:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        await session.post(os.environ["URL_CONTROL"] + path, json=body)


async def refusal(asking: Any) -> Any:
    try:
        await asking
    except MaxApiError as error:
        return [error.code, error.raw["code"]]


async def walk(bot: Bot, saw: dict[str, Any]) -> None:
    me = await bot.get_me()
    saw["me"] = [me.user_id, me.is_bot]
    chat = await bot.get_chat_by_id(CHAT)
    saw["title"] = (await chat.rename("8 Б")).title
    added = await chat.members.add([3, 4, 5, 99])
    saw["failed"] = added.failed_user_ids
    saw["members"] = [member.user_id for member in await chat.members.list_all(count=2)]
    saw["granted"] = (await chat.admins.add([ChatAdmin(user_id=3, permissions=PERMISSIONS)])).success
    saw["admins"] = [member.user_id for member in await chat.admins.list_all()]
    saw["revoked"] = (await chat.admins.remove(3)).success
    saw["removed"] = (await chat.members.kick(4)).success
    saw["own"] = (await chat.members.me()).is_admin
    saw["unknownChat"] = await refusal(bot.get_chat_by_id(-99))
    saw["unknownPath"] = await refusal(bot.get_pin_message(CHAT))
    saw["wrongMethod"] = await refusal(bot.get_chats())
    saw["subscribed"] = (await bot.subscribe_webhook("https://example.org/hook", secret="a-secret")).success
    saw["subscriptions"] = [each.url for each in (await bot.get_subscriptions()).subscriptions]
    saw["unsubscribed"] = (await bot.unsubscribe_webhook("https://example.org/hook")).success


async def talk(bot: Bot, saw: dict[str, Any]) -> None:
    keyboard = InlineKeyboardBuilder().row(CallbackButton(text="Да", payload="yes"))
    sent = (await bot.send_message(user_id=2, text="Подключить?", attachments=[keyboard.as_markup()])).message
    saw["dialog"] = sent.recipient.chat_type
    saw["partner"] = (await bot.get_chat_by_id(sent.recipient.chat_id)).dialog_with_user.user_id
    dispatcher, pressed, said = Dispatcher(), asyncio.Event(), asyncio.Event()

    @dispatcher.message_callback()
    async def heard_press(event: MessageCallback) -> None:
        saw["pressed"] = event.callback.user.user_id
        saw["answered"] = (await event.answer(new_text="Подключено", attachments=[])).success
        replied = await event.message.answer("Спасибо")
        saw["replied"] = replied.message.recipient.chat_id == sent.recipient.chat_id
        pressed.set()

    @dispatcher.message_created()
    async def heard_message(event: MessageCreated) -> None:
        saw["said"] = [event.chat.chat_id, event.from_user.user_id, event.message.body.text]
        said.set()

    polling = asyncio.create_task(dispatcher.start_polling(bot))
    await act(f"/messages/{sent.body.mid}/press", {"user_id": 2, "payload": "yes"})
    await act(f"/chats/{CHAT}/messages", {"user_id": 2, "text": "Здравствуйте"})
    async with asyncio.timeout(30):
        await asyncio.gather(pressed.wait(), said.wait())
    await dispatcher.stop_polling()
    await polling


async def main() -> None:
    saw: dict[str, Any] = {}
    bot = Bot(os.environ["TOKEN"])
    bot.set_api_url(os.environ["URL_MAX"])
    await walk(bot, saw)
    await talk(bot, saw)
    await bot.close_session()
    print(json.dumps(saw))


asyncio.run(main())
