"""The simulator's pages: MAX as one person's phone shows it, and VK Messenger. They fetch nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.pages.ground import HEADERS, STATIC, templates
from adapters.simulator.contacts import contact_attachment
from adapters.simulator.entities import Refused, User
from adapters.simulator.exchange import Simulation
from adapters.simulator.phone import chats_of, name_of, phone
from adapters.simulator.vkid.pages import COOKIE

HERE = Path(__file__).parent
NUMBER = re.compile(r"-?[0-9]{1,19}")
START = re.compile(r"[A-Za-z0-9_-]{1,128}")
LAST_SENT = 50


def add_page(app: web.Application, simulation: Simulation) -> None:
    """Shows a person's phone at `/?user=ID&tab=sferum&chat=ID`, and `/home/vk` for VK Messenger."""
    pages = PhonePages(simulation)
    app.add_routes([
        web.get("/", pages.show),
        web.get("/start/{bot}", pages.choose_who_starts),
        web.post("/phone/find", pages.find),
        web.post("/phone/start", pages.start),
        web.post("/phone/press", pages.press),
        web.post("/phone/contact", pages.share_contact),
        web.get("/sms", pages.sms),
        web.get("/home/vk", pages.messenger),
        web.get("/messenger", pages.messenger),
        web.get("/messenger/new", pages.messenger),
        web.post("/messenger/new", pages.make_chat),
        web.post("/messenger/leave", pages.leave_messenger),
        web.get("/static/page.css", _css),
        web.static("/static", STATIC),
    ])  # fmt: skip


class PhonePages:
    """What people see and press. Whatever they cannot do is not done, and the page is shown again."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._templates = templates(HERE)

    async def show(self, request: web.Request) -> web.Response:
        user_id, chat_id = _number(request, "user"), _number(request, "chat")
        bot, tab = request.query.get("chat") == "bot", request.query.get("tab", "")
        shown = phone(self._simulation.world, user_id, chat_id)
        tab = "sferum" if tab == "sferum" else "chats"
        missing = "missing" in request.query
        return self._page("page.html", **shown, bot=bot, tab=tab, here=request.path_qs, start=None, missing=missing)

    async def choose_who_starts(self, request: web.Request) -> web.Response:
        """Where a deep link leads to."""
        payload = request.query.get("start", "")
        shown = phone(self._simulation.world, None, None)
        start = payload if START.fullmatch(payload) else ""
        return self._page("page.html", **shown, bot=False, tab="chats", here="", start=start, missing=False)

    async def find(self, request: web.Request) -> web.Response:
        user = await self._who(request)
        return _to(f"/?user={user.user_id}" if user is not None else "/?missing")

    async def start(self, request: web.Request) -> web.Response:
        user, payload = await self._who(request), str((await request.post()).get("payload", ""))
        if user is None:
            return _to(f"/start/bot?start={payload}")
        payload = payload if START.fullmatch(payload) else ""
        self._simulation.world.start_bot(user.user_id, payload or None, self._simulation.now())
        return _to(f"/?user={user.user_id}&tab=sferum&chat=bot")

    async def press(self, request: web.Request) -> web.Response:
        form = await request.post()
        user, mid, payload = await self._who(request), str(form.get("mid", "")), str(form.get("payload", ""))
        if user is not None:
            self._quietly(lambda: self._simulation.world.press(mid, user.user_id, payload, self._simulation.now()))
        return _to(_own(str(form.get("back", ""))))

    async def share_contact(self, request: web.Request) -> web.Response:
        form, user, world = await request.post(), await self._who(request), self._simulation.world

        def share(sharer: User) -> None:
            contact = contact_attachment(world, sharer, self._simulation.token)
            world.share_contact(sharer.user_id, contact, self._simulation.now())

        if user is not None:
            self._quietly(lambda: share(user))
        return _to(_own(str(form.get("back", ""))))

    async def sms(self, _request: web.Request) -> web.Response:
        now = self._simulation.now()
        sent = [
            {"phone": code.phone, "of": {"max": "MAX", "vk_id": "VK ID"}.get(code.of, ""), "by": code.by,
             "code": code.code, "good": code.is_good(now)}
            for code in reversed(self._simulation.world.codes.sent[-LAST_SENT:])
        ]  # fmt: skip
        return self._page("sms.html", sent=sent)

    async def messenger(self, request: web.Request) -> web.Response:
        """Whoever is not signed in by VK ID is shown the ways in."""
        user = self._signed_in(request)
        chats = [chat for chat in chats_of(self._simulation.world, user) if chat.chat_id > 0] if user else []
        making = request.path.endswith("/new")
        return self._page("messenger.html", user=user, chats=chats, making=making, name=name_of)

    async def make_chat(self, request: web.Request) -> web.Response:
        user, title = self._signed_in(request), str((await request.post()).get("title", "")).strip()[:200]
        if user is not None and title:
            self._simulation.world.make_chat(user.user_id, title, self._simulation.now(), sign=1)
        return _to("/messenger")

    async def leave_messenger(self, request: web.Request) -> web.Response:
        self._simulation.vk_id.signed_in.pop(request.cookies.get(COOKIE, ""), None)
        return _to("/home/vk")

    def _signed_in(self, request: web.Request) -> User | None:
        user_id = self._simulation.vk_id.signed_in.get(request.cookies.get(COOKIE, ""), 0)
        return self._simulation.world.users.get(user_id)

    async def _who(self, request: web.Request) -> User | None:
        """By id, or by phone."""
        form, world = await request.post(), self._simulation.world
        user_id = str(form.get("user", ""))
        if NUMBER.fullmatch(user_id):
            return world.users.get(int(user_id))
        return next(iter(world.with_phone(str(form.get("phone", "")))), None)

    @staticmethod
    def _quietly(deed: Any) -> None:
        try:
            deed()
        except Refused:
            return

    def _page(self, template: str, **shown: Any) -> web.Response:
        page = self._templates.get_template(template).render(static="/static", **shown)
        return web.Response(text=page, content_type="text/html", headers=HEADERS)


def _own(address: str) -> str:
    """An address of ours to go back to."""
    return address if address.startswith("/?") else "/"


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})


async def _css(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(HERE / "page.css")


def _number(request: web.Request, name: str) -> int | None:
    value = request.query.get(name, "")
    return int(value) if NUMBER.fullmatch(value) else None
