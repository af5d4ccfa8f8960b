"""What is asked of whoever has the secret: to seal, to open, and to compare without knowing."""

from __future__ import annotations

from typing import Protocol

from sync.linking.sealed import Sealed, SealedPhone


class Vault(Protocol):
    """`about` is what a text belongs to: sealed about one thing it opens about no other, and equal texts about
    different things have different digests.
    """

    def seal(self, text: str, about: str) -> Sealed: ...

    def open(self, sealed: Sealed, about: str) -> str | None:
        """None: its key is not known any more, or it is about something else."""

    def digest(self, text: str, about: str) -> str:
        """By the present key."""

    def matches(self, text: str, about: str, digest: str) -> bool:
        """By whichever key it was made; as fast whatever it is."""

    def seal_phone(self, phone: str, owner: str) -> SealedPhone:
        """`owner`: whose row it is for."""

    def open_phone(self, phone: SealedPhone, owner: str) -> str | None: ...

    def is_phone(self, phone: str, sealed: SealedPhone) -> bool: ...

    def phone_digests(self, phone: str) -> list[str]:
        """All by which the phone may be found, the present key's first."""
