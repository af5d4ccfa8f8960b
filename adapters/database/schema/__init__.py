"""The tables, by what they are about. What is here is what migrations make."""

from __future__ import annotations

from adapters.database.schema.access import api_tokens, audit, sources
from adapters.database.schema.entering import issuers, person_sessions, used_hand_overs
from adapters.database.schema.facts import FACTS, group_mentions
from adapters.database.schema.intake import dead_letters, heard_sources, inbox, offsets
from adapters.database.schema.linking import link_failures, link_requests, phones, sign_ins
from adapters.database.schema.metadata import metadata
from adapters.database.schema.people import (
    account_assertions,
    external_accounts,
    passed_on,
    persons,
    school_years,
    ties,
)
from adapters.database.schema.places import guard_limits, holds, places, removals
from adapters.database.schema.platforms import (
    adoption_claims,
    adoption_codes,
    clock_notes,
    hearers,
    platform_tokens,
    rate_slots,
    strangers,
    update_markers,
    updates_heard,
)
from adapters.database.schema.reconciles import reconcile_rooms, reconciles
from adapters.database.schema.rooms import calls, changes, read_backs, rooms
from adapters.database.schema.schools import affected, organisations

__all__ = [
    "FACTS",
    "account_assertions",
    "adoption_claims",
    "adoption_codes",
    "affected",
    "api_tokens",
    "audit",
    "calls",
    "changes",
    "clock_notes",
    "dead_letters",
    "external_accounts",
    "group_mentions",
    "guard_limits",
    "heard_sources",
    "hearers",
    "holds",
    "inbox",
    "issuers",
    "link_failures",
    "link_requests",
    "metadata",
    "offsets",
    "organisations",
    "passed_on",
    "person_sessions",
    "persons",
    "phones",
    "places",
    "platform_tokens",
    "rate_slots",
    "read_backs",
    "reconcile_rooms",
    "reconciles",
    "removals",
    "rooms",
    "school_years",
    "sign_ins",
    "sources",
    "strangers",
    "ties",
    "update_markers",
    "updates_heard",
    "used_hand_overs",
]
