"""The demo's page: the story, the school's chats person by person, and a phone beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from adapters.pages.ground import HEADERS, templates
from adapters.web.static_files import STATIC_FILES
from sync.ids import ChatId

HERE = Path(__file__).parent

# How each state of a membership is coloured.
TONES = {
    "applied": "good", "waiting": "wait", "pending": "wait", "held": "wait", "rejected": "wait", "refused": "bad",
    "left": "bad",
}  # fmt: skip

JOINED, LEFT, STAYS = "joined", "left", "stays"


@dataclass(frozen=True, slots=True)
class ChatLine:
    """`joined` and `left`: how many did in this step."""

    chat_id: ChatId
    title: str
    kind: str
    participants: int
    waiting: int
    joined: int
    left: int
    archived: bool


@dataclass(frozen=True, slots=True)
class MemberLine:
    """`state` is a membership's, or `left` of who left in this step; `mark` what the step did: JOINED, LEFT, STAYS."""

    name: str
    role: str
    state: str
    state_words: str
    reasons: Sequence[str]
    mark: str


@dataclass(frozen=True, slots=True)
class PhoneLine:
    title: str
    people: int
    administers: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Phone:
    """What somebody sees on the platform; `note` where there is nothing to see."""

    name: str
    chats: Sequence[PhoneLine]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """All of the page at one moment. `in_step` are the chats that the step is about, `chats` all others; `cabinets_at`:
    where people's cabinets are, once they are open.
    """

    school: str
    number: int
    title: str
    words: str
    done: Sequence[str]
    settled: bool
    paused: bool
    over: bool
    counts: Sequence[tuple[str, str, int]]
    in_step: Sequence[ChatLine]
    chats: Sequence[ChatLine]
    chosen: ChatLine | None
    members: Sequence[MemberLine]
    phone: Phone | None
    simulator_url: str
    cabinets_at: str = ""


class Show(Protocol):
    """What is shown, and what whoever watches may do about it."""

    async def scene(self, chat_id: ChatId | None) -> Scene:
        """The page now; with the members of that chat, else of the one that the story is about."""

    def go_on(self) -> None:
        """The next step, without waiting longer."""

    def pause(self, *, paused: bool) -> None: ...


def demo_app(show: Show) -> FastAPI:
    """The page, to be mounted at a path of its own. It asks for no token: everybody in it is made up."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = templates(HERE / "templates" / "demo")
    app.mount("/static", STATIC_FILES)

    @app.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(pages.get_template("page.html").render(static="static"), headers=HEADERS)

    @app.get("/scene")
    async def scene(request: Request, chat: str = "", step: int = -1) -> Response:
        """The changing part; 204 where it has not changed since the version that the asker has."""
        shown = await show.scene(None)
        if chat and step == shown.number:
            shown = await show.scene(ChatId(chat))
        body = pages.get_template("scene.html").render(scene=shown, tones=TONES)
        version = blake2b(body.encode(), digest_size=8).hexdigest()
        if request.headers.get("x-version") == version:
            return Response(status_code=204)
        return HTMLResponse(body, headers={"x-version": version, **HEADERS})

    @app.post("/next", status_code=204)
    async def go_on() -> None:
        show.go_on()

    @app.post("/pause", status_code=204)
    async def pause(paused: bool) -> None:  # noqa: FBT001 - a form's field
        show.pause(paused=paused)

    return app
