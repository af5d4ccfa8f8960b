"""MAX's bot and VK ID in memory: who has which number, what was sent to whom, and what each is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.ports.identity import CodeSent, MessengerIdentity, VkTokens, VkUser


@dataclass
class Bot:
    """`numbers`: whose each is; `asked`: the questions, by (account, number of the request); `codes` as MAX sent them.
    `fails`: what the next calls raise, by their names.
    """

    numbers: dict[str, str] = field(default_factory=dict)
    by_phone: bool = True
    bot_name: str | None = "rollcall_bot"
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    answered: list[tuple[str, str]] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    checked: int = 0
    fails: dict[str, Failure] = field(default_factory=dict)
    takes_s: float = 0.0

    def _call(self, name: str) -> None:
        if (failure := self.fails.pop(name, None)) is not None:
            raise PlatformError(failure, "test")

    async def resolve(self, phone: str) -> AccountId | None:
        self._call("resolve")
        self.resolved.append(phone)
        account = self.numbers.get(phone)
        return None if account is None else AccountId(account)

    async def ask(self, account: AccountId, text: str, request_no: int) -> None:
        self._call("ask")
        self.asked.append((account, text, request_no))

    async def ask_contact(self, account: AccountId, text: str) -> None:
        self._call("ask_contact")
        self.contacts.append(account)

    async def say(self, account: AccountId, text: str) -> None:
        self._call("say")
        self.said.append((account, text))

    async def answer(self, callback_id: str, text: str) -> None:
        self._call("answer")
        self.answered.append((callback_id, text))

    async def send_code(self, phone: str) -> CodeSent:
        self._call("send_code")
        request_id = f"r{len(self.codes)}"
        self.codes[request_id] = (phone, f"{100_000 + len(self.codes)}")
        return CodeSent(request_id, phone in self.numbers)

    async def check_code(self, request_id: str, code: str) -> AccountId | None:
        self._call("check_code")
        self.checked += 1
        phone, right = self.codes[request_id]
        if code != right:
            return None
        return AccountId(self.numbers.setdefault(phone, f"9{len(self.numbers)}"))

    def deep_link(self, payload: str) -> str | None:
        return None if self.bot_name is None else f"https://max.ru/{self.bot_name}?start={payload}"

    def code_of(self, phone: str) -> str:
        """The last that went to a number."""
        return [code for number, code in self.codes.values() if number == phone][-1]


@dataclass
class Bots:
    bots: Mapping[str, MessengerIdentity]

    def of(self, token: str) -> MessengerIdentity | None:
        return self.bots.get(token)


@dataclass
class SignInPage:
    """VK ID; `users`: by the code that their browser comes back with. A code is good once, for its verifier."""

    users: dict[str, VkUser] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)
    prompts: list[str | None] = field(default_factory=list)
    live: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    exchanged: int = 0
    fails: Failure | None = None

    def challenge(self, verifier: str) -> str:
        return f"of {verifier}"

    def authorize_url(
        self,
        state: str,
        challenge: str,
        redirect_uri: str,
        *,
        scope: str = "phone",
        prompt: Literal["login"] | None = None,
    ) -> str:
        self.challenges[state] = challenge
        self.prompts.append(prompt)
        return f"https://id.vk.example/authorize?state={state}&scope={scope}&redirect_uri={redirect_uri}"

    async def exchange(self, code: str, device_id: str, verifier: str, state: str, redirect_uri: str) -> VkTokens:
        self.exchanged += 1
        if self.fails is not None:
            raise PlatformError(self.fails, "test")
        if code not in self.users or code in self.used or self.challenges.get(state) != self.challenge(verifier):
            raise PlatformError(Failure.REFUSED, "invalid_grant")
        self.used.add(code)
        self.live.add(code)
        return VkTokens(self.users[code].user_id, code)

    async def user(self, tokens: VkTokens) -> VkUser:
        return self.users[tokens.access_token]

    async def drop(self, tokens: VkTokens) -> None:
        self.live.discard(tokens.access_token)
