"""The cabinets: which school, which person, and the menu of the product for that person. Everybody is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from adapters.pages.ground import HEADERS, STATIC, templates

HERE = Path(__file__).parent
AT = "/cabinet"


@dataclass(frozen=True, slots=True)
class SchoolLine:
    school_id: str
    name: str
    system: str
    messenger: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """`role` in words; `linked`: whether an account is linked."""

    person_id: str
    name: str
    role: str
    linked: bool


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """`path`: by which tabs it is reached; `page`: which page of ours it opens."""

    path: Sequence[str]
    page: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody sees who is signed in. `phone` is their number on the platform, which they would know."""

    school: SchoolLine
    person: PersonLine
    menu: Sequence[MenuEntry]
    phone: str
    messenger_url: str


class Cabinets(Protocol):
    def schools(self) -> Sequence[SchoolLine]:
        """None before they are loaded."""

    async def people(self, school_id: str) -> Sequence[PersonLine] | None:
        """Those who may be chosen; None of a school that is not there."""

    async def desk(self, school_id: str, person_id: str) -> Desk | None: ...

    async def hand_over(self, school_id: str, person_id: str, page: str) -> str | None:
        """The address by which that person comes in at the door, once, within a minute."""


def cabinet_app(cabinets: Cabinets) -> FastAPI:
    """The pages, to be mounted at AT."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = templates(HERE / "templates")
    pages.globals.update(static=f"{AT}/static", at=AT)
    app.mount("/static", StaticFiles(directory=STATIC, packages=[("adapters.cabinet", "static")]))

    def shown(name: str, *, status: int = 200, **more: Any) -> HTMLResponse:
        return HTMLResponse(pages.get_template(name).render(**more), status, HEADERS)

    @app.get("/")
    async def choose_school() -> Response:
        return shown("schools.html", schools=cabinets.schools())

    @app.get("/{school_id}")
    async def choose_person(school_id: str) -> Response:
        people = await cabinets.people(school_id)
        if people is None:
            return shown("schools.html", status=404, schools=cabinets.schools())
        [school] = [each for each in cabinets.schools() if each.school_id == school_id]
        return shown("people.html", school=school, people=people)

    @app.get("/{school_id}/{person_id}")
    async def show_desk(school_id: str, person_id: str) -> Response:
        desk = await cabinets.desk(school_id, person_id)
        if desk is None:
            return shown("schools.html", status=404, schools=cabinets.schools())
        return shown("desk.html", desk=desk, school=desk.school)

    @app.post("/{school_id}/{person_id}/{page}")
    async def go(school_id: str, person_id: str, page: str) -> Response:
        """Signs the person in, and sends the browser to the door."""
        address = await cabinets.hand_over(school_id, person_id, page)
        return RedirectResponse(address or f"{AT}/", 303, HEADERS)

    return app
