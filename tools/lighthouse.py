"""What Lighthouse says of the ten main pages, as a desk computer shows them.

``python -m tools.lighthouse [--url URL] [--only NAME]`` signs in as each page's own role, lets
Lighthouse (fetched by npx, pinned) load the page cold, and prints performance, accessibility and
best practices in points of 100. Exit status 1 when one lies below the goal. Lighthouse measures
this machine too: let nothing else run beside it. Without ``--url`` it starts `mallard up` on
``MALLARD_HOME``, which holds the demo's year, and stops it afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools.screenshots import SHOTS, Shot, Walk, running_product

LIGHTHOUSE = "lighthouse@12.8.2"  # the last one for Node 20
GOAL = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
MAIN_PAGES = (
    "sign-in", "home-director", "members", "member", "receipts", "receipt", "programme", "mall",
    "stores", "products",
)  # fmt: skip
TIMEOUT_S = 180
ATTEMPTS = 3
"""Now and then Lighthouse loses the trace of a load (NO_NAVSTART) and asks to be run again."""


def chromium() -> str:
    """The browser that the tests use, too."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def points(address: str, cookie: str) -> tuple[dict[str, int], list[str]]:
    """Points by category, and the titles of what cost some."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [
            "npx", "--yes", LIGHTHOUSE, address, "--quiet", "--preset=desktop",
            f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}",
            "--output=json", f"--output-path={report}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        _run(command)
        said: dict[str, Any] = json.loads(report.read_text())
    found = {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}
    costly = {
        reference["id"]
        for name in CATEGORIES
        for reference in said["categories"][name]["auditRefs"]
        if reference["weight"]
    }
    titles = [
        f"{audit['title']} {audit.get('displayValue', '')}".strip()
        for key, audit in said["audits"].items()
        if key in costly and audit["score"] is not None and audit["score"] < 0.9
    ]
    return found, titles


def _run(command: list[str]) -> None:
    """Raises CalledProcessError when no attempt ends well."""
    variables = os.environ | {"CHROME_PATH": chromium()}
    for attempt in range(1, ATTEMPTS + 1):
        done = subprocess.run(command, check=attempt == ATTEMPTS, timeout=TIMEOUT_S, env=variables)
        if done.returncode == 0:
            return


def cookie_of(walk: Walk, role: str | None) -> str:
    """The header of a window in which the role is signed in."""
    context = walk.context(role, "en", "light", "desk")
    text = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    context.close()
    return text


def address_of(walk: Walk, shot: Shot) -> str:
    """Where the shot's page is, its links followed."""
    context = walk.context(shot.role, "en", "light", "desk")
    page = context.new_page()
    walk.open(page, shot)
    address = page.url
    context.close()
    return address


def run(origin: str, only: str) -> int:
    """Every main page once; how many miss the goal."""
    missed = 0
    shots = {shot.name: shot for shot in SHOTS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        walk = Walk(browser, origin, None)
        if not walk.logins:
            raise SystemExit("The sign-in page shows no logins: load the demo first (make demo).")
        places = [
            (name, address_of(walk, shots[name]), cookie_of(walk, shots[name].role))
            for name in MAIN_PAGES
            if only in name
        ]
        browser.close()
    print(f"{'page':<16}{'  '.join(CATEGORIES)}")
    for name, address, cookie in places:
        found, titles = points(address, cookie)
        is_met = min(found.values()) >= GOAL
        missed += not is_met
        figures = "  ".join(f"{found[one]:>{len(one)}}" for one in CATEGORIES)
        print(f"{name:<16}{figures}  {'' if is_met else '; '.join(titles)}", flush=True)
    return missed


def main() -> int:
    """Parse the command line; exit status 1 when a page misses the goal."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tools.lighthouse")
    parser.add_argument("--url", help="a running product; without it one is started")
    parser.add_argument("--only", default="", help="only pages with this in their name")
    options = parser.parse_args()
    if options.url:
        return 1 if run(options.url, options.only) else 0
    with running_product() as origin:
        return 1 if run(origin, options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
