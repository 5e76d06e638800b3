"""`make env` builds on the fastest Python of the right version that the PATH offers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools.interpreter import fastest, measured


def pretend(folder: Path, answer: str, name: str = "python3.11") -> str:
    """A folder for the PATH, with an interpreter in it that answers the probe so."""
    folder.mkdir()
    program = folder / name
    program.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(folder)


def path_of(*folders: str) -> str:
    return os.pathsep.join(folders)


def test_a_clearly_faster_one_is_taken_and_it_is_said_why(tmp_path: Path) -> None:
    first = pretend(tmp_path / "a", "echo 3 11 0.030 /a/python")
    second = pretend(tmp_path / "b", "echo 3 11 0.018 /b/python")
    why = "Python: /b/python, which takes 40 % less time than /a/python"
    assert fastest(path_of(first, second)) == ("/b/python", why)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("echo 3 11 0.027 /b/python", id="hardly faster"),
        pytest.param("echo 3 13 0.001 /b/python", id="another version"),
        pytest.param("echo No module named venv >&2; exit 1", id="builds no environment"),
        pytest.param("echo hello", id="says something else"),
    ],
)
def test_the_first_stays_beside(tmp_path: Path, other: str) -> None:
    first = pretend(tmp_path / "a", "echo 3 11 0.030 /a/python")
    assert fastest(path_of(first, pretend(tmp_path / "b", other))) == ("/a/python", "")


def test_one_that_builds_no_environment_is_passed_over(tmp_path: Path) -> None:
    broken = pretend(tmp_path / "a", "exit 1")
    old = pretend(tmp_path / "b", "echo 3 9 0.001 /b/python", "python3")
    right = pretend(tmp_path / "c", "echo 3 11 0.030 /c/python", "python3")
    assert fastest(path_of(broken, old, right)) == ("/c/python", "")
    assert fastest(path_of(broken, old)) is None


def test_this_interpreter_is_measured() -> None:
    answer = measured(sys.executable)
    assert answer is not None
    version, seconds, _own = answer
    assert version == sys.version_info[:2]
    assert 0 < seconds < 10
