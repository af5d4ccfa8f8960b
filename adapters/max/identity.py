"""Rollcall's port of a messenger that knows whose an account is, on the MAX Bot API and the partner operations."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from adapters.max import payloads
from adapters.max.errors import USER_NOT_FOUND, succeeded
from adapters.wire.failures import malformed
from adapters.wire.given import Slot
from adapters.wire.narrowed import LONGEST_TEXT
from adapters.wire.transport import Transport
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.ports.identity import LONGEST_START, CodeSent, answer_payload

LINKS = "https://max.ru"
CONNECT, DO_NOT_CONNECT, SHARE = "Подключить", "Не подключать", "Поделиться контактом"

# 2 messages a second in one chat; schema 0.0.33, read on 2026-11-22. One, and half a second after its answer the next.
BETWEEN_MESSAGES_S = 0.502

START = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_START}}}")
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
CODE = re.compile(r"[0-9]{1,10}")

Button = dict[str, str]


class MaxIdentity:
    """The bot of one account. `links`: where deep links begin."""

    def __init__(
        self, sender: Transport, name: str | None, links: str, *, partner_operations: bool, slot: Slot
    ) -> None:
        self._sender, self._slot = sender, slot
        self._name, self._links = name, links
        self._by_phone = partner_operations
        self._dialogs: WeakValueDictionary[AccountId, asyncio.Lock] = WeakValueDictionary()

    @property
    def by_phone(self) -> bool:
        return self._by_phone

    @property
    def bot_name(self) -> str | None:
        return self._name

    async def resolve(self, phone: str) -> AccountId | None:
        try:
            return payloads.told_user(await self._partner("users/resolve", {"phone": phone}))
        except PlatformError as error:
            if error.code == USER_NOT_FOUND:
                return None
            raise

    async def send_code(self, phone: str) -> CodeSent:
        answer = await self._partner("users/codes", {"phone": phone})
        request_id, known = answer.get("request_id"), answer.get("known")
        if not isinstance(request_id, str) or not REQUEST_ID.fullmatch(request_id) or not isinstance(known, bool):
            succeeded(answer)
            raise malformed()
        return CodeSent(request_id, known)

    async def check_code(self, request_id: str, code: str) -> AccountId | None:
        if not REQUEST_ID.fullmatch(request_id) or not CODE.fullmatch(code):
            return None
        try:
            return payloads.told_user(await self._partner(f"users/codes/{request_id}", {"code": code}))
        except PlatformError as error:
            if error.failure is Failure.REFUSED or error.code == USER_NOT_FOUND:
                return None
            raise

    async def ask(self, account: AccountId, text: str, request_no: int) -> None:
        answers = {CONNECT: answer_payload(request_no, yes=True), DO_NOT_CONNECT: answer_payload(request_no, yes=False)}
        buttons = [{"type": "callback", "text": words, "payload": payload} for words, payload in answers.items()]
        await self._write(account, text, buttons)

    async def ask_contact(self, account: AccountId, text: str) -> None:
        await self._write(account, text, [{"type": "request_contact", "text": SHARE}])

    async def say(self, account: AccountId, text: str) -> None:
        await self._write(account, text, [])

    async def answer(self, callback_id: str, text: str) -> None:
        body = {"message": {"text": text[:LONGEST_TEXT], "attachments": []}}
        async with self._slot():
            succeeded(await self._sender.send("POST", "answers", query={"callback_id": callback_id}, body=body))

    def deep_link(self, payload: str) -> str | None:
        if not START.fullmatch(payload):
            raise ValueError("not what a link can start a bot with")
        return None if self._name is None else f"{self._links}/{self._name}?start={payload}"

    async def _partner(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if not self._by_phone:
            raise PlatformError(Failure.NEEDS_PERSON, "partner.operations.off")
        async with self._slot():
            return await self._sender.send("POST", path, body=body)

    async def _write(self, account: AccountId, text: str, buttons: list[Button]) -> None:
        """A message to one person, its buttons below each other."""
        keyboard = [{"type": "inline_keyboard", "payload": {"buttons": [[button] for button in buttons]}}]
        to, body = {"user_id": payloads.user_id(account)}, {"text": text[:LONGEST_TEXT]}
        sent = body | ({"attachments": keyboard} if buttons else {})
        async with self._dialog(account), self._slot():
            answer = await self._sender.send("POST", "messages", query=to, body=sent)
        if not isinstance(answer.get("message"), dict):
            succeeded(answer)
            raise malformed()

    @asynccontextmanager
    async def _dialog(self, account: AccountId) -> AsyncIterator[None]:
        """One message at a time to one person. Who is written to no more is forgotten."""
        turn = self._dialogs.setdefault(account, asyncio.Lock())
        await turn.acquire()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(BETWEEN_MESSAGES_S, turn.release)
