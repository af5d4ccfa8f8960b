"""How people link accounts: requests and codes, numbers that did not match, sign-ins, and the phones of accounts."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Bytes, Code, Instant, Json, Number

# One row a person who ever asked: when numbers were tried, and the request that there is; without a `request_no` there
# is none. What is encrypted names its key.
link_requests = Table(
    "link_requests",
    metadata,
    Column("person_id", Code, primary_key=True),
    Column("tried", Json, nullable=False, server_default="[]"),  # microseconds since 1970
    Column("kept_until", Instant, nullable=False),
    Column("request_no", Number),
    Column("organisation_id", Code),
    Column("issuer", Code),
    Column("way", Code),
    Column("phase", Code),
    Column("phone_digest", Code),
    Column("key_id", Code),
    Column("phone", Bytes),
    Column("start", Code),
    Column("asked_at", Instant),
    Column("account", Code),
    Column("code", Json),
    Index("ix_link_requests_request_no", "request_no", unique=True),
    Index("ix_link_requests_start", "start"),
    Index("ix_link_requests_account", "account", postgresql_where=text("account IS NOT NULL")),
    Index("ix_link_requests_kept_until", "kept_until"),
)

# When numbers did not match, by the system that signed people in: some twenty instants each.
link_failures = Table(
    "link_failures",
    metadata,
    Column("issuer", Code, primary_key=True),
    Column("failed", Json, nullable=False, server_default="[]"),
)

# Of those accounts alone that people are linked to.
phones = Table(
    "phones",
    metadata,
    Column("person_id", Code, primary_key=True),
    Column("provider", Code, primary_key=True),
    Column("account", Code, nullable=False),
    Column("phone_digest", Code, nullable=False),
    Column("key_id", Code, nullable=False),
    Column("phone", Bytes, nullable=False),
    Index("ix_phones_phone_digest", "phone_digest"),
)

# Sign-ins at VK ID, by the digest of the session that each is bound to.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("session", Code, primary_key=True),
    Column("person_id", Code, nullable=False),
    Column("organisation_id", Code, nullable=False),
    Column("since", Instant, nullable=False),
    Column("state", Code, nullable=False),
    Column("key_id", Code, nullable=False),
    Column("secret", Bytes, nullable=False),
    Column("account", Code),
    Index("ix_sign_ins_since", "since"),
)
