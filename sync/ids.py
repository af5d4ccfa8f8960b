"""Ids and numbers, each a type of its own, so that mypy catches one passed for another."""

from __future__ import annotations

from typing import NewType

OrganisationId = NewType("OrganisationId", str)
PersonId = NewType("PersonId", str)
"""A student, a guardian or an employee, as the school's own systems call them."""

NO_PERSON = PersonId("")

ClassId = NewType("ClassId", str)
GroupId = NewType("GroupId", str)
ChatId = NewType("ChatId", str)
"""A chat of a school, by hand or derived (`sync/chats.py`); what the platform calls its rooms is an `external_chat_id`.

Classes, groups and chats belong to their school: the same id in two schools is two things.
"""

AccountId = NewType("AccountId", str)
"""A user of a platform, as the platform calls them; `NOBODY` where a person has none."""

RoomNo = NewType("RoomNo", int)
EventNo = NewType("EventNo", int)
"""The number of an event in order of receipt, from 1."""

HoldNo = NewType("HoldNo", int)

NO_EVENT = EventNo(0)
