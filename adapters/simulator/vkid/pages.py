"""VK ID's pages for people: from `/authorize` through the screens back to the application."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from adapters.pages.ground import HEADERS, templates
from adapters.simulator.codes import digits_of
from adapters.simulator.entities import User
from adapters.simulator.exchange import Simulation
from adapters.simulator.vkid.books import GRANT_LASTS, MESSENGER, Asked, SignIn, device_of
from adapters.simulator.vkid.oauth import OAuth, struck
from adapters.simulator.vkid.roads import Screen
from adapters.simulator.vkid.steps import Steps

HERE = Path(__file__).parent
COOKIE = "vkid"
CALL_COMES_WITHIN_S = 60
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # S256, RFC 7636
BACK = re.compile(r"https?://\S+")
# A form's answer may lead on to any application: browsers hold `form-action` against every address on that way.
OPEN_HEADERS = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "form-action 'self'", "form-action 'self' http: https:"
    )
}


def vk_id_app(simulation: Simulation) -> web.Application:
    """VK ID, to be mounted at /vkid."""
    pages, oauth = Pages(simulation), OAuth(simulation)
    app = web.Application()
    app.add_routes([
        web.get("/authorize", pages.authorize),
        web.get("/messenger", pages.to_messenger),
        web.get("/sign-in/{key}", pages.show),
        web.post("/sign-in/{key}", pages.act),
        web.post("/oauth2/auth", struck(simulation, oauth.tokens)),
        web.post("/oauth2/user_info", struck(simulation, oauth.user_info)),
        web.post("/oauth2/revoke", struck(simulation, oauth.revoke)),
        web.get("/vkid.css", _css),
    ])  # fmt: skip
    return app


class Pages:
    """The pages of one simulation. A browser is known by its cookie, and no other has its sign-ins."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._steps = Steps(simulation)
        self._templates = templates(HERE)

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """Where applications send browsers; what they ask for wrongly is told here, and to no address of theirs."""
        asked = request.query
        right = asked.get("response_type") == "code" and asked.get("code_challenge_method") == "S256"
        pkce = CHALLENGE.fullmatch(asked.get("code_challenge", ""))
        back = BACK.fullmatch(asked.get("redirect_uri", ""))
        if not (right and pkce and back and asked.get("state") and asked.get("client_id")):
            return self._page("stale.html", 400, words="Запрос приложения составлен неверно")
        wanted = Asked(
            asked["client_id"], asked["redirect_uri"], asked["state"], asked["code_challenge"], asked.get("scope", "")
        )
        return self._begin(request, wanted, anew=asked.get("prompt") == "login")

    async def to_messenger(self, request: web.Request) -> web.StreamResponse:
        """VK Messenger's own way in."""
        return self._begin(request, Asked(MESSENGER, "/messenger", "", "", ""), anew=False)

    def _begin(self, request: web.Request, asked: Asked, *, anew: bool) -> web.StreamResponse:
        browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
        key = self._simulation.vk_id.begin(asked, browser, self._simulation.now(), anew=anew)
        answer = _to(f"/vkid/sign-in/{key}")
        answer.set_cookie(COOKIE, browser, path="/", httponly=True, samesite="Lax")
        return answer

    async def show(self, request: web.Request) -> web.StreamResponse:
        sign_in = self._of(request)
        screen = None if sign_in is None else self._steps.screen(sign_in)
        if sign_in is None or screen is None:
            return self._page("stale.html", 404, words="Страница устарела")
        return self._page("vkid.html", 200, **self._shown(sign_in, screen))

    async def act(self, request: web.Request) -> web.StreamResponse:
        """A button. Of a page that is no longer the one shown nothing is taken."""
        sign_in = self._of(request)
        if sign_in is None:
            return self._page("stale.html", 404, words="Страница устарела")
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        do, screen = form.get("do", ""), self._steps.screen(sign_in)
        if do == "deny":
            return self._back(request, sign_in, {"error": "access_denied"})
        if do:
            self._steps.turn(sign_in, do)
        elif screen is not None and form.get("screen") == screen:
            self._steps.go_on(sign_in, screen, form)
        if self._steps.screen(sign_in) is None:
            return self._signed_in(request, sign_in)
        return _to(request.path)

    def _signed_in(self, request: web.Request, sign_in: SignIn) -> web.StreamResponse:
        user_id, books = sign_in.user_id or 0, self._simulation.vk_id
        books.signed_in[sign_in.browser] = user_id
        if sign_in.asked.client_id == MESSENGER:
            del books.sign_ins[request.match_info["key"]]
            return _to(sign_in.asked.redirect_uri)
        self._simulation.world.study(user_id)
        code = books.grant(sign_in, user_id, self._simulation.now())
        lasts = str(int(GRANT_LASTS.total_seconds()))
        told = {"code": code, "device_id": device_of(sign_in.browser), "expires_in": lasts, "type": "code_v2"}
        return self._back(request, sign_in, told)

    def _back(self, request: web.Request, sign_in: SignIn, told: Mapping[str, str]) -> web.StreamResponse:
        """To the application, with what it is told."""
        del self._simulation.vk_id.sign_ins[request.match_info["key"]]
        asked = sign_in.asked
        if asked.client_id == MESSENGER:
            return _to("/home/vk")
        joint = "&" if "?" in asked.redirect_uri else "?"
        return _to(f"{asked.redirect_uri}{joint}{urlencode({**told, 'state': asked.state})}")

    def _of(self, request: web.Request) -> SignIn | None:
        sign_in = self._simulation.vk_id.sign_ins.get(request.match_info["key"])
        return sign_in if sign_in is not None and sign_in.browser == request.cookies.get(COOKIE) else None

    def _shown(self, sign_in: SignIn, screen: Screen) -> dict[str, Any]:
        profiles = self._steps.profiles(sign_in)
        user = next((each for each in profiles if each.user_id == sign_in.user_id), None)
        return {
            "screen": screen, "notice": sign_in.notice, "by": sign_in.by, "live": sign_in.live,
            "service": self._simulation.vk_id.application(sign_in.asked.client_id).service,
            "phone": spoken(sign_in.phone or ""), "profiles": profiles, "chosen": sign_in.user_id,
            "user": user or (profiles[0] if len(profiles) == 1 else User(0)),
            "countdown": self._countdown(sign_in), "messenger": sign_in.asked.client_id == MESSENGER,
        }  # fmt: skip

    def _countdown(self, sign_in: SignIn) -> str:
        """In how long the call comes; empty once it should have."""
        sent = self._simulation.world.codes.find(sign_in.code_id or "", "vk_id")
        gone = (self._simulation.now() - sent.at).total_seconds() if sent is not None else CALL_COMES_WITHIN_S
        left = CALL_COMES_WITHIN_S - int(gone)
        return f"{left // 60:02}:{left % 60:02}" if left > 0 else ""

    def _page(self, name: str, status: int, **shown: Any) -> web.Response:
        page = self._templates.get_template(name).render(static="/static", Screen=Screen, **shown)
        return web.Response(status=status, text=page, content_type="text/html", headers=OPEN_HEADERS)


def spoken(phone: str) -> str:
    """A phone as VK ID writes it: +7 952 111-11-11."""
    digits = digits_of(phone)
    if len(digits) != 11:
        return phone
    return f"+{digits[0]} {digits[1:4]} {digits[4:7]}-{digits[7:9]}-{digits[9:]}"


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})


async def _css(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(HERE / "vkid.css")
