"""Screenshots of the pages, to look at and for the documentation.

``python -m tools.screenshots [--url URL] [--folder FOLDER] [--only NAME]`` walks the main pages of
a product that has the demo's year loaded: signed in as each page's own role, in both languages and
both themes, on a desk, a phone and a wall (4K). Without ``--url`` it starts `mallard up` on
``MALLARD_HOME`` and stops it afterwards. For every page it prints how long the server took for the
HTML, how heavy the HTML is, and what is wrong with it (a status other than expected, sideways
scrolling).

``--documentation`` takes only the pictures that README and docs show, into ``docs/images``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
BIN = Path(sys.executable).parent

LANGUAGES = {"en": "en", "zh": "zh-hans"}
THEMES = ("light", "dark")
WIDTHS = {"desk": 1280, "phone": 360, "wall": 3840}
HEIGHTS = {"desk": 800, "phone": 720, "wall": 2160}
PHONE_PIXELS = 2

# The documentation is read over slow lines too.
HEAVIEST_BYTES = 150_000
START_S = 120
SERVER_TIMING = "performance.getEntriesByType('navigation')[0]"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to look at: where it is and who looks.

    ``follow`` are CSS selectors of links: from ``path`` the first match of each is gone to in
    turn, because the addresses of records differ from one load to the next.
    """

    name: str
    path: str
    role: str | None = "administrator"
    follow: tuple[str, ...] = ()
    status: int = 200


ROW = "#content table tbody th a"
RECEIPT_OF_MEMBER = "#content a[href^='/sales/receipts/']"
POINTS_OF_MEMBER = "#content a[href^='/ledger/members/']"
TRANSFER = "#content a[href^='/ledger/transfers/']"
WAITING = "/rewards/redemptions/?status=confirmed"
MEMBER = "#content a[href^='/members/']"
COUNTER = "#content a[href^='/rewards/counter/']"
PAPER = "#content a[href$='/backdate']"
PHONE = "#content a[href^='/phones/members/']"
# Who has been a member for long has a history to look at.
LONGEST = "/members/?sort=joined"

