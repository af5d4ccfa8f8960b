"""The contract's documents under the linters that others look at them with, by the rules that those recommend.

They are installed from npm into a folder of the test's own; without node, npm and the registry this fails, and says so.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from schemas.asyncapi import export_asyncapi
from schemas.export import export_schemas
from tests.clients.test_official_clients import output
from tests.web.documented import documented

LINTERS = ("@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3")
RULES = {
    "redocly.yaml": "extends: [recommended]\n",
    ".spectral.yaml": 'extends: ["spectral:oas", "spectral:asyncapi"]\n',
}
# Who answers for a server is a person of whoever operates it: no address is ours to give.
NOT_OURS = {"asyncapi-info-contact-properties"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("linters")
    for name, rules in RULES.items():
        (home / name).write_text(rules)
    (home / "openapi.json").write_text(json.dumps(documented(), ensure_ascii=False))
    export_schemas(home)
    export_asyncapi(home)
    return home


async def installed(home: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.fail("the linters from npm need node and npm on the PATH")
    quick = ("--no-fund", "--no-audit", "--ignore-scripts", "--fetch-retries=1")
    await output(npm, "install", "--prefix", home, *quick, *LINTERS, needs="This test needs the npm registry.")
    return home / "node_modules" / ".bin"


async def test_the_documents_are_as_linters_recommend(home: Path) -> None:
    tools = await installed(home)
    linted = await output(
        tools / "redocly", "lint", "--config", home / "redocly.yaml", home / "openapi.json", "--format", "json"
    )
    assert json.loads(linted)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}
    for document in (home / "openapi.json", home / "asyncapi" / "asyncapi.json"):
        told = home / "told.json"
        quiet = ("--quiet", "--format", "json", "--output", told)
        await output(tools / "spectral", "lint", "--ruleset", home / ".spectral.yaml", *quiet, document)
        found = {each["code"] for each in json.loads(told.read_text()) if each["severity"] < 2}
        assert found - NOT_OURS == set(), document.name
