"""The pages of a person as a browser meets them, over the whole road; what linking comes to is told by the test."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.database.issuers import put_issuer
from adapters.database.read.registry import registry_of
from adapters.portal.app import PATHS, portal_app
from adapters.portal.dependencies import Portal
from adapters.portal.profiles import OWN, read_profiles
from adapters.web.app import build_app
from rollcall.portal import StoredDoor
from rollcall.serving import address_of, listening_on
from sync.entering import Issuer
from sync.ids import OrganisationId
from sync.titles import Titles
from tests.portal.scripted import ScriptedLinking
from tests.road import Road
from tests.web.conftest import close_notice, dependencies_over, serving_on

BACK = "https://dnevnik.test"
PROFILES = read_profiles([OWN])


def public_pem(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True)
class Answer:
    """A page: its words as a reader sees them, and where it leads."""

    status: int
    path: str
    location: str | None
    headers: dict[str, str]
    body: str

    @property
    def text(self) -> str:
        bare = re.sub(r"<(script|style).*?</\1>", " ", self.body, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare))).strip()

    def links(self) -> list[str]:
        return re.findall(r'href="([^"]+)"', self.body)

    def fields(self) -> dict[str, str]:
        """The values of fields by their ids."""
        inputs = re.findall(r"<input[^>]*>", self.body)
        attributes = [dict(re.findall(r'([a-z-]+)="([^"]*)"', each)) for each in inputs]
        return {each.get("id", ""): unescape(each.get("value", "")) for each in attributes}


@dataclass
class Doorway:
    """Somebody's browser at our door, and the school's system that signs people in."""

    road: Road
    url: str
    linking: ScriptedLinking
    session: aiohttp.ClientSession
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def issuer(self, iss: str = "sis", **said: Any) -> None:
        """Registers a system, with our key unless told otherwise."""
        given = {"public_key": public_pem(self.key), "origins": [BACK], "product": "bars", **said}
        async with self.road.database.writing() as connection:
            await put_issuer(connection, Issuer(iss, **given), self.road.clock.now())

    def claims(self, **said: Any) -> dict[str, Any]:
        now = int(self.road.clock.now().timestamp())
        whole = {
            "iss": "sis", "aud": self.url, "sub": "s1-p", "organisation_id": "s1", "role": "student", "page": "chats",
            "return_url": f"{BACK}/desk", "iat": now, "exp": now + 60, "jti": f"j{next(self.numbers)}",
        }  # fmt: skip
        return {name: value for name, value in (whole | said).items() if value is not None}

    def token(self, **said: Any) -> str:
        return jwt.encode(self.claims(**said), self.key, "EdDSA")

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._ask("GET", path, headers)

    async def post(self, path: str, *, origin: str | None = None, **form: str) -> Answer:
        """Sends a form, from our own page unless told otherwise; an `origin` of `""` is none at all."""
        own = self.url if origin is None else origin
        return await self._ask("POST", path, {"Origin": own} if own else {}, data=form)

    async def enter(self, **said: Any) -> Answer:
        """Comes in, and goes on to the page that is asked for."""
        answer = await self.get(f"/enter?token={self.token(**said)}")
        assert answer.location is not None
        return await self.get(answer.location)

    async def _ask(self, method: str, path: str, headers: dict[str, str], **more: Any) -> Answer:
        url = self.url + path
        async with self.session.request(method, url, headers=headers, allow_redirects=False, **more) as response:
            body = await response.text()
            return Answer(response.status, path, response.headers.get("Location"), dict(response.headers), body)

    def another_browser(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


@asynccontextmanager
async def doorway_over(road: Road) -> AsyncIterator[Doorway]:
    linking = ScriptedLinking()

    async def closed(organisation_id: str, person_id: str) -> bool:
        return await close_notice(road, organisation_id, person_id)

    with listening_on("127.0.0.1", 0) as listening:
        url = address_of(listening)
        portal = Portal(
            door=StoredDoor(road.database),
            registry=registry_of(
                road.database.reading, Titles(), {"max": road.platform.capabilities}, monotonic=road.clock.monotonic
            ),
            profiles=PROFILES,
            now=road.clock.now,
            public_url=url,
            close_notice=closed,
            linking=linking.port,
            homes={"max": "https://web.max.test/", "vk_id": "https://web.vk.test/"},
            vk_id_url="https://id.vk.test",
        )
        pages = dict.fromkeys(PATHS, portal_app(portal))
        jar = aiohttp.CookieJar(unsafe=True)  # ours is known by an address of numbers
        async with (
            serving_on(listening, build_app(dependencies_over(road), pages=pages)),
            aiohttp.ClientSession(cookie_jar=jar) as session,
        ):
            yield Doorway(road, url, linking, session)


@pytest.fixture
async def door(road: Road) -> AsyncIterator[Doorway]:
    """A school with a pupil `s1-p`, a guardian `s1-g`, a teacher `s1-t`, and its system `sis` of БАРС."""
    async with doorway_over(road) as doorway:
        await road.post(school())
        await doorway.issuer()
        yield doorway


def school(school_id: str = "s1", platform: str = "") -> list[dict[str, Any]]:
    of = {"organisation_id": school_id}
    said = [
        ("school.organisation.registered", {"name": "Школа № 5", "chat_administrator_id": f"{school_id}-adm"}),
        ("school.employee.hired", {"employee_id": f"{school_id}-adm", "position_type": "administration"}),
        ("school.employee.hired", {"employee_id": f"{school_id}-t", "position_type": "teaching_staff"}),
        ("school.person.described", _named(f"{school_id}-p", "Петрова", "Анна")),
        ("school.person.described", _named(f"{school_id}-g", "Петрова", "Мария")),
        ("school.person.described", _named(f"{school_id}-t", "Сидоров", "Иван")),
        (
            "school.class.opened",
            {"class_id": "5a", "name": "5 А", "school_year": "2026/2027", "homeroom_teacher_id": f"{school_id}-t"},
        ),
        ("school.student.enrolled", {"student_id": f"{school_id}-p", "class_id": "5a"}),
        ("school.guardian.assigned", {"guardian_id": f"{school_id}-g", "student_id": f"{school_id}-p"}),
    ]
    return [event(f"{school_id}-{number}", kind, **of, **data) for number, (kind, data) in enumerate(said, start=1)]


def _named(person_id: str, last: str, first: str) -> dict[str, Any]:
    return {"person_id": person_id, "last_name": last, "first_name": first}


def event(number: str, kind: str, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": number, "source": "sis", "type": f"{kind}.v1", "time": "2026-11-01T10:00:00Z",
        "data": data,
    }  # fmt: skip


SCHOOL = OrganisationId("s1")