SHOTS = (
    Shot("sign-in", "/sign-in", None),
    Shot("forgotten", "/password/forgotten", None),
    Shot("home", "/"),
    Shot("home-director", "/", "director"),
    Shot("home-tenant", "/", "tenant_manager"),
    Shot("movers", "/reports/movers", "director"),
    Shot("plan-by-figure", "/reports/plan?figure=member_visits&period=28", "director"),
    Shot("home-cashier", "/", "cashier"),
    Shot("home-stock-keeper", "/", "stock_keeper"),
    Shot("home-assistant", "/", "sales_assistant"),
    Shot("home-leasing", "/", "leasing"),
    Shot("members", "/members/"),
    Shot("members-service", "/members/", "service_agent"),
    Shot("members-tenant", "/members/", "tenant_manager"),
    Shot("members-none", "/members/?q=zzzz-nobody"),
    Shot("member", LONGEST, follow=(ROW,)),
    Shot("member-service", LONGEST, "service_agent", follow=(ROW,)),
    Shot("member-tenant", LONGEST, "tenant_manager", follow=(ROW,)),
    Shot("member-edit", LONGEST, follow=(ROW, "#content a[href$='/edit']")),
    Shot("member-erase", LONGEST, follow=(ROW, "#content a[href$='/erase']")),
    Shot("member-points", LONGEST, follow=(ROW, POINTS_OF_MEMBER)),
    Shot("transfer", LONGEST, follow=(ROW, POINTS_OF_MEMBER, TRANSFER)),
    Shot("enrol", "/members/enrol"),
    Shot("receipts", "/sales/receipts"),
    Shot("receipts-tenant", "/sales/receipts", "tenant_manager"),
    Shot("receipt", LONGEST, follow=(ROW, RECEIPT_OF_MEMBER)),
    Shot("return", "/sales/receipts", "cashier", follow=(ROW, "#content a[href$='/return']")),
    Shot("returns", "/sales/returns"),
    Shot("returns-waiting", "/sales/returns/waiting"),
    Shot("declarations", "/sales/declarations/list/", "finance"),
    Shot("programme", "/loyalty/"),
    Shot("programme-change", "/loyalty/change", "crm_manager"),
    Shot("rule-new", "/loyalty/rules/new"),
    Shot("rule", "/loyalty/", follow=("#content a[href^='/loyalty/rules/']:not([href$='/new'])",)),
    Shot("funders", "/ledger/funders/", "finance"),
    Shot("rewards", "/rewards/", "crm_manager"),
    Shot("reward", "/rewards/?sort=-points", "crm_manager", follow=(ROW,)),
    Shot("reward-new", "/rewards/new", "crm_manager"),
    Shot("reward-redemptions", "/rewards/redemptions/", "crm_manager"),
    Shot("reward-redemption", WAITING, "crm_manager", follow=(ROW,)),
    Shot("reward-slip", WAITING, "crm_manager", follow=(ROW, "#content a[href$='/slip']")),
    Shot("reward-liability", "/rewards/liability?price=120", "finance"),
    Shot("reward-counter", WAITING, "crm_manager", follow=(ROW, MEMBER, COUNTER)),
    Shot("reward-redeem", LONGEST, "crm_manager", follow=(ROW, "#content a[href$='/redeem']")),
    Shot("reward-wallet", LONGEST, "crm_manager", follow=(ROW, "#content a[href^='/wallets/']")),
    Shot("watch", "/watch/", "crm_manager"),
    Shot("watch-alert", "/watch/", "crm_manager", follow=(ROW,)),
    Shot("watch-patterns", "/watch/patterns/", "crm_manager"),
    Shot("watch-pattern", "/watch/patterns/strangers/", "crm_manager"),
    Shot("counter", "/rewards/counter/", "service_agent"),
    Shot("counter-member", LONGEST, "service_agent", follow=(ROW, COUNTER)),
    Shot("counter-paper", LONGEST, "service_agent", follow=(ROW, COUNTER, PAPER)),
    Shot("counter-papers", "/counter/receipts/", "crm_manager"),
    Shot("counter-phone", LONGEST, "service_agent", follow=(ROW, COUNTER, PHONE)),
    Shot("tags", "/members/tags/", "crm_manager"),
    Shot("tag", "/members/tags/", "crm_manager", follow=(ROW,)),
    Shot("lists", "/lists/", "crm_manager"),
    Shot("list", "/lists/", "crm_manager", follow=(ROW,)),
    Shot("quality", "/quality/", "crm_manager"),
    Shot("privacy", "/privacy/", "crm_manager"),
    Shot("privacy-request", "/privacy/", "crm_manager", follow=(ROW,)),
    Shot("malls", "/malls/"),
    Shot("mall", "/malls/?q=East", follow=(ROW,)),
    Shot("mall-edit", "/malls/", follow=(ROW, "#content a[href$='/edit/']")),
    Shot("stores", "/malls/stores/"),
    Shot("stores-none", "/malls/stores/?q=zzzz-nothing"),
    Shot("store", "/malls/stores/", follow=(ROW,)),
    Shot("tenants", "/malls/tenants/"),
    Shot("tenant", "/malls/tenants/", follow=(ROW,)),
    Shot("trades", "/malls/trade-categories/"),
    Shot("products", "/catalog/products/"),
    Shot("product", "/catalog/products/", follow=(ROW,)),
    Shot("categories", "/catalog/categories/"),
    Shot("product-brands", "/catalog/brands/"),
    Shot("product-brand", "/catalog/brands/", follow=(ROW,)),
    Shot("staff", "/staff/"),
    Shot("audit", "/staff/audit/"),
    Shot("audit-entry", "/staff/audit/", follow=(ROW,)),
    Shot("profile", "/profile"),
    Shot("password", "/profile/password"),
    Shot("api", "/api/"),
    Shot("not-found", "/no-such-page", status=404),
    Shot("forbidden", "/staff/", "cashier", status=403),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the documentation: ``docs/images/{name}.png``."""

    name: str
    shot: str
    language: str = "en"
    theme: str = "light"
    device: str = "desk"


PICTURES = (
    Picture("home", "home-director"),
    Picture("home-zh", "home-director", "zh", "dark"),
    Picture("member", "member"),
    Picture("receipt", "receipt"),
    Picture("ledger", "member-points", "en", "dark"),
    Picture("mall", "mall", "zh"),
    Picture("fraud-watch", "watch-alert"),
    Picture("counter", "counter-member", "zh"),
    Picture("phone", "member", "zh", "light", "phone"),
)


class Walk:
    """A browser against one running product; remembers who is signed in."""

    def __init__(self, browser: Browser, origin: str, password: str | None) -> None:
        self.browser = browser
        self.origin = origin
        self.logins = self._logins()
        self.password = password
        self._sessions: dict[str, list[dict[str, str]]] = {}
        self._addresses: dict[str, str] = {}

    def _logins(self) -> dict[str, tuple[str, str]]:
        """Role → (e-mail, password), as the demo's sign-in page tells them."""
        page = self.browser.new_page(locale="en")
        page.goto(urljoin(self.origin, "/sign-in"))
        rows = page.locator(".logins tbody tr").all()
        cells = [row.locator("th, td").all_inner_texts() for row in rows]
        password = page.locator(".logins code").first.inner_text() if rows else ""
        page.close()
        return {
            role.strip().lower().replace(" ", "_"): (email.strip(), password)
            for role, email in cells
        }

    def context(self, role: str | None, language: str, theme: str, device: str) -> BrowserContext:
        """A fresh window of somebody with a language, a theme and a size."""
        context = self.browser.new_context(
            viewport={"width": WIDTHS[device], "height": HEIGHTS[device]},
            device_scale_factor=PHONE_PIXELS if device == "phone" else 1,
            reduced_motion="reduce",
            color_scheme="dark" if theme == "dark" else "light",
        )
        cookies = [
            {"name": "mallard_theme", "value": theme, "url": self.origin},
            {"name": "django_language", "value": LANGUAGES[language], "url": self.origin},
        ]
        if role is not None:
            cookies = [*self._session(role), *cookies]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        return context

    def _session(self, role: str) -> list[dict[str, str]]:
        if role not in self._sessions:
            email, password = self.logins[role]
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(urljoin(self.origin, "/sign-in"))
            page.fill("[name=username]", email)
            page.fill("[name=password]", self.password or password)
            page.click(".form-actions button")
            page.wait_for_url(lambda url: "/sign-in" not in url)
            self._sessions[role] = [
                {"name": one["name"], "value": one["value"], "url": self.origin}
                for one in context.cookies()
                if one["name"] not in {"mallard_theme", "django_language"}
            ]
            context.close()
        return self._sessions[role]

    def open(self, page: Page, shot: Shot) -> tuple[Response, list[str]]:
        """Go to the shot's page; returns its answer and what is wrong with it."""
        path = self._addresses.get(shot.name, shot.path)
        answer = self._go(page, path)
        if shot.name not in self._addresses:
            for selector in shot.follow:
                link = page.locator(selector).first
                if not link.count():
                    return answer, [f"{page.url} has no {selector}"]
                answer = self._go(page, link.get_attribute("href") or "")
            self._addresses[shot.name] = page.url
        wrong = []
        if answer.status != shot.status:
            wrong.append(f"answered {answer.status}")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            wrong.append(f"{wide} px too wide")
        return answer, wrong

    def _go(self, page: Page, path: str) -> Response:
        answer = page.goto(urljoin(page.url if path.startswith("?") else self.origin, path))
        if answer is None:
            raise RuntimeError(f"{path} is an anchor in {page.url}")
        page.wait_for_selector("html[data-ready]", state="attached")
        if page.locator("[data-chart]").count():
            page.wait_for_selector("[data-drawn]", state="attached")
        return answer


def walk_everything(walk: Walk, folder: Path, only: str) -> int:
    """Every shot in every language, theme and size; returns how many had something wrong."""
    failures = 0
    shots = [shot for shot in SHOTS if only in shot.name]
    for language in LANGUAGES:
        for theme in THEMES:
            for device in WIDTHS:
                for shot in shots:
                    context = walk.context(shot.role, language, theme, device)
                    page = context.new_page()
                    answer, wrong = walk.open(page, shot)
                    took_ms = page.evaluate(f"{SERVER_TIMING}.responseStart")
                    heavy = len(answer.body()) / 1000
                    name = f"{shot.name}.{language}.{theme}.{device}"
                    page.screenshot(path=folder / f"{name}.png", full_page=True)
                    failures += bool(wrong)
                    print(f"{name:<40}{took_ms:7.0f} ms {heavy:7.1f} kB  {'; '.join(wrong)}")
                    context.close()
    return failures


def take_pictures(walk: Walk, folder: Path) -> int:
    """What README and docs show; returns how many pictures are too heavy or wrong."""
    failures = 0
    shots = {shot.name: shot for shot in SHOTS}
    for picture in PICTURES:
        shot = shots[picture.shot]
        context = walk.context(shot.role, picture.language, picture.theme, picture.device)
        page = context.new_page()
        _answer, wrong = walk.open(page, shot)
        taken = page.screenshot(path=folder / f"{picture.name}.png")
        if len(taken) > HEAVIEST_BYTES:
            wrong.append(f"heavier than {HEAVIEST_BYTES} bytes")
        failures += bool(wrong)
        print(f"{picture.name:<12}{len(taken) / 1000:7.1f} kB  {'; '.join(wrong)}")
        context.close()
    return failures


@contextmanager
def running_product() -> Iterator[str]:
    """`mallard up` on MALLARD_HOME and a free port inside the block; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}/"
    product = subprocess.Popen([str(BIN / "mallard"), "up", "--port", str(port)])
    try:
        deadline = time.monotonic() + START_S
        while not _answers(urljoin(origin, "/healthz")):
            if product.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("Mallard did not start; see above.")
            time.sleep(0.5)
        yield origin
    finally:
        product.terminate()
        product.wait()


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - an address that we made
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def main() -> int:
    """Parse the command line; exit status 1 when a page or a picture is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tools.screenshots")
    parser.add_argument("--url", help="a running product; without it one is started")
    parser.add_argument("--password", help="of the logins, where the sign-in page shows another")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--only", default="", help="only shots with this in their name")
    parser.add_argument("--documentation", action="store_true", help="renew docs/images only")
    options = parser.parse_args()
    folder = IMAGES if options.documentation else options.folder
    folder.mkdir(parents=True, exist_ok=True)
    if options.url:
        return _run(options, options.url, folder)
    with running_product() as origin:
        return _run(options, origin, folder)


def _run(options: argparse.Namespace, origin: str, folder: Path) -> int:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        walk = Walk(browser, origin, options.password)
        if not walk.logins:
            raise SystemExit("The sign-in page shows no logins: load the demo first (make demo).")
        if options.documentation:
            failures = take_pictures(walk, folder)
        else:
            failures = walk_everything(walk, folder, options.only)
        browser.close()
    print(f"{folder}: {failures or 'nothing'} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
