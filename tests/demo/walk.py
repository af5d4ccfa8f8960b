"""Somebody at a demo school's cabinet, our pages and the platform's phone, by plain requests as a browser's are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import aiohttp
from yarl import URL

from rollcall.demo.cabinets import DemoCabinets
from rollcall.demo.play import Play, Size, made_up
from rollcall.demo.show import OnShow
from rollcall.demo.showing import site
from rollcall.demo.stage import Stage, open_stage
from rollcall.serving import address_of, listening_on, server_of
from rollcall.settings import read_settings

PATIENCE_S = 60.0
SEED = 7


@dataclass
class Walk:
    """One browser. `here` is the page that it shows, `text` its words; `seen` every address it was at."""

    stage: Stage
    cabinets: DemoCabinets
    url: str
    http: aiohttp.ClientSession
    seen: list[str] = field(default_factory=list)
    here: URL = field(default_factory=URL)
    body: str = ""

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.body))).strip()

    @property
    def path(self) -> str:
        return self.here.path

    async def go(self, path: str) -> None:
        await self._show("GET", path)

    async def send(self, path: str, **form: str) -> None:
        await self._show("POST", path, data=form, headers={"Origin": self.url})

    async def press(self, button: str, **fields: str) -> None:
        """Presses the button of that name, with fields that were filled in: a link, or a form's."""
        for form in re.findall(r"<form.*?</form>", self.body, re.DOTALL):
            if re.search(rf">{re.escape(button)}</button>", form):
                [action] = re.findall(r'action="([^"]+)"', form)
                await self.send(action, **fields)
                return
        [address] = re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(button)}</a>', self.body)
        await self.go(unescape(address))

    async def until(self, path: str, words: str) -> None:
        """Looks at a page again until it says so: what was done comes to be by itself."""
        async with asyncio.timeout(PATIENCE_S):
            await self.go(path)
            while words not in self.text:
                await asyncio.sleep(0.2)
                await self.go(path)

    async def somebody(self, school: str, role: str) -> tuple[str, str]:
        """Somebody of that role, by id, at their desk in the cabinet; and their phone."""
        people = await self.cabinets.people(school)
        assert people is not None
        person = next(each.person_id for each in people if each.role == role)
        desk = await self.cabinets.desk(school, person)
        assert desk is not None
        await self.go(f"/cabinet/{school}/{person}")
        return person, desk.phone

    async def simulated(self, method: str, path: str, **body: Any) -> Any:
        url = f"{self.stage.simulator.url}/_sim/{path}"
        async with self.http.request(method, url, json=body or None) as response:
            response.raise_for_status()
            return await response.json() if response.content_type == "application/json" else None

    async def answer_in_max(self, button: str) -> None:
        """Presses a button of the latest message with buttons that the bot sent."""
        message = [each for each in await self.simulated("GET", "messages") if _buttons(each)][-1]
        [payload] = [each["payload"] for each in _buttons(message) if each["text"] == button]
        user = message["recipient"]["user_id"]
        await self.simulated("POST", f"messages/{message['body']['mid']}/press", user_id=user, payload=payload)

    async def through_vk_id(self, phone: str, *, deny: bool = False) -> None:
        """Signs in at VK ID, screen by screen, as far as it asks, until it leads back."""
        while "/vkid/" in self.here.path:
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.body))
            match fields["screen"]:
                case "phone":
                    fields["phone"] = phone
                case "code":
                    fields["code"] = (await self.simulated("GET", "codes"))[-1]["code"]
                case "about":
                    fields |= {"first_name": "Анна", "last_name": "Иванова"}
            await self._show("POST", str(self.here), data=fields | ({"do": "deny"} if deny else {}))

    async def chats_on_platform(self, phone: str) -> list[str]:
        """The titles of the chats that the owner of a phone is in, sorted."""
        world = self.stage.simulator.world
        [account] = [user.user_id for user in world.users.values() if user.phone == phone]
        return sorted(chat.title for chat in world.chats.values() if account in chat.members)

    async def _show(self, method: str, path: str, **more: Any) -> None:
        async with self.http.request(method, URL(self.url).join(URL(path)), **more) as response:  # whole addresses, too
            self.here, self.body = response.url, await response.text()
            self.seen += [str(each.url) for each in (*response.history, response)]
            assert response.status == 200, f"{method} {path}: {response.status}"


def _buttons(message: dict[str, Any]) -> list[dict[str, str]]:
    attachments = message["body"].get("attachments") or []
    return [button for each in attachments for row in each.get("payload", {}).get("buttons", []) for button in row]


@asynccontextmanager
async def walking() -> AsyncIterator[Walk]:
    """The five schools on stage, nobody linked, and the site at an address of its own."""
    with listening_on("127.0.0.1", 0) as listening:
        url = address_of(listening)
        settings = read_settings().model_copy(update={"public_url": url})
        async with open_stage(settings, hears=True) as stage:
            cabinets = DemoCabinets(stage, url, SEED)
            await cabinets.open()
            server = server_of(site(stage, OnShow(Play(stage, made_up(Size(1, 1)))), cabinets))
            serving = asyncio.create_task(server.serve([listening]))
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
                yield Walk(stage, cabinets, url, http)
            server.should_exit = True
            await serving
