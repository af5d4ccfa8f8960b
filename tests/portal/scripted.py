"""Linking as a test tells it to go: where somebody stands, and what each act comes to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, cast

from sync.ids import OrganisationId, PersonId
from sync.linking.outcomes import NotLinked, Standing, Step, Visitor
from sync.use_cases.linking.linking import Linking

VK_ID_URL = "https://id.vk.test/authorize?state=s"


@dataclass
class ScriptedLinking:
    """`stands` by provider; `comes_to` by the act's name; `asked` is all that was asked, the latest last."""

    stands: dict[str, Standing] = field(default_factory=lambda: defaultdict(lambda: Standing(NotLinked())))
    comes_to: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def stand(self, provider: str, step: Step, *, waiting: int = 0, elsewhere: str | None = None) -> None:
        self.stands[provider] = Standing(step, waiting, elsewhere)

    @property
    def port(self) -> Linking:
        return cast(Linking, self)

    async def standing(self, person_id: PersonId, organisation_id: OrganisationId, provider: str) -> Standing:
        return self.stands[provider]

    async def ask_confirmation(self, visitor: Visitor, typed: str) -> object:
        return self._act("ask_confirmation", visitor.person_id, typed)

    async def send_code(self, visitor: Visitor, typed: str) -> object:
        return self._act("send_code", visitor.person_id, typed)

    async def resend_code(self, visitor: Visitor) -> object:
        return self._act("resend_code", visitor.person_id)

    async def check_code(self, visitor: Visitor, code: str) -> object:
        return self._act("check_code", visitor.person_id, code)

    async def begin_vk_id(self, visitor: Visitor, *, another: bool = False) -> str:
        self._act("begin_vk_id", visitor.person_id, another)
        if "begin_vk_id" in self.comes_to:
            raise ValueError
        return VK_ID_URL

    async def end_vk_id(self, visitor: Visitor, state: str, code: str | None, device_id: str | None) -> object:
        return self._act("end_vk_id", visitor.person_id, state, code, device_id)

    async def candidate(self, visitor: Visitor) -> object:
        return self._act("candidate", visitor.person_id)

    async def confirm_vk_id(self, visitor: Visitor) -> object:
        return self._act("confirm_vk_id", visitor.person_id)

    async def cancel_vk_id(self, visitor: Visitor) -> None:
        self._act("cancel_vk_id", visitor.person_id)

    async def unlink(self, person_id: PersonId, provider: str) -> object:
        return self._act("unlink", person_id, provider)

    def _act(self, name: str, *given: object) -> object:
        self.asked.append((name, *given))
        return self.comes_to.get(name)
