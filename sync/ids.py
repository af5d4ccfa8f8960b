"""Ids and numbers, each a type of its own: one taken for another does not pass the types."""

from __future__ import annotations

from typing import NewType

OrganisationId = NewType("OrganisationId", str)
PersonId = NewType("PersonId", str)
"""A student, a guardian or an employee, as the school's own systems call them."""

NO_PERSON = PersonId("")

AccountId = NewType("AccountId", str)
"""A user of a platform, as the platform calls them; `NOBODY` where a person has none."""

RoomNo = NewType("RoomNo", int)
EventNo = NewType("EventNo", int)
"""Counts events as they were received, from 1."""

HoldNo = NewType("HoldNo", int)

NO_EVENT = EventNo(0)
