"""Titles that people gave chats: kept where their school wants it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.schema import organisations
from sync.acts.looks import Look
from sync.ids import RoomNo
from sync.looks import KEEP
from sync.ports.settling import Done


async def kept(bulk: Bulk, done: Sequence[Done], rows: Mapping[RoomNo, Any]) -> dict[RoomNo, str]:
    """For rooms that a look shows to have been renamed by people, in schools that keep such titles: the wanted title
    that the people's title replaces, by room. A later renaming of the class takes effect again.
    """
    renamed = [rows[each.room.room_no] for each in done if _renamed(each, rows[each.room.room_no])]
    schools = await bulk.matching(organisations, ("organisation_id",), [(row.organisation_id,) for row in renamed])
    keeping = {row.organisation_id for row in schools if row.titles == KEEP}
    return {row.room_no: row.wanted_title for row in renamed if row.organisation_id in keeping}


def _renamed(done: Done, row: Any) -> bool:
    title = done.effects.room.get("observed_title")
    by_us = {None, row.observed_title, row.wanted_title}
    return isinstance(done.act, Look) and title not in by_us and row.observed_title is not None
