"""All that is done about accounts, in one hand: whoever shows pages, hears the bot or supports people calls this.

A phone as it was typed goes in; none ever comes out but to be shown. Everything may be called again: what was done
already is not done twice. All of it raises StoreUnavailable, and what says an event raises TopicsUnavailable, too
(both retriable).
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.ids import OrganisationId, PersonId
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
)
from sync.ports.identity import BotDeed


@dataclass(frozen=True, slots=True)
class Linking:
    """What people do about their accounts. `provider` is `max` or `vk_id`."""

    async def standing(self, person_id: PersonId, organisation_id: OrganisationId, provider: str) -> Standing:
        """Where the person stands in this school; asks no platform."""
        raise NotImplementedError

    async def ask_confirmation(self, visitor: Visitor, typed: str) -> Asked:
        """Asks, in MAX, whoever has this number. Whatever it comes to, but for a wrong format, takes the same time."""
        raise NotImplementedError

    async def send_code(self, visitor: Visitor, typed: str) -> CodeAsked:
        """Sends a code to this number, or to whoever proves to have it; another number than before starts anew."""
        raise NotImplementedError

    async def resend_code(self, visitor: Visitor) -> CodeAgain:
        """Sends another code to the number that the last one went to."""
        raise NotImplementedError

    async def check_code(self, visitor: Visitor, code: str) -> CodeChecked:
        """Links by the code, if it is the right one. Spaces in it do not matter."""
        raise NotImplementedError

    async def begin_vk_id(self, visitor: Visitor, *, another: bool = False) -> str:
        """The address to send the browser to, for this session alone; what it had begun before is void.

        `another`: whoever is signed in at VK ID has to sign in anew. Raises ValueError: no VK ID is set up.
        """
        raise NotImplementedError

    async def end_vk_id(self, visitor: Visitor, state: str, code: str | None, device_id: str | None) -> SignedIn:
        """What the browser came back with; no `code`: the person did not want to. Links nothing."""
        raise NotImplementedError

    async def candidate(self, visitor: Visitor) -> SignedIn:
        """Whose VK ID waits for «Привязать» in this session; Stale: nobody's."""
        raise NotImplementedError

    async def confirm_vk_id(self, visitor: Visitor) -> Confirmed:
        """«Привязать»: links the account that waits in this session."""
        raise NotImplementedError

    async def cancel_vk_id(self, visitor: Visitor) -> None:
        """«Отмена», closing, going back: nothing of it is left."""
        raise NotImplementedError

    async def unlink(self, person_id: PersonId, provider: str) -> Ended:
        """«Отвязать»; the phone is forgotten."""
        raise NotImplementedError

    async def hear(self, token: str, deed: BotDeed) -> None:
        """What somebody did in the bot of the platform account `token`. Raises PlatformError: tell it again."""
        raise NotImplementedError
