"""What is published about people's accounts on the chat platforms."""

from __future__ import annotations

from typing import Literal

from schemas.envelope import Data, Event
from schemas.text import AccountId, Id

Provider = Literal["max", "vk_id"]

NOT_A_PERSONS = "Input should be a person's account, not the service's own"


class LinkData(Data):
    person_id: Id
    provider: Provider
    external_user_id: AccountId


class ProviderData(Data):
    person_id: Id
    provider: Provider


class AccountLinked(Event):
    type: Literal["account.linked.v1"]
    data: LinkData


class LinkDeclined(Event):
    type: Literal["account.link_declined.v1"]
    data: ProviderData


class AccountUnlinked(Event):
    type: Literal["account.unlinked.v1"]
    data: ProviderData
