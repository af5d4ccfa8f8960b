"""Places: who is wanted and observed where; removals that guards count, their limits, and holds."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Day, Instant, Json, Number

places = Table(
    "places",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("person_id", Code, primary_key=True),
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    # planning writes
    Column("wanted", Code, nullable=False, server_default="out"),
    Column("reasons", Json, nullable=False, server_default="[]"),
    Column("cause_no", Number, nullable=False, server_default="0"),
    Column("wanted_at", Instant),
    Column("leaving", Boolean, nullable=False, server_default=text("false")),
    Column("hold_no", Number),
    Column("rejected", Boolean, nullable=False, server_default=text("false")),
    # settling writes
    Column("observed", Code, nullable=False, server_default="out"),
    Column("refused_code", Code),
    Column("refused_for", Code),
    Column("left_at", Instant),
    Column("returned_at", Instant),  # seen where nobody wants them
    Column("answer_no", Number),
    Index("ix_places_room_no", "room_no"),
    # No index names what nearly every change of a place changes (`wanted`, `observed`): its row is updated in its page.
    *(
        Index(f"ix_places_{name}", column, postgresql_where=text(where), sqlite_where=text(where))
        for name, column, where in (
            ("waiting", "organisation_id", "account = ''"),
            ("held", "room_no", "hold_no IS NOT NULL"),
            ("hold_no", "hold_no", "hold_no IS NOT NULL"),
            ("refused", "room_no", "refused_for IS NOT NULL"),
            ("returned", "room_no", "returned_at IS NOT NULL"),
        )
    ),
    postgresql_with={"fillfactor": 75},
)

removals = Table(
    "removals",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("room_no", Number, primary_key=True),
    Column("person_id", Code, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kinds", Json, nullable=False, server_default="[]"),  # staff, students, guardians
)

# Other limits of guards than the settings': of a school ('' is all of them), for a span of days, both ends included.
guard_limits = Table(
    "guard_limits",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("from_on", Day, primary_key=True),
    Column("to_on", Day, primary_key=True),
    Column("limits", Json, nullable=False),
    Column("set_by", Code, nullable=False),
    Column("set_at", Instant, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("hold_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("limit_hit", Code, nullable=False),
    Column("persons", Number, nullable=False),
    Column("plan", Json, nullable=False),
    Column("state", Code, nullable=False, server_default="held"),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("decided_by", Code),
    Column("decided_at", Instant),
    Column("why", Code),
    *(
        Index(f"ix_holds_{name}", *columns, postgresql_where=text(where), sqlite_where=text(where))
        for name, columns, where in (
            ("expires_at", ("expires_at",), "state = 'held'"),
            ("approved", ("organisation_id", "decided_at"), "state = 'approved'"),
        )
    ),
)
