"""L5 and L6 over a world that does as it likes: people come, go, are promoted and demoted by hand, chats are renamed,
deleted, filled up, the bot loses its rights, answers lie, workers die, and the rate is whatever it is; and events flow.
In the end the platform shows what is desired, save what is named; and there is no state without a next step.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from adapters.simulator.entities import Refused
from adapters.simulator.ground import ALL_PERMISSIONS
from sync.ids import OrganisationId
from tests.laws.by_hand.at_rest import AtRest
from tests.laws.by_hand.deeds import Deeds
from tests.laws.by_hand.founded import SCHOOLS, Founded, founded
from tests.laws.by_hand.ground import an_admin
from tests.laws.by_hand.ills import Ills
from tests.laws.by_hand.life import Life
from tests.laws.by_hand.school import LivingSchool
from tests.servers.postgresql import PostgreSQL


class ByHand(Life, Deeds, Ills):
    gives_back = False

    @initialize(gives_back=st.booleans())
    def a_person_sees_to_it_in_the_end(self, gives_back: bool) -> None:
        self.gives_back = gives_back

    def teardown(self) -> None:
        try:
            if self.begun is not None:
                self.run(self._comes_to_rest(self.begun))
        finally:
            if self.begun is not None:
                self.run(self.begun.database.close())
            self.runner.close()
            self.stack.close()

    async def _comes_to_rest(self, school: LivingSchool) -> None:
        """Deeds and ills are over; a night passes, in which what was refused is asked for again."""
        try:
            self.nature.heals()
            if self.gives_back:
                self._gives_back(school.clock.now())
            await school.stops()
            await asyncio.sleep(30)
            if self.hears:
                await school.hear(self.world.updates)
            await school.rests()
            await school.night()
            await school.rests()
            for school_id in SCHOOLS:
                await AtRest(OrganisationId(school_id), school, self.told, self.left, self.titled).check()
        finally:
            await school.stops()

    def _gives_back(self, at: Any) -> None:
        """All rights in all chats, and all seats."""
        self.nature.full.clear()
        for chat in self.world.chats.values():
            self.world.set_rights(chat.chat_id, lost=False, at=at)
            with suppress(Refused):
                self.world.put_service(chat.chat_id, an_admin(chat), ALL_PERMISSIONS, at)


def tried(founded_school: Founded, share: float) -> None:
    """On this share of the profile's examples: each is half a day of a school."""
    ByHand.founded = founded_school
    profile = settings.get_profile(settings.get_current_profile_name())
    examples = int(os.environ.get("ROLLCALL_TEST_EXAMPLES", max(1, round(share * profile.max_examples))))
    several = settings(profile, max_examples=examples, stateful_step_count=50, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(ByHand, settings=several)


def test_in_the_end_the_platform_shows_what_is_desired_save_what_is_named(
    prepared_sqlite: Path, tmp_path: Path
) -> None:
    path = tmp_path / "founded.db"
    shutil.copy(prepared_sqlite, path)

    @contextmanager
    def copied() -> Iterator[str]:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{shutil.copy(path, folder)}"

    tried(founded(f"sqlite:///{path}", copied), 0.12)


def test_and_so_it_does_on_postgresql(postgresql: PostgreSQL) -> None:
    url = postgresql.make_database("founded", "prepared")
    numbers_of_copies = count()

    @contextmanager
    def copied() -> Iterator[str]:
        name = f"founded_{next(numbers_of_copies)}"
        yield postgresql.make_database(name, "founded")
        postgresql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    tried(founded(url, copied), 0.04)
    postgresql.execute('DROP DATABASE "founded" WITH (FORCE)')
