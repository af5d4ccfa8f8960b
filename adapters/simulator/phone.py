"""What a person's phone shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.simulator.entities import SERVICE_ID, Chat, Member, Message, User
from adapters.simulator.world import World

SHOWN = 500  # people in the list to choose from, and messages of a chat
COMMUNITY = "Сферум"  # as people see the service


@dataclass(frozen=True, slots=True)
class Button:
    """What can be pressed below a message. `url` of a link alone."""

    type: str
    text: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A member, or a message, with the name that is shown."""

    name: str
    text: str
    own: bool = False
    mid: str = ""
    buttons: tuple[Button, ...] = ()


def phone(world: World, user_id: int | None, chat_id: int | None) -> dict[str, Any]:
    """What the page shows. Without a user the people to choose from; without a chat the person's chats."""
    user = world.users.get(user_id or 0)
    people = sorted(world.users.values(), key=lambda each: (each.last_name, each.first_name, each.user_id))
    shown: dict[str, Any] = {"people": people[:SHOWN], "user": user, "chat": None, "name": name_of}
    if user is None:
        return shown
    shown["chats"] = chats_of(world, user)
    shown["school_chats"] = [chat for chat in shown["chats"] if SERVICE_ID in chat.members]
    shown["dialog"] = _lines(world, user, (each for each in world.messages if each.user_id == user.user_id))
    chat = world.chats.get(chat_id or 0)
    if chat is not None and user.user_id in chat.members:
        shown["chat"], shown["members"] = chat, _members(world, chat)
        shown["messages"] = _lines(world, user, (each for each in world.messages if each.chat_id == chat.chat_id))
    return shown


def chats_of(world: World, user: User) -> list[Chat]:
    chats = [chat for chat in world.chats.values() if user.user_id in chat.members]
    return sorted(chats, key=lambda chat: (chat.archived, chat.title, chat.chat_id))


def name_of(user: User) -> str:
    return f"{user.first_name} {user.last_name}".strip() or f"Пользователь {user.user_id}"


def _members(world: World, chat: Chat) -> list[Line]:
    lines = [Line(_known(world, user_id), _role(member)) for user_id, member in chat.members.items()]
    return sorted(lines, key=lambda line: (not line.text, line.name))


def _role(member: Member) -> str:
    return "владелец" if member.is_owner else "администратор" if member.is_admin else ""


def _lines(world: World, user: User, messages: Iterable[Message]) -> list[Line]:
    return [_line(world, user, message) for message in list(messages)[-SHOWN:]]


def _line(world: World, user: User, message: Message) -> Line:
    own, buttons = message.sender_id == user.user_id, tuple(_buttons(message))
    return Line(_known(world, message.sender_id), _text(message), own, message.mid, buttons)


def _text(message: Message) -> str:
    shared = any(attachment.get("type") == "contact" for attachment in message.attachments)
    return "\n".join(filter(None, (message.text, "Контакт" if shared else "")))


def _buttons(message: Message) -> Iterable[Button]:
    for attachment in message.attachments:
        if attachment.get("type") == "inline_keyboard":
            for row in attachment.get("payload", {}).get("buttons", []):
                yield from map(_button, row)


def _button(told: Mapping[str, Any]) -> Button:
    """A link leads somewhere only if it is an address of the web."""
    url = str(told.get("url", ""))
    kind = str(told.get("type", ""))
    if kind == "link" and not url.startswith(("http://", "https://")):
        kind = ""
    return Button(kind, str(told.get("text", "")), str(told.get("payload", "")), url)


def _known(world: World, user_id: int) -> str:
    return COMMUNITY if user_id == SERVICE_ID else name_of(world.users.get(user_id, User(user_id)))
