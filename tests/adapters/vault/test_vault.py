"""The vault: what is sealed opens for its owner, by its key, and for nothing else."""

from __future__ import annotations

from adapters.vault import SecretVault, derived
from sync.linking.sealed import Sealed

FORMER, PRESENT, STRANGER = ("a" * 32, "b" * 32, "c" * 32)
PHONE = "+79001234567"


def test_a_phone_opens_for_its_owner_and_for_nobody_else() -> None:
    vault = SecretVault([PRESENT])
    sealed = vault.seal_phone(PHONE, "anna")
    assert vault.open_phone(sealed, "anna") == PHONE
    assert vault.open_phone(sealed, "boris") is None
    assert SecretVault([STRANGER]).open_phone(sealed, "anna") is None
    assert PHONE.encode() not in sealed.sealed.box


def test_equal_phones_look_different_and_have_one_digest() -> None:
    vault = SecretVault([PRESENT])
    one, other = vault.seal_phone(PHONE, "anna"), vault.seal_phone(PHONE, "anna")
    assert one.sealed.box != other.sealed.box
    assert one.digest == other.digest
    assert vault.is_phone(PHONE, one)
    assert not vault.is_phone("+79001234568", one)


def test_what_was_altered_does_not_open() -> None:
    vault = SecretVault([PRESENT])
    sealed = vault.seal("text", "about")
    for at in (0, 12, len(sealed.box) - 1):
        box = bytearray(sealed.box)
        box[at] ^= 1
        assert vault.open(Sealed(sealed.key_id, bytes(box)), "about") is None
    assert vault.open(Sealed(sealed.key_id, b""), "about") is None


def test_a_former_key_opens_and_compares_and_a_turned_phone_needs_it_no_more() -> None:
    before, both, after = SecretVault([FORMER]), SecretVault([PRESENT, FORMER]), SecretVault([PRESENT])
    sealed = before.seal_phone(PHONE, "anna")
    assert both.open_phone(sealed, "anna") == PHONE
    assert both.is_phone(PHONE, sealed)
    assert sealed.digest in both.phone_digests(PHONE)
    turned = both.turned(sealed, "anna")
    assert turned is not None
    assert (after.open_phone(turned, "anna"), after.is_phone(PHONE, turned)) == (PHONE, True)
    assert after.turned(sealed, "anna") is None


def test_one_text_about_different_things_has_different_digests() -> None:
    vault = SecretVault([PRESENT])
    assert vault.digest("123456", "code 1") != vault.digest("123456", "code 2")
    assert vault.matches("123456", "code 1", vault.digest("123456", "code 1"))
    assert not vault.matches("123456", "code 2", vault.digest("123456", "code 1"))
    assert not vault.matches("123456", "code 1", "")


def test_keys_tell_nothing_of_each_other() -> None:
    assert len({derived(PRESENT, purpose) for purpose in ("key id", "sealing", "hashing")}) == 3


def test_nothing_secret_is_shown() -> None:
    vault = SecretVault([PRESENT])
    shown = repr([vault._keys, vault.seal_phone(PHONE, "anna"), vault.seal("text", "about")])
    assert PRESENT not in shown
    assert vault.seal_phone(PHONE, "anna").digest not in shown
