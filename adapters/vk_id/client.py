"""Rollcall's port of VK ID (id.vk.com, OAuth 2.1 with PKCE S256; read on 2026-11-22)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from adapters.vk_id.errors import INVALID_TOKEN, refusal, succeeded
from adapters.wire.failures import malformed
from adapters.wire.narrowed import storable
from adapters.wire.phones import e164
from adapters.wire.transport import Transport, transport
from sync.errors import PlatformError
from sync.ids import AccountId
from sync.ports.identity import VkTokens, VkUser

LONGEST_NAME = 100


class VkIdClient:
    """One application's way to sign in by VK ID. Keeps nothing."""

    def __init__(self, sender: Transport, client_id: str) -> None:
        self._sender = sender
        self._client_id = client_id

    def challenge(self, verifier: str) -> str:
        return str(create_s256_code_challenge(verifier))  # type: ignore[no-untyped-call] # their stubs

    def authorize_url(
        self,
        state: str,
        challenge: str,
        redirect_uri: str,
        *,
        scope: str = "phone",
        prompt: Literal["login"] | None = None,
    ) -> str:
        pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
        asked = {**pkce, "prompt": prompt} if prompt else pkce
        address = str(self._sender.base / "authorize")
        return str(prepare_grant_uri(address, self._client_id, "code", redirect_uri, scope, state, **asked))

    async def exchange(self, code: str, device_id: str, verifier: str, state: str, redirect_uri: str) -> VkTokens:
        given = {
            "grant_type": "authorization_code", "client_id": self._client_id, "redirect_uri": redirect_uri,
            "code_verifier": verifier, "device_id": device_id, "state": state,
        }  # fmt: skip
        answer = succeeded(await self._sender.send("POST", "oauth2/auth", query=given, form={"code": code}))
        token = answer.get("access_token")
        if not isinstance(token, str) or not token or answer.get("state") != state:
            raise malformed()
        return VkTokens(_user_id(answer), token)

    async def user(self, tokens: VkTokens) -> VkUser:
        about = (await self._with_token("oauth2/user_info", tokens)).get("user")
        if not isinstance(about, Mapping) or _user_id(about) != tokens.user_id:
            raise malformed()
        first_name, initial = _name(about, "first_name"), _name(about, "last_name")[:1]
        return VkUser(tokens.user_id, first_name, initial, e164(about.get("phone")))

    async def drop(self, tokens: VkTokens) -> None:
        try:
            await self._with_token("oauth2/revoke", tokens)
        except PlatformError as error:
            if error.code != INVALID_TOKEN:
                raise

    async def _with_token(self, path: str, tokens: VkTokens) -> Mapping[str, Any]:
        query, form = {"client_id": self._client_id}, {"access_token": tokens.access_token}
        return succeeded(await self._sender.send("POST", path, query=query, form=form))


@asynccontextmanager
async def vk_id_client(url: str, client_id: str, *, call_timeout_s: float) -> AsyncIterator[VkIdClient]:
    """A client of one application of VK ID at `url`, on connections that are kept until the block is left."""
    async with transport(url, call_timeout_s=call_timeout_s, tls=None, refuse=refusal) as sender:
        yield VkIdClient(sender, client_id)


def _user_id(answer: Mapping[str, Any]) -> AccountId:
    """A positive int64, as a number or as text: VK tells both."""
    told = answer.get("user_id")
    written = str(told) if isinstance(told, int | str) and not isinstance(told, bool) else ""
    if not (written.isascii() and written.isdecimal() and 0 < int(written[:20]) < 2**63 and written[0] != "0"):
        raise malformed()
    return AccountId(written)


def _name(about: Mapping[str, Any], field: str) -> str:
    told = about.get(field)
    return storable(told).strip()[:LONGEST_NAME] if isinstance(told, str) else ""
