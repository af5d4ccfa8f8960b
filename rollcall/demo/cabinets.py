"""The five demo schools, one for each manual, and the systems that sign their people in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.cabinet.pages import AT, Desk, PersonLine, SchoolLine
from adapters.database.issuers import put_issuer
from adapters.simulator.entities import User
from rollcall.demo.events import school_events
from rollcall.demo.founding import found_school
from rollcall.demo.menus import ROLES, SYSTEMS, menu_of
from rollcall.demo.names import Name
from rollcall.demo.school import School
from rollcall.demo.stage import Stage
from sync.entering import EMPLOYEE, GUARDIAN, STUDENT, Issuer
from sync.ids import OrganisationId, PersonId
from sync.platform import PROVIDERS

SOURCE = "urn:rollcall:cabinets"
FIRST_ACCOUNT = 700_001
GOOD_FOR_S = 60
SHOWN = {STUDENT: 3, GUARDIAN: 3, EMPLOYEE: 3}  # so many of each may be chosen
PAGES = {"link", "chats", "conferences", "registry", "security"}


class Plan(NamedTuple):
    """A demo school: whose words its pages speak, where its chats are, and of which region it is."""

    school_id: str
    product: str
    platform: str
    region: str | None = None


PLANS = (
    Plan("bars-max", "bars", "max"),
    Plan("bars-vk", "bars", "vk"),
    Plan("mesh-vk", "mesh", "vk", "RU-MOS"),
    Plan("mesh-max", "mesh", "max"),
    Plan("paragraf-vk", "paragraf", "vk"),
)
MESSENGERS = {"max": "MAX", "vk": "VK"}


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody of a demo school, with the account that is theirs on the platform, linked or not."""

    person_id: str
    name: Name
    role: str
    account: int

    @property
    def phone(self) -> str:
        return f"+7901{self.account:07}"


class DemoCabinets:
    """`Cabinets` of the pages, over the schools on the stage. `public_url`: where the door is."""

    def __init__(self, stage: Stage, public_url: str, seed: int) -> None:
        self._stage, self._public_url = stage, public_url
        self._key = Ed25519PrivateKey.generate()
        self._open = False
        numbers = count(FIRST_ACCOUNT)
        self._schools = {
            plan.school_id: found_school(seed + number, organisation_id=plan.school_id, classes=2, pupils_a_class=4)
            for number, plan in enumerate(PLANS, start=1)
        }
        self._people = {
            school_id: {each.person_id: each for each in _citizens(school, numbers)}
            for school_id, school in self._schools.items()
        }

    async def open(self) -> None:
        """Brings the schools, their systems and their people's phones onto the stage."""
        app = self._stage.app
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        for plan in PLANS:
            school = self._schools[plan.school_id]
            events = list(school_events(school, source=SOURCE, at=datetime.now(UTC)))
            await self._stage.take(events[:1])
            await app.choose_account(OrganisationId(plan.school_id), plan.platform, None)
            await self._stage.take(events[1:])
            schools = [OrganisationId(plan.school_id)]
            issuer = Issuer(_iss(plan), pem, [self._public_url], plan.product, plan.region, schools)
            async with app.database.writing() as connection:
                await put_issuer(connection, issuer, app.clock.now())
        self._stage.put_users(_user(each) for people in self._people.values() for each in people.values())
        self._open = True

    def schools(self) -> Sequence[SchoolLine]:
        return [self._line(plan) for plan in PLANS] if self._open else []

    def everybody(self) -> Iterator[Collection[Citizen]]:
        """The people of each school."""
        return (people.values() for people in self._people.values())

    async def people(self, school_id: str) -> Sequence[PersonLine] | None:
        if not self._open or school_id not in self._people:
            return None
        chosen = _some(self._people[school_id].values())
        return [await self._person(_plan(school_id), each) for each in chosen]

    async def desk(self, school_id: str, person_id: str) -> Desk | None:
        citizen = self._people.get(school_id, {}).get(person_id)
        if citizen is None:
            return None
        plan = _plan(school_id)
        person = await self._person(plan, citizen)
        return Desk(
            self._line(plan),
            person,
            menu_of(plan.product, citizen.role, linked=person.linked),
            citizen.phone,
            f"{self._stage.simulator.url}/?user={citizen.account}",
        )

    async def hand_over(self, school_id: str, person_id: str, page: str) -> str | None:
        citizen = self._people.get(school_id, {}).get(person_id)
        if citizen is None or page not in PAGES:
            return None
        now = int(self._stage.app.clock.now().timestamp())
        claims = {
            "iss": _iss(_plan(school_id)),
            "aud": self._public_url,
            "sub": person_id,
            "organisation_id": school_id,
            "role": citizen.role,
            "page": page,
            "return_url": f"{self._public_url}{AT}/{school_id}/{person_id}",
            "iat": now,
            "exp": now + GOOD_FOR_S,
            "jti": str(uuid4()),
        }
        return f"{self._public_url}/enter?token={jwt.encode(claims, self._key, 'EdDSA')}"

    def _line(self, plan: Plan) -> SchoolLine:
        name = self._schools[plan.school_id].name
        return SchoolLine(plan.school_id, name, SYSTEMS[plan.product], MESSENGERS[plan.platform])

    async def _person(self, plan: Plan, citizen: Citizen) -> PersonLine:
        schools = frozenset({OrganisationId(plan.school_id)})
        accounts = await self._stage.app.registry.people.accounts(PersonId(citizen.person_id), schools)
        linked = any(account.provider == PROVIDERS[plan.platform] for account in accounts or ())
        name = f"{citizen.name.last} {citizen.name.first}"
        return PersonLine(citizen.person_id, name, ROLES[citizen.role], linked)


def _iss(plan: Plan) -> str:
    return f"urn:rollcall:cabinet:{plan.school_id}"


def _plan(school_id: str) -> Plan:
    [plan] = [plan for plan in PLANS if plan.school_id == school_id]
    return plan


def _citizens(school: School, numbers: Iterator[int]) -> Iterator[Citizen]:
    """Everybody once, in the first role that they have."""
    names = {person.person_id: person.name for person in school.people}
    roles: dict[str, str] = dict.fromkeys((each.person_id for each in school.employees), EMPLOYEE)
    roles |= dict.fromkeys((each.person_id for each in school.pupils), STUDENT)
    for guardian in school.guardians:
        roles.setdefault(guardian.guardian_id, GUARDIAN)
    for person_id, role in roles.items():
        yield Citizen(person_id, names[person_id], role, next(numbers))


def _some(people: Collection[Citizen]) -> list[Citizen]:
    """Some of each role: pupils, then parents, then teachers."""
    by_role = {role: [each for each in people if each.role == role] for role in SHOWN}
    return [each for role, most in SHOWN.items() for each in by_role[role][:most]]


def _user(citizen: Citizen) -> User:
    return User(citizen.account, citizen.phone, citizen.name.first, citizen.name.last)
