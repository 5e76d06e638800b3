"""The pages of those who run Mallard, in a real browser: axe, policy, width, both languages."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.kernel.health.jobs import check_health, check_now
from mallard.kernel.ids import uuid7
from mallard.kernel.jobs.failures import note_failure
from mallard.kernel.outbox.events import Envelope
from mallard.kernel.webhooks import listening
from mallard.kernel.webhooks.services import WebhookInput, create_webhook
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")
EVENT = "health.check_changed"


@pytest.fixture
def pages(transactional_db: None) -> list[str]:
    """Something to see on every page."""
    Client().get("/sign-in")  # routes and templates are read once, here and not under a time limit
    check_health()
    job_id = int(check_now.defer())
    note_failure(job_id, 0, RuntimeError())
    item = WebhookInput("Data warehouse", "https://warehouse.example/hooks", (EVENT,))
    webhook, _secret = create_webhook(item, actor=system("tests"))
    listening.take([Envelope(uuid7(), EVENT, uuid7(), {"code": "disk"}, now(), "system", None, "")])
    delivery = webhook.deliveries.get()
    return [
        "/health/",
        "/jobs/",
        "/jobs/periodic",
        f"/jobs/{job_id}",
        "/settings/",
        "/settings/outbox.kept_days",
        "/retention/",
        "/webhooks/",
        "/webhooks/new",
        f"/webhooks/{webhook.pk}",
        f"/webhooks/{webhook.pk}/{delivery.pk}",
    ]


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_pages_of_operations_are_sound(
    visit: Any, pages: list[str], theme: str, language: str, width: int
) -> None:
    user = a_staff_user()
    visited = visit("/health/", user=user, theme=theme, language=language, width=width)
    for path in pages:
        visited.go(path)
        if PICTURES:
            name = f"{path.strip('/').replace('/', '-')[:24]}-{theme}-{width}.png"
            visited.page.screenshot(path=f"{PICTURES}/{name}", full_page=True)
        visited.check()


def test_a_job_is_cancelled_after_asking_once(visit: Any, transactional_db: None) -> None:
    job_id = int(check_now.defer())
    page = visit(f"/jobs/{job_id}", user=a_staff_user()).page
    page.get_by_role("button", name="Cancel the job").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the job").click()
    page.wait_for_load_state()
    page.get_by_text("The job is cancelled.").wait_for()
