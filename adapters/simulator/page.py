"""The simulator's page: chats as one person's phone shows them. Refreshes itself; fetches nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.pages.ground import HEADERS, STATIC, templates
from adapters.simulator.entities import SERVICE_ID, SERVICE_NAME, Chat, Member, Message, User
from adapters.simulator.exchange import Simulation
from adapters.simulator.world import World

HERE = Path(__file__).parent
NUMBER = re.compile(r"-?[0-9]{1,19}")
SHOWN = 500  # people in the list to choose from, and messages of a chat


def add_page(app: web.Application, simulation: Simulation) -> None:
    """Shows a person's phone at `/?user=ID&chat=ID`."""
    pages = templates(HERE)

    async def page(request: web.Request) -> web.Response:
        user_id, chat_id = _number(request, "user"), _number(request, "chat")
        shown = pages.get_template("page.html").render(phone(simulation.world, user_id, chat_id), static="/static")
        return web.Response(text=shown, content_type="text/html", headers=HEADERS)

    async def css(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "page.css")

    app.add_routes([web.get("/", page), web.get("/static/page.css", css), web.static("/static", STATIC)])


@dataclass(frozen=True, slots=True)
class Line:
    """A member, or a message, with the name that is shown."""

    name: str
    text: str
    own: bool = False
    buttons: tuple[str, ...] = ()


def phone(world: World, user_id: int | None, chat_id: int | None) -> dict[str, Any]:
    """What the page shows. Without a user the people to choose from; without a chat the person's chats."""
    user = world.users.get(user_id or 0)
    people = sorted(world.users.values(), key=lambda each: (each.last_name, each.first_name, each.user_id))
    shown: dict[str, Any] = {"people": people[:SHOWN], "user": user, "chat": None, "name": _name}
    if user is None:
        return shown
    chats = [chat for chat in world.chats.values() if user.user_id in chat.members]
    shown["chats"] = sorted(chats, key=lambda chat: (chat.archived, chat.title, chat.chat_id))
    shown["dialog"] = _lines(world, user, (each for each in world.messages if each.user_id == user.user_id))
    chat = world.chats.get(chat_id or 0)
    if chat is not None and user.user_id in chat.members:
        shown["chat"], shown["members"] = chat, _members(world, chat)
        shown["messages"] = _lines(world, user, (each for each in world.messages if each.chat_id == chat.chat_id))
    return shown


def _members(world: World, chat: Chat) -> list[Line]:
    lines = [Line(_name_of(world, user_id), _role(member)) for user_id, member in chat.members.items()]
    return sorted(lines, key=lambda line: (not line.text, line.name))


def _role(member: Member) -> str:
    return "владелец" if member.is_owner else "администратор" if member.is_admin else ""


def _lines(world: World, user: User, messages: Iterable[Message]) -> list[Line]:
    return [
        Line(_name_of(world, each.sender_id), each.text, each.sender_id == user.user_id, tuple(_buttons(each)))
        for each in list(messages)[-SHOWN:]
    ]


def _buttons(message: Message) -> Iterable[str]:
    for attachment in message.attachments:
        if attachment.get("type") == "inline_keyboard":
            for row in attachment.get("payload", {}).get("buttons", []):
                yield from (str(button.get("text", "")) for button in row)


def _name_of(world: World, user_id: int) -> str:
    return SERVICE_NAME if user_id == SERVICE_ID else _name(world.users.get(user_id, User(user_id)))


def _name(user: User) -> str:
    return f"{user.first_name} {user.last_name}".strip() or f"Пользователь {user.user_id}"


def _number(request: web.Request, name: str) -> int | None:
    value = request.query.get(name, "")
    return int(value) if NUMBER.fullmatch(value) else None
