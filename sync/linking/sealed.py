"""What is kept so that only who has the secret reads it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text, encrypted; `key_id`: by which key. It opens only for what it was sealed about."""

    key_id: str
    box: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedPhone:
    """A phone: by its digest it is found and compared, from its seal it is shown."""

    digest: str = field(repr=False)
    sealed: Sealed
