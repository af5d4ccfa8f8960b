"""Groups with more students than one event can list."""

from __future__ import annotations

import json

from adapters.packages.facts.reading import Reading
from adapters.packages.findings import NOWHERE
from sync.facts import GROUP_ROSTER, GroupRoster

LARGEST_LIST = 60_000  # bytes of JSON: an event has 65,536 at most, and the rest of one at most 5,000


def leave_out_large_groups(reading: Reading) -> None:
    """Leaves a group's students as they were where their list makes an event larger than the event contract takes.

    A part of the list would say that the others are not in the group.
    """
    rosters = reading.snapshot.of(GROUP_ROSTER)
    for key in [key for key, stated in rosters.entries() if _is_large(stated.value)]:
        place = reading.roster.section_rows.get(key[1], NOWHERE)
        reading.findings.add("group_too_large", "a group whose event has 64 KiB at most", place)
        del rosters[key]


def _is_large(roster: GroupRoster) -> bool:
    return len(json.dumps(roster.student_ids, ensure_ascii=False).encode()) > LARGEST_LIST
