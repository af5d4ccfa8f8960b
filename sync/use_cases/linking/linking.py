"""All that is done about accounts, in one hand: whoever shows pages, hears the bot or supports people calls this.

A phone as it was typed goes in; none ever comes out but to be shown. Everything may be called again: what was done
already is not done twice. All of it raises StoreUnavailable, and what says an event raises TopicsUnavailable, too
(both retriable).
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from sync.ids import OrganisationId, PersonId
from sync.linking.limits import pause_s
from sync.linking.outcomes import (
    Asked,
    CodeAgain,
    CodeAsked,
    CodeChecked,
    Confirmed,
    Ended,
    SignedIn,
    Standing,
    Visitor,
    WrongFormat,
)
from sync.ports.identity import BotDeed
from sync.ports.linking import FOR_ITSELF, Speaker
from sync.use_cases.linking import bot, codes, confirming, signing_in, standings, unlinking
from sync.use_cases.linking.means import Means

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Linking:
    """What people do about their accounts. `provider` is `max` or `vk_id`."""

    means: Means

    async def standing(self, person_id: PersonId, organisation_id: OrganisationId, provider: str) -> Standing:
        """Where the person stands in this school; asks no platform."""
        return await standings.standing(self.means, person_id, organisation_id, provider)

    async def ask_confirmation(self, visitor: Visitor, typed: str) -> Asked:
        """Asks, in MAX, whoever has this number. Whatever it comes to, but for a wrong format, takes the same time."""
        return await self._in_the_same_time(confirming.ask_confirmation(self.means, visitor, typed))

    async def send_code(self, visitor: Visitor, typed: str) -> CodeAsked:
        """Sends a code to this number, or to whoever proves to have it; another number than before starts anew."""
        return await self._in_the_same_time(codes.send_code(self.means, visitor, typed))

    async def resend_code(self, visitor: Visitor) -> CodeAgain:
        """Sends another code to the number that the last one went to. Tries are counted on."""
        return await codes.resend_code(self.means, visitor)

    async def check_code(self, visitor: Visitor, code: str) -> CodeChecked:
        """Links by the code, if it is the right one. Spaces in it do not matter."""
        return await codes.check_code(self.means, visitor, code)

    async def begin_vk_id(self, visitor: Visitor, *, another: bool = False) -> str:
        """The address to send the browser to, for this session alone; what it had begun before is void.

        `another`: whoever is signed in at VK ID has to sign in anew. Raises ValueError: no VK ID is set up.
        """
        return await signing_in.begin_vk_id(self.means, visitor, another=another)

    async def end_vk_id(self, visitor: Visitor, state: str, code: str | None, device_id: str | None) -> SignedIn:
        """What the browser came back with; no `code`: the person did not want to. Links nothing."""
        return await signing_in.end_vk_id(self.means, visitor, state, code, device_id)

    async def candidate(self, visitor: Visitor) -> SignedIn:
        """Whose VK ID waits for «Привязать» in this session; Stale: nobody's."""
        return await signing_in.candidate(self.means, visitor)

    async def confirm_vk_id(self, visitor: Visitor) -> Confirmed:
        """«Привязать»: links the account that waits in this session."""
        return await signing_in.confirm_vk_id(self.means, visitor)

    async def cancel_vk_id(self, visitor: Visitor) -> None:
        """«Отмена», closing, going back: nothing of it is left."""
        await signing_in.cancel_vk_id(self.means, visitor)

    async def unlink(self, person_id: PersonId, provider: str, by: Speaker = FOR_ITSELF) -> Ended:
        """«Отвязать»; the phone is forgotten."""
        return await unlinking.unlink(self.means, person_id, provider, by)

    async def hear(self, token: str, deed: BotDeed) -> None:
        """What somebody did in the bot of the platform account `token`. Raises PlatformError: tell it again."""
        messenger = self.means.messengers.of(token)
        if messenger is not None:
            await bot.hear(self.means, messenger, deed)

    async def _in_the_same_time(self, answer: Coroutine[Any, Any, Outcome]) -> Outcome:
        """How long it takes tells nothing of the number; a wrong format went nowhere."""
        clock = self.means.clock
        begun_s = clock.monotonic()
        outcome = await answer
        if not isinstance(outcome, WrongFormat):
            await clock.sleep(pause_s(clock.monotonic() - begun_s))
        return outcome
