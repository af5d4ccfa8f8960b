"""The vault: phones and other secrets under keys that are derived from one secret; AES-GCM, HMAC and HKDF by SHA-256.

A box is 12 bytes of nonce, by chance, and then what AES-GCM (256 bits) made of the text. A digest says by which key it
was made: `key id:hexadecimal`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.linking.sealed import Sealed, SealedPhone

NONCE, KEY, KEY_ID = 12, 32, 4  # bytes; NIST SP 800-38D has nonces of 96 bits

PHONE = "phone"


def derived(secret: str, purpose: str, length: int = KEY) -> bytes:
    """A key of its own for each purpose: whoever has one has none of the others."""
    return HKDF(SHA256(), length, salt=None, info=f"rollcall {purpose}".encode()).derive(secret.encode())


@dataclass(frozen=True, slots=True)
class Keys:
    """What one secret is used as."""

    id: str
    sealing: AESGCM = field(repr=False)
    hashing: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Keys:
        key_id = derived(secret, "key id", KEY_ID).hex()
        return cls(key_id, AESGCM(derived(secret, "sealing")), derived(secret, "hashing"))

    def digest(self, text: str, about: str) -> str:
        told = f"{about}\0{text}".encode()
        return f"{self.id}:{hmac.new(self.hashing, told, hashlib.sha256).hexdigest()}"


class SecretVault:
    """`secrets`: the present one, then former ones, by which what is still under them is read."""

    def __init__(self, secrets: Sequence[str], random: Callable[[int], bytes] = os.urandom) -> None:
        self._keys = [Keys.of(secret) for secret in secrets]
        self._by_id = {keys.id: keys for keys in self._keys}
        self._random = random

    @property
    def key_id(self) -> str:
        """Of the present secret."""
        return self._keys[0].id

    def seal(self, text: str, about: str) -> Sealed:
        nonce = self._random(NONCE)
        return Sealed(self.key_id, nonce + self._keys[0].sealing.encrypt(nonce, text.encode(), about.encode()))

    def open(self, sealed: Sealed, about: str) -> str | None:
        keys = self._by_id.get(sealed.key_id)
        if keys is None:
            return None
        try:
            return keys.sealing.decrypt(sealed.box[:NONCE], sealed.box[NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError):
            return None

    def digest(self, text: str, about: str) -> str:
        return self._keys[0].digest(text, about)

    def matches(self, text: str, about: str, digest: str) -> bool:
        keys = self._by_id.get(digest.partition(":")[0], self._keys[0])
        return hmac.compare_digest(keys.digest(text, about), digest)

    def seal_phone(self, phone: str, owner: str) -> SealedPhone:
        return SealedPhone(self.digest(phone, PHONE), self.seal(phone, f"{PHONE} {owner}"))

    def open_phone(self, phone: SealedPhone, owner: str) -> str | None:
        return self.open(phone.sealed, f"{PHONE} {owner}")

    def turned(self, phone: SealedPhone, owner: str) -> SealedPhone | None:
        """The same phone under the present key; None: it cannot be read."""
        opened = self.open_phone(phone, owner)
        return None if opened is None else self.seal_phone(opened, owner)

    def is_phone(self, phone: str, sealed: SealedPhone) -> bool:
        return self.matches(phone, PHONE, sealed.digest)

    def phone_digests(self, phone: str) -> list[str]:
        return [keys.digest(phone, PHONE) for keys in self._keys]
