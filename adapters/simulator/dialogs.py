"""What people do in their dialog with the bot, and with the buttons of any message that they see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.simulator.entities import Message, Press, Refused, Update, User, Why
from adapters.simulator.ground import Ground


class Dialogs(Ground):
    """Deeds of users, each by their id."""

    def start_bot(self, user_id: int, payload: str | None, at: datetime) -> None:
        """Somebody opens the bot, by a deep link if there is a payload."""
        self._known(user_id)
        self._tell(Update("bot_started", at, None, user_id, None, payload=payload))

    def share_contact(self, user_id: int, attachment: Mapping[str, Any], at: datetime) -> Message:
        """Somebody sends the bot a contact."""
        self._known(user_id)
        message = self._write(Message("", at, user_id, None, user_id, "", (attachment,)))
        self._tell(Update("message_created", at, None, user_id, user_id, message=message))
        return message

    def press(self, mid: str, user_id: int, payload: str, at: datetime) -> Press:
        """Somebody presses a button of a message that they see."""
        message = next((each for each in self.messages if each.mid == mid), None)
        if message is None or not self._sees(message, user_id):
            raise Refused(Why.UNKNOWN_MESSAGE)
        if payload not in message.payloads:
            raise Refused(Why.NO_BUTTON)
        press = Press(f"press.{len(self.pressed) + 1:016x}", payload)
        self.pressed[press.callback_id] = message
        self._tell(Update("message_callback", at, message.chat_id, user_id, user_id, message=message, press=press))
        return press

    def _sees(self, message: Message, user_id: int) -> bool:
        if message.chat_id is None:
            return message.user_id == user_id
        return message.chat_id in self.chats and user_id in self.chats[message.chat_id].members

    def _known(self, user_id: int) -> User:
        if user_id not in self.users:
            raise Refused(Why.UNKNOWN_USER)
        return self.users[user_id]
