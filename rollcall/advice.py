"""What to do about each thing that waits for a person, in words for an operator at night."""

from __future__ import annotations

from collections.abc import Mapping

from sync.alarms import (
    ACCOUNT_CHANGED_HANDS,
    CLOCK_JUMPED,
    LOOK_LATE,
    NO_ADMINISTRATOR,
    NO_STAFF,
    PARTITION_STOPPED,
    PLANNING_STALLED,
    PLATFORM_PAUSED,
    PLATFORM_REFUSES,
    PLATFORM_UNREACHABLE,
    REMOVAL_LATE,
    RETURNED,
    RIGHTS_LACKING,
    SOURCE_SILENT,
    STRANGER,
)
from sync.places import ARCHIVED, GONE, NEEDS_PERSON, TO_ADOPT
from sync.streams import HANDLING_FAILED

OF_COUNTS: Mapping[str, str] = {
    "held": "`rollcall holds list`, then approve or reject",
    "refused": "`rollcall explain` of a person tells why, and when it is tried next; `rollcall retry` tries at once",
    "dead_letters": "`rollcall dead-letters list`, then retry or discard",
}

OF_CHATS: Mapping[str, str] = {
    TO_ADOPT: "somebody makes the chat and hands it over (`rollcall chats adopt`)",
    NEEDS_PERSON: "an administrator of the chat gives the service's account its rights back",
    GONE: "the chat is no more: another is handed over (`rollcall chats adopt`)",
    ARCHIVED: "somebody else has closed the chat: it is opened again there",
    "strangers": "`rollcall reconcile` names the account; the school decides (`rollcall organisations set`)",
}

TO_DO: Mapping[str, str] = {
    ACCOUNT_CHANGED_HANDS: "ask the school whether both persons know of it; `rollcall explain` of who held it",
    CLOCK_JUMPED: "put the machine's clock right; where it is: `rollcall db clock --yes`, or start the process again",
    HANDLING_FAILED: "have the cause mended (`rollcall dead-letters show`), then `rollcall dead-letters retry`",
    LOOK_LATE: "is anything looking (`looks`), and does the account allow for more requests?",
    NO_ADMINISTRATOR: "the school names a homeroom teacher or chat administrator who has an account",
    NO_STAFF: "the school puts somebody of the staff into the chat",
    PARTITION_STOPPED: "mend the producer, then `rollcall dead-letters resume`",
    PLANNING_STALLED: "a fault of ours: the log's planning.stalled; it is tried again by itself",
    PLATFORM_PAUSED: "nothing: it goes on by itself; if it happens again, lower the rate",
    PLATFORM_REFUSES: "the token of the service: ROLLCALL_MAX_TOKEN, ROLLCALL_VK_TOKEN",
    PLATFORM_UNREACHABLE: "the network, the certificate, the address: ROLLCALL_MAX_CA_FILE, ROLLCALL_MAX_URL or VK_URL",
    REMOVAL_LATE: "`rollcall explain` of who is to leave; `rollcall retry` tries at once",
    RETURNED: "nothing: he is taken out; the school, if it happens again",
    RIGHTS_LACKING: "an administrator of the chat gives the service's account these rights",
    SOURCE_SILENT: "ask whoever runs the school's system whether it still sends; its next event ends this",
    STRANGER: "`rollcall reconcile` names the account; the school decides (`rollcall organisations set`)",
}
