"""Conversion of rows: rooms and places as planning knows them, dead letters as they came."""

from __future__ import annotations

from typing import Any

from adapters.database.types import EPOCH, MICROSECOND
from sync.guards.limits import Limits, Span
from sync.places import KeptReason, Place, Room
from sync.platform import platform_of
from sync.streams import DeadLetter, Partition


def room_of(row: Any) -> Room:
    flying = row.in_flight or {}
    unconfirmed = row.observed_life == "unknown" and row.external_chat_id is not None
    return Room(
        row.room_no,
        row.organisation_id,
        row.chat_id,
        row.life,
        row.wanted_title,
        row.wanted_life,
        row.observed_life,
        row.external_chat_id,
        archive_sent=unconfirmed or flying.get("act") == "archive",
        made_at=row.made_at,
        platform=platform_of(row.platform_token),
        takes_over=row.takes_over,
        left_for=row.left_for,
    )


def kept_reasons(stored: Any) -> tuple[KeptReason, ...]:
    return tuple(KeptReason(reason, role, cause, EPOCH + at * MICROSECOND) for reason, role, cause, at in stored)


def span_of(row: Any) -> Span:
    limits = Limits(**row.limits)
    return Span(row.organisation_id, row.from_on, row.to_on, limits, row.set_by, row.set_at)


def place_of(row: Any) -> Place:
    return Place(
        row.organisation_id,
        row.person_id,
        row.room_no,
        row.account,
        row.wanted,
        kept_reasons(row.reasons),
        row.cause_no,
        row.wanted_at,
        row.leaving,
        row.hold_no,
        row.observed,
        row.left_at,
        row.refused_for is not None,
        row.rejected,
    )


def letter_of(row: Any) -> DeadLetter:
    headers = tuple((name, None if value is None else bytes.fromhex(value)) for name, value in row.headers)
    return DeadLetter(
        Partition(row.topic, row.partition),
        row.offset,
        row.key,
        headers,
        row.body,
        row.reason,
        tuple((pointer, detail) for pointer, detail in row.errors),
        row.source,
        row.id,
        row.received_at,
    )
