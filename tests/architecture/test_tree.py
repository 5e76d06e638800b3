"""What lies in the tree: files that a person can read, nothing that came from somewhere else."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from tools.setup import ROOT, SOURCE

LINES = 450
STYLESHEET_LINES = 600  # flat lists of rules: long, not deep
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
# Code that is read, and the pictures of the documentation. Everything else comes from registries.
ALLOWED_SUFFIXES = {
    "", ".py", ".md", ".toml", ".lock", ".yml", ".yaml", ".json", ".html", ".txt", ".css", ".js",
    ".mjs", ".po", ".svg", ".sh", ".csv", ".sql", ".xml", ".typed",
}  # fmt: skip
PICTURES = {".png": 600_000, ".jpg": 600_000, ".webp": 600_000}
LARGEST = 150_000
GENERATED = {
    "uv.lock",
    "assets/package-lock.json",
    "docs/reference/openapi.json",
    "docs/reference/released/0.1.0.json",
}


def committed_files() -> list[str]:
    """Paths under version control, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is nothing to compare with")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def test_no_file_is_longer_than_a_person_keeps_in_mind() -> None:
    long = {
        name: lines
        for name in committed_files()
        if name.endswith((".py", ".js", ".mjs", ".html", ".css")) and "/migrations/" not in name
        if (lines := len((ROOT / name).read_text("utf-8").splitlines()))
        > (STYLESHEET_LINES if name.endswith(".css") else LINES)
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_names = [
        name
        for name in committed_files()
        if name.endswith(".py") and BANNED_NAMES & set(Path(name).with_suffix("").parts)
    ]
    assert empty_names == []


def test_nothing_from_elsewhere_is_committed() -> None:
    foreign = []
    for name in committed_files():
        suffix, size = Path(name).suffix.lower(), (ROOT / name).stat().st_size
        if suffix in PICTURES:
            is_right = name.startswith("docs/") and size <= PICTURES[suffix]
        else:
            is_right = suffix in ALLOWED_SUFFIXES and (size <= LARGEST or name in GENERATED)
        is_minified = ".min." in name or "node_modules" in name or "/vendor/" in name
        if is_minified or not is_right:
            foreign.append(f"{name} ({size} bytes)")
    assert foreign == []


def apps() -> list[Path]:
    """The folders that are apps: they have models, services or pages."""
    floors = ("kernel", "world", "value", "understanding", "engagement", "review", "surfaces")
    return sorted(
        folder
        for floor in floors
        for folder in (SOURCE / floor).glob("*/")
        if (folder / "__init__.py").exists() and folder.name != "tests"
    )


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_an_app_says_what_it_owns(app: Path) -> None:
    readme = app / "README.md"
    assert readme.exists()
    assert 3 < len(readme.read_text("utf-8").splitlines()) <= 120


# Functions in a `services.py` that act for nobody in particular, with the reason.
WITHOUT_ACTOR = {
    "add_to_store_days": "a part of recording, whose facts carry the actor",
    "drop_erased": "a part of erasing a member, which says who asked for it",
    "drop_pending_returns": "a part of recording: the return itself carries the actor",
    "keep_pending_returns": "a part of recording: what waits has happened to nobody yet",
    "mark_pending_return": "a part of recording: says why a return still waits",
    "name_receipt": "a part of naming a member, which leaves the audit entry",
    "prune": "a part of keeping periods, which says what was deleted",
    "replace_paper": "a part of recording, whose event says what the till told",
    "reset_password": "the token in the mail says who acts",
    "send_reset_link": "asked for by somebody who is not signed in",
    "shift_store_days": "a part of naming and meeting, which leave their audit entries",
}


def test_a_service_says_who_acts_and_takes_keywords() -> None:
    """Above the kernel, writes take an actor, and at most what they are about by position."""
    wrong = []
    for path in sorted(SOURCE.glob("[!k]*/*/services.py")):
        for function in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            names = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
            has_actor = "actor" in names or function.name in WITHOUT_ACTOR
            if not has_actor or len(function.args.args) > 2:
                wrong.append(f"{path.relative_to(SOURCE)}: {function.name}")
    assert wrong == []
