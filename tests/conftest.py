"""A real Chromium against the running product.

`visit` opens a page as somebody (`sign_in` first, for pages that need it) in a theme, a language
and a width; `Visit.check` asks axe for violations and refuses anything that the console or the
Content-Security-Policy complained about meanwhile.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, sync_playwright

from mallard.kernel.ui.preferences import THEME_COOKIE
from tests.axe import violations

FRAME = (".sidebar", ".topbar")
HEIGHT_PX = 860
TIMEOUT_MS = 10_000


def chromium() -> str:
    """The browser's program. The shell is the same engine without the frame around it.

    A page costs half of what it does in the whole browser, a fresh context a quarter.
    """
    named = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell")
    return named or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; each visit gets a context, so cookies never meet."""
    # Playwright's synchronous interface runs an event loop in this thread; Django then refuses
    # the ORM here, although nothing of ours is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium())
        yield one
        one.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Visit:
    """An open page with what it complained about."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Visit:
        """Open ``path`` and wait until its scripts have started."""
        self.page.goto(self.origin + path)
        return self.settle()

    def settle(self) -> Visit:
        """Wait until the scripts of the page that is open have started and charts are drawn."""
        self.page.wait_for_selector("html[data-ready]", state="attached")
        if self.page.locator("[data-chart]").count():
            self.page.wait_for_selector("[data-drawn]", state="attached")
        return self

    def tour(self, paths: Iterable[str]) -> None:
        """Open and check every path; what frames them all with the first: it is half of a page."""
        for number, path in enumerate(paths):
            try:
                self.go(path).check(but=FRAME if number else ())
            except Exception as error:
                error.add_note(f"at {path}")
                raise

    def check(self, *, but: Sequence[str] = ()) -> None:
        """No axe violation, no complaint in the console, no sideways scrolling."""
        assert violations(self.page, but) == [], self.page.url
        assert self.complaints == [], self.page.url
        overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"


VisitAs = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[VisitAs]:
    """``visit(path, theme=…, language=…, width=…, user=…)`` opens a page in a fresh context."""
    contexts = []

    def open_page(
        path: str,
        *,
        theme: str = "light",
        language: str = "en",
        width: int = 1280,
        user: Any = None,
        script: bool = True,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT_PX},
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        cookies = {THEME_COOKIE: theme, settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            cookies[settings.SESSION_COOKIE_NAME] = session_key(user)
        context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
        )
        opened = Visit(context.new_page(), live_server.url)
        opened.page.on("console", lambda said: _note(opened, said.type, said.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        if not script:
            opened.page.goto(live_server.url + path)
            return opened
        return opened.go(path)

    yield open_page
    for context in contexts:
        context.close()


def _note(visit: Visit, kind: str, text: str) -> None:
    # A page that answers 404 or 422 on purpose makes Chromium say so; that is no complaint.
    if kind in {"error", "warning"} and "the server responded with a status of 4" not in text:
        visit.complaints.append(text)


def session_key(user: Any) -> str:
    """A session of ``user`` as the sign-in form would make it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
