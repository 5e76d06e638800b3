"""People at the door: every journey begins at the sign-in form, in a real browser."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.environment import environment
from mallard.kernel.settings.services import change_setting
from mallard.world.staff.models import StaffUser
from mallard.world.staff.settings import SECOND_FACTOR
from mallard.world.staff.tests.factories import PASSWORD, SYSTEM, a_staff_user
from tests.conftest import Visit
from tests.journeys.town import Town, a_town

SignIn = Callable[..., Visit]


@pytest.fixture
def town(transactional_db: None) -> Town:
    return a_town()


@pytest.fixture
def hire(transactional_db: None) -> Callable[..., StaffUser]:
    """``hire(role, email, scope=…)``: a person with a password and a role somewhere.

    They sign in by password alone: the journey of codes from the phone is one of its own.
    """

    def make(role: str, email: str, *, scope: Scope = WHOLE_GROUP) -> StaffUser:
        if (asks := SECOND_FACTOR[role]).value:
            change_setting(asks.code, value=False, actor=SYSTEM)
        return a_staff_user(role, email=email, scope=scope, password=PASSWORD)

    return make


@pytest.fixture
def sign_in(visit: Any) -> SignIn:
    """``sign_in(email, …)`` types e-mail and password into the form and arrives at home."""

    def enter(email: str, **look: Any) -> Visit:
        opened: Visit = visit("/sign-in", **look)
        opened.check()
        fill_in(opened.page, email, PASSWORD)
        opened.page.wait_for_url(f"{opened.origin}/")
        opened.settle().check()
        return opened

    return enter


def fill_in(page: Page, email: str, password: str) -> None:
    """Send the sign-in form."""
    page.fill("[name=username]", email)
    page.fill("[name=password]", password)
    page.locator("main button.btn-primary").click()


class Postbox:
    """A mail server on loopback that keeps what it is given."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("MALLARD_SMTP_URL", f"smtp://127.0.0.1:{port}")
    environment.cache_clear()
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()
    monkeypatch.undo()
    environment.cache_clear()
