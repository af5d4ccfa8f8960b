"""Any order of asking, pressing, declining, codes, VK ID, unlinking and time ends as the rules say."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from yarl import URL

from adapters.database.schema import phones
from adapters.database.store import Database
from sync.ids import AccountId, PersonId
from sync.linking.outcomes import CodeSent, Linked, Requested
from sync.ports.identity import VkUser
from tests.linking.conftest import ANNA, BORIS, School
from tests.linking.model import MINUTE, OWNERS, Model, Person, SignIn
from tests.road import Road, TestClock
from tests.servers.postgresql import PostgreSQL

PEOPLE = st.sampled_from([ANNA, BORIS])
PHONES = st.sampled_from([*OWNERS, "+79000000009"])
ACCOUNTS = st.sampled_from(sorted(set(OWNERS.values())))
SECONDS = st.sampled_from([1, 61, 601, 3601, 86_401])
VK_PHONE = "+79000000007"


class AnyOrder(RuleBasedStateMachine):
    """Two people of one class, two accounts in MAX, two VK IDs, and a clock."""

    fresh: Callable[[], AbstractContextManager[str]]

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), ExitStack()
        self.model = Model({ANNA: Person(), BORIS: Person()})
        self.states: dict[str, str] = {}
        self.signed, self.candidates = 0, dict[str, str]()
        self.codes: dict[str, str] = {}

    @initialize()
    def begins(self) -> None:
        self.clock = TestClock()
        self.database = Database(self.stack.enter_context(type(self).fresh()), clock=self.clock.of_database)
        self.school = School(Road(self.database, self.clock))
        self.school.bot.numbers.update(OWNERS)
        self.run(self.school.found())

    def run(self, awaited: Any) -> Any:
        return self.runner.run(awaited)

    def at(self) -> Any:
        """A moment later: no two things are of one instant."""
        self.clock.turn(seconds=0.001)
        return self.clock.now()

    @rule(seconds=SECONDS)
    def passes(self, seconds: int) -> None:
        self.clock.turn(seconds=seconds)

    @rule(person=PEOPLE, phone=PHONES)
    def asks(self, person: PersonId, phone: str) -> None:
        now, sent = self.at(), len(self.school.bot.asked)
        outcome = self.run(self.school.linking.ask_confirmation(self.school.visitor(person), phone))
        assert type(outcome).__name__ == self.model.ask(person, "request", phone, now)
        assert (len(self.school.bot.asked) > sent) == isinstance(outcome, Requested)
        if isinstance(outcome, Requested):
            asked, number = self.model.people[person].asked, self.school.bot.asked[-1][2]
            assert asked is not None
            assert asked.number in {0, number}
            asked.number = number

    @rule(person=PEOPLE, account=ACCOUNTS, yes=st.booleans(), old=st.booleans())
    def presses(self, person: PersonId, account: str, yes: bool, old: bool) -> None:
        """The person's last question, or the first there ever was; whoever presses."""
        asked, now = self.model.people[person].asked, self.at()
        number = self.school.bot.asked[0][2] if old and self.school.bot.asked else asked.number if asked else 0
        self.run(self.school.press(account, number, yes=yes))
        whose = next((who for who, of in self.model.people.items() if of.asked and of.asked.number == number), None)
        if number and whose is not None:
            self.model.press(whose, account, now, yes=yes)

    @rule(person=PEOPLE, phone=st.sampled_from(sorted(OWNERS)))
    def sends_code(self, person: PersonId, phone: str) -> None:
        now = self.at()
        outcome = self.run(self.school.linking.send_code(self.school.visitor(person), phone))
        assert type(outcome).__name__ == self.model.ask(person, "code", phone, now)
        self._was_sent(person, outcome)

    @rule(person=PEOPLE)
    def sends_again(self, person: PersonId) -> None:
        now = self.at()
        outcome = self.run(self.school.linking.resend_code(self.school.visitor(person)))
        assert type(outcome).__name__ == self.model.again(person, now)
        self._was_sent(person, outcome)

    def _was_sent(self, person: PersonId, outcome: object) -> None:
        if isinstance(outcome, CodeSent):
            self.codes[person] = list(self.school.bot.codes.values())[-1][1]

    @rule(person=PEOPLE, right=st.booleans())
    def types_code(self, person: PersonId, right: bool) -> None:
        """The last one that was sent for this person, or another: another person's is as wrong as any."""
        now, code = self.at(), self.codes.get(person, "000000") if right else "000000"
        outcome = self.run(self.school.linking.check_code(self.school.visitor(person), code))
        assert type(outcome).__name__ == self.model.check(person, now, right=code != "000000")

    @rule(person=PEOPLE)
    def goes_to_vk_id(self, person: PersonId) -> None:
        now = self.at()
        url = self.run(self.school.linking.begin_vk_id(self.school.visitor(person)))
        self.states[person] = URL(url).query["state"]
        self.model.people[person].sign_in = SignIn(now)

    @rule(person=PEOPLE, by=PEOPLE, account=ACCOUNTS)
    def comes_back(self, person: PersonId, by: PersonId, account: str) -> None:
        """With the state that one of the two was given."""
        self.signed, now = self.signed + 1, self.at()
        self.school.vk_id.users[f"code {self.signed}"] = VkUser(AccountId(account), "Анна", "И", VK_PHONE)
        state, visitor = self.states.get(by, "none"), self.school.visitor(person)
        outcome = self.run(self.school.linking.end_vk_id(visitor, state, f"code {self.signed}", "device"))
        of = self.model.people[person]
        begun = of.sign_in is not None and not of.sign_in.shown and now < of.sign_in.since + 10 * MINUTE
        right = begun and self.states.get(person) == state
        assert type(outcome).__name__ == ("Candidate" if right else "Stale")
        of.sign_in = SignIn(now, shown=True) if right else None
        if right:
            self.candidates[person] = account

    @rule(person=PEOPLE)
    def confirms(self, person: PersonId) -> None:
        now, of = self.at(), self.model.people[person]
        outcome = self.run(self.school.linking.confirm_vk_id(self.school.visitor(person)))
        shown = of.sign_in is not None and of.sign_in.shown and now < of.sign_in.since + 10 * MINUTE
        wanted = self.model.link(person, "vk_id", self.candidates[person], now) if shown else "Stale"
        assert type(outcome).__name__ == wanted
        if shown:
            of.sign_in = None

    @rule(person=PEOPLE)
    def cancels(self, person: PersonId) -> None:
        self.run(self.school.linking.cancel_vk_id(self.school.visitor(person)))
        self.model.people[person].sign_in = None

    @rule(person=PEOPLE, provider=st.sampled_from(["max", "vk_id"]))
    def unlinks(self, person: PersonId, provider: str) -> None:
        self.at()
        outcome = self.run(self.school.linking.unlink(person, provider))
        assert type(outcome).__name__ == self.model.unlink(person, provider)

    @rule(person=PEOPLE)
    def is_unlinked_by_the_school(self, person: PersonId) -> None:
        self.at()
        self.run(self.school.sis_links(person, None))
        self.model.links.pop((person, "max"), None)
        self.model.forget(person, "max", all_of_it=False)

    @invariant()
    def everybody_stands_where_the_rules_say(self) -> None:
        if not hasattr(self, "school"):
            return
        for person, provider in itertools.product((ANNA, BORIS), ("max", "vk_id")):
            step = self.run(self.school.step(person, provider))
            assert type(step).__name__ == self.model.step(person, provider, self.clock.now()), (person, provider)
            account, _ = self.model.links.get((person, provider), (None, None))
            assert self.run(self.school.account(person, provider)) == account
            if isinstance(step, Linked):
                of_max = {account: phone for phone, account in OWNERS.items()}
                assert step.phone == (of_max[step.account] if provider == "max" else VK_PHONE)
        assert self.run(self._with_phones()) == set(self.model.links)

    async def _with_phones(self) -> set[tuple[str, str]]:
        async with self.database.reading() as connection:
            return {tuple(row) for row in await connection.execute(select(phones.c.person_id, phones.c.provider))}

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.run(self.database.close())
        self.runner.close()
        self.stack.close()


def tried(fresh: Callable[[], AbstractContextManager[str]], share: float) -> None:
    class Here(AnyOrder):
        pass

    Here.fresh = staticmethod(fresh)
    profile = settings.get_profile(settings.get_current_profile_name())
    examples = max(1, round(share * profile.max_examples))
    several = settings(
        profile, max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Here, settings=several)


def test_any_order_ends_as_the_rules_say(prepared_sqlite: Path) -> None:
    @contextmanager
    def fresh() -> Iterator[str]:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{shutil.copy(prepared_sqlite, folder)}"

    tried(fresh, 0.3)


def test_and_so_it_does_on_postgresql(postgresql: PostgreSQL) -> None:
    numbers = itertools.count(1)

    @contextmanager
    def fresh() -> Iterator[str]:
        name = f"any_order_{next(numbers)}"
        yield postgresql.make_database(name, "prepared")
        postgresql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    tried(fresh, 0.05)
