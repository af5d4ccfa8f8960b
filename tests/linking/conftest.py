"""A school whose people link their accounts: the real store, intake and registry; MAX's bot and VK ID in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.database.read.registry import registry_of
from adapters.vault import SecretVault
from events.intake import Intake
from events.own_events import OwnEvents
from sync.ids import AccountId, OrganisationId, PersonId
from sync.linking.outcomes import Step, Visitor
from sync.ports.identity import BotStarted, Contact, Pressed, answer_payload
from sync.titles import Titles
from sync.use_cases.linking.linking import Linking
from sync.use_cases.linking.means import Means, VkSignIn
from tests.doubles.identity import Bot, Bots, SignInPage
from tests.road import Road

SECRET = "the secret of the tests, 32 bytes"
ANNA, BORIS, GUARD = PersonId("anna"), PersonId("boris"), PersonId("guard")
SCHOOL = OrganisationId("s1")
PHONE, OTHER = "+79001234567", "+79007654321"
LAST, FIRST = "Планктонова", "Аграфена"


class Counted:
    """Chance that can be foretold; a test that wants another code puts it into `codes`."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.codes: list[str] = []

    def secret(self) -> str:
        return f"secret-{next(self._numbers):040}"

    def number(self) -> int:
        return next(self._numbers)

    def code(self, digits: int) -> str:
        self.codes.append(f"{next(self._numbers):0{digits}}")
        return self.codes[-1]


@dataclass
class School:
    """What people of the school `s1` do; by default Anna does it, from the system `sis`."""

    road: Road
    bot: Bot = field(default_factory=Bot)
    vk_id: SignInPage = field(default_factory=SignInPage)
    chance: Counted = field(default_factory=Counted)
    vault: SecretVault = field(default_factory=lambda: SecretVault([SECRET]))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    linking: Linking = field(init=False)

    def __post_init__(self) -> None:
        road = self.road
        registry = registry_of(
            road.database.reading, Titles(), {"max": road.platform.capabilities}, monotonic=road.clock.monotonic
        )
        intake = Intake(road.database, road.rules, road.clock.now, road.noticed.append)
        events = OwnEvents(registry.people, intake, road.clock.now, lambda: f"own-{next(self.numbers)}")
        self.linking = Linking(
            Means(
                road.database,
                self.vault,
                events,
                registry,
                Bots({"max": self.bot}),
                road.clock,
                self.chance,
                VkSignIn(self.vk_id, "https://rollcall.example/back"),
            )
        )

    async def told(self, *events: tuple[str, Mapping[str, Any]]) -> None:
        batch = [
            {
                "specversion": "1.0",
                "id": f"sis-{next(self.numbers)}",
                "source": "sis",
                "type": f"{kind}.v1",
                "time": self.road.clock.now().isoformat(),
                "data": data,
            }
            for kind, data in events
        ]
        outcomes = await self.road.post(batch)
        assert all(outcome.rejection is None for outcome in outcomes), outcomes

    async def found(self) -> None:
        of = {"organisation_id": SCHOOL}
        await self.told(
            ("school.organisation.registered", {**of, "name": "Школа № 1"}),
            ("school.class.opened", {**of, "class_id": "5a", "name": "5 А", "school_year": "2026/2027"}),
            *(("school.student.enrolled", {**of, "student_id": person, "class_id": "5a"}) for person in (ANNA, BORIS)),
            ("school.person.described", {**of, "person_id": ANNA, "last_name": LAST, "first_name": FIRST}),
        )

    async def sis_links(self, person: str, account: str | None, provider: str = "max") -> None:
        data = {"person_id": person, "provider": provider}
        if account is None:
            await self.told(("account.unlinked", data))
        else:
            await self.told(("account.linked", data | {"external_user_id": account}))

    def visitor(self, person: str = ANNA, session: str = "session", issuer: str = "sis") -> Visitor:
        return Visitor(PersonId(person), SCHOOL, issuer, f"{session} of {person}")

    async def step(self, person: str = ANNA, provider: str = "max") -> Step:
        return (await self.linking.standing(PersonId(person), SCHOOL, provider)).step

    async def press(self, account: str, request_no: int, *, yes: bool = True) -> None:
        payload = answer_payload(request_no, yes=yes)
        await self.linking.hear("max", Pressed(AccountId(account), f"press {next(self.numbers)}", payload))

    async def start(self, account: str, payload: str) -> None:
        await self.linking.hear("max", BotStarted(f"start {next(self.numbers)}", AccountId(account), payload))

    async def share(self, account: str, phone: str) -> None:
        await self.linking.hear("max", Contact(f"contact {next(self.numbers)}", AccountId(account), phone))

    async def account(self, person: str = ANNA, provider: str = "max") -> str | None:
        """The account that the registry knows."""
        views = await self.linking.means.registry.people.accounts(PersonId(person), None) or ()
        return next((view.external_user_id for view in views if view.provider == provider), None)


@pytest.fixture
async def school(road: Road) -> School:
    made = School(road)
    await made.found()
    return made
