"""`rollcall issuers`: who may sign people in, added, shown and ended; what is wrong is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from typer.testing import CliRunner, Result

from rollcall.cli import application
from rollcall.output import Exit, Failed

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", f"sqlite:///{tmp_path / 'rollcall.db'}")
    monkeypatch.setenv("ROLLCALL_PUBLIC_URL", "https://chats.test/")

    def issuers(*arguments: str) -> Result:
        given = ["issuers", *arguments]
        return CliRunner().invoke(application(given), given)

    return issuers


@pytest.fixture
def key(tmp_path: Path) -> str:
    return _write(tmp_path / "sis.pem", Ed25519PrivateKey.generate().public_key())


def _write(path: Path, public: object) -> str:
    path.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))  # type: ignore[attr-defined]
    return str(path)


def added(run: Run, key: str, *more: str) -> Result:
    return run("add", "sis", "--public-key", key, "--origin", "https://dnevnik.test/", "--product", "mesh", *more)


def test_it_is_added_shown_replaced_and_removed(run: Run, key: str) -> None:
    told = added(run, key, "--region", "RU-MOS", "--organisation", "s1")
    assert (told.exit_code, "people come in at https://chats.test/enter" in told.stderr) == (0, True)
    [shown] = json.loads(run("list", "--json").stdout)
    assert {name: shown[name] for name in ("iss", "product", "region", "origins", "organisations")} == {
        "iss": "sis", "product": "mesh", "region": "RU-MOS", "origins": ["https://dnevnik.test"],
        "organisations": ["s1"],
    }  # fmt: skip
    assert "replaced" in added(run, key).stderr
    assert run("remove", "sis").exit_code == 0
    assert json.loads(run("list", "--json").stdout) == []
    assert isinstance(run("remove", "sis").exception, Exception)


def test_where_no_page_answers_it_says_so(run: Run, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for public_url in ("", "https://chats.test/path"):
        monkeypatch.setenv("ROLLCALL_PUBLIC_URL", public_url)
        assert "no page answers yet" in added(run, key).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--product", "unheard-of", "--origin", "https://a.test"),
        ("--product", "bars", "--origin", "dnevnik.test"),
        ("--product", "bars", "--origin", "javascript:alert(1)"),
    ],
)
def test_what_is_wrong_is_refused(run: Run, key: str, arguments: tuple[str, ...]) -> None:
    refused = run("add", "sis", "--public-key", key, *arguments).exception
    assert isinstance(refused, Failed)
    assert refused.code is Exit.WRONG_USAGE


def test_only_a_public_key_of_ed25519_is_taken(run: Run, tmp_path: Path) -> None:
    other = _write(tmp_path / "other.pem", generate_private_key(SECP256R1()).public_key())
    private = tmp_path / "private.pem"
    private.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for wrong in (other, str(private), str(tmp_path / "none.pem")):
        assert added(run, wrong).exit_code == 1
    assert json.loads(run("list", "--json").stdout) == []
