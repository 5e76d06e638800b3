"""The documentation's links lead somewhere and its reference says what the code does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import openapi
from tools.setup import ROOT

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
DOCUMENTS = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("README.md"),
    ]
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in LINK.findall(document.read_text("utf-8")):
        path, _hash, anchor = target.partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        there = (document.parent / path).resolve() if path else document
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def anchors(document: Path) -> set[str]:
    """The anchors of a page's headings, as MkDocs and code hosts make them."""
    headings = re.findall(r"^#+\s+(.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-") for text in headings}


def test_the_reference_says_what_the_code_does() -> None:
    # In a process of its own: tests of the command line add commands to the one in here.
    command = [sys.executable, "-m", "tools.reference", "check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_api_is_the_agreed_one() -> None:
    kept = json.loads(openapi.SNAPSHOT.read_text("utf-8"))
    assert openapi.differences(kept, openapi.live_document()) == []


def test_every_difference_of_two_api_documents_is_named() -> None:
    kept = {"paths": {"/a": {"get": 1}, "/b": 2}}
    live = {"paths": {"/a": {"get": 3}, "/c": 2}}
    assert openapi.differences(kept, live) == [
        "/paths/~a/get: changed".replace("~a", "/a"),
        "/paths//b: gone",
        "/paths//c: new",
    ]


@pytest.mark.parametrize(
    "record", sorted((ROOT / "docs" / "adr").glob("0*.md")), ids=lambda p: p.stem
)
def test_a_decision_keeps_what_was_rejected(record: Path) -> None:
    text = record.read_text("utf-8")
    assert "## Decision" in text
    assert "## Rejected" in text
    assert len(text.split()) < 700
