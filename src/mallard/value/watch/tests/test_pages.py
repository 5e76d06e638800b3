"""The fraud watch on screen, as a programme's owner, an auditor and a mall live it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.value.checkout.tests.factories import TradingWorld, a_trading_world
from mallard.value.sales.models import Receipt
from mallard.value.wallets.models import Freeze
from mallard.value.watch.models import Alert, AlertStatus, Exemption, PatternTerms
from mallard.value.watch.services import count_terms
from mallard.value.watch.tests.factories import looked, only, strangers
from mallard.world.members.models import Member
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
WHY = "The cashier admitted it"


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


@pytest.fixture
def alert(world: TradingWorld) -> Alert:
    strangers(world)
    looked()
    return only("strangers")


def signed_in(role: str = "crm_manager", scope: Scope = WHOLE_GROUP) -> Client:
    client = Client()
    user = a_staff_user(role, scope=scope)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page_of(alert: Alert, name: str = "alert") -> str:
    return reverse(f"watch:{name}", args=[alert.pk])


def test_the_list_shows_what_waits_and_the_filters_live_in_the_address(alert: Alert) -> None:
    client, here = signed_in(), reverse("watch:alerts")
    shown = text_of(client.get(here))
    assert "Points on strangers’ receipts" in shown
    assert "Leo Marsh" in shown
    assert Member.objects.get(pk=alert.member_id).number in shown
    assert page_of(alert) in shown
    assert page_of(alert) not in text_of(client.get(here, {"pattern": "split"}))
    client.post(page_of(alert, "dismiss"), {"reason": WHY})
    assert page_of(alert) not in text_of(client.get(here))
    assert page_of(alert) in text_of(client.get(here, {"all": "1"}))
    assert page_of(alert) in text_of(client.get(here, {"status": "false"}))


def test_an_alert_says_why_and_opens_each_receipt_behind_it(alert: Alert) -> None:
    shown = text_of(signed_in().get(page_of(alert)))
    assert (
        "In 28 days 12 of the member’s 12 receipts at the store were given by one person" in shown
    )
    for row in alert.evidence.all():
        assert reverse("checkout:receipt", args=[row.fact_id]) in shown
    assert Receipt.objects.get(pk=row.fact_id).number in shown
    assert page_of(alert, "confirm") in shown


def test_from_open_over_frozen_and_released_to_confirmed(alert: Alert) -> None:
    client = signed_in()
    assert "It is yours" in text_of(client.post(page_of(alert, "take"), follow=True))
    frozen = text_of(client.post(page_of(alert, "freeze"), follow=True))
    assert "from this alert" in frozen
    assert Freeze.objects.filter(released_at=None).count() == 1
    short = client.post(page_of(alert, "release"), {"reason": "no"})
    assert short.status_code == 422
    assert Freeze.objects.filter(released_at=None).count() == 1
    client.post(page_of(alert, "release"), {"reason": "Spoke to the store"})
    assert not Freeze.objects.filter(released_at=None).exists()
    client.post(page_of(alert, "confirm"), {"reason": WHY})
    alert.refresh_from_db()
    assert alert.status == AlertStatus.CONFIRMED
    decided = text_of(client.get(page_of(alert)))
    assert WHY in decided
    assert "&lt;" not in decided.split("<main")[-1]
    again = text_of(client.post(page_of(alert, "dismiss"), {"reason": WHY}, follow=True))
    assert "Somebody has decided this alert already" in again


def test_what_was_typed_stays_when_the_decision_is_refused(alert: Alert) -> None:
    client = signed_in()
    body = {"reason": WHY, "exempt": ["member"], "until": "2020-01-01"}
    answer = client.post(page_of(alert, "dismiss"), body)
    assert answer.status_code == 422
    assert WHY in text_of(answer)
    assert "An exemption ends within two years" in text_of(answer)
    alert.refresh_from_db()
    assert alert.status == AlertStatus.OPEN
    assert not Exemption.objects.exists()


def test_an_exemption_is_made_shown_and_ended(alert: Alert) -> None:
    client = signed_in()
    until = client.get(page_of(alert)).context["dismiss_form"].initial["until"]
    client.post(
        page_of(alert, "dismiss"), {"reason": WHY, "exempt": ["member", "staff"], "until": until}
    )
    row = Exemption.objects.get()
    assert (row.member_id, row.staff_id, row.store_id) == (alert.member_id, alert.staff_id, None)
    assert "Leo Marsh" in text_of(client.get(reverse("watch:patterns")))
    client.post(reverse("watch:end_exemption", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "Look into" not in text_of(client.get(reverse("watch:patterns")))


def test_finance_and_auditors_read_and_change_nothing(alert: Alert) -> None:
    for role in ("finance", "auditor", "director"):
        client = signed_in(role)
        shown = text_of(client.get(page_of(alert)))
        assert "12 of the member’s 12 receipts" in shown
        for name in ("take", "freeze", "confirm", "dismiss"):
            assert page_of(alert, name) not in shown
            assert client.post(page_of(alert, name), {"reason": WHY}).status_code == 403
    alert.refresh_from_db()
    assert alert.status == AlertStatus.OPEN


def test_desk_tenant_and_cashier_know_nothing_of_it(alert: Alert) -> None:
    for role in ("service_agent", "tenant_manager", "cashier", "sales_assistant", "marketer"):
        client = signed_in(role)
        assert client.get(reverse("watch:alerts")).status_code == 403
        assert client.get(page_of(alert)).status_code == 403
        assert "Fraud" not in text_of(client.get("/"))


def test_the_other_mall_finds_no_such_page(world: TradingWorld, alert: Alert) -> None:
    there = signed_in(scope=Scope(mall_ids=frozenset({world.place.hillside.pk})))
    here = signed_in(scope=Scope(mall_ids=frozenset({world.place.lakeside.pk})))
    assert there.get(page_of(alert)).status_code == 404
    assert there.post(page_of(alert, "confirm"), {"reason": WHY}).status_code == 404
    assert page_of(alert) not in text_of(there.get(reverse("watch:alerts")))
    assert page_of(alert) in text_of(here.get(reverse("watch:alerts")))


def test_thresholds_are_counted_compared_and_put_in_force(alert: Alert) -> None:
    client = signed_in()
    edit = reverse("watch:edit", args=["split"])
    wrong = client.post(edit, {"is_on": "on", "minutes": "1", "least": "8"})
    assert wrong.status_code == 422
    assert not PatternTerms.objects.exists()
    answer = client.post(edit, {"is_on": "on", "minutes": "90", "least": "9"})
    row = PatternTerms.objects.get()
    assert answer["Location"] == reverse("watch:terms", args=[row.pk])
    waiting = text_of(client.get(answer["Location"]))
    assert "is being counted" in waiting
    assert reverse("watch:put_in_force", args=[row.pk]) not in waiting
    count_terms(row.pk)
    assert "HX-Refresh" in client.get(reverse("watch:progress", args=[row.pk])).headers
    counted = text_of(client.get(answer["Location"]))
    assert "Found in the last year" in counted
    client.post(reverse("watch:put_in_force", args=[row.pk]))
    present = text_of(client.get(reverse("watch:pattern", args=["split"])))
    assert "90 minutes" in present
    assert "&lt;" not in present.split("<main")[-1]


def test_the_patterns_page_counts_feedback(alert: Alert) -> None:
    client = signed_in()
    client.post(page_of(alert, "confirm"), {"reason": WHY})
    shown = text_of(client.get(reverse("watch:patterns")))
    assert "100%" in shown
    assert f"{reverse('watch:alerts')}?status=confirmed&amp;pattern=strangers" in shown


def test_a_member_with_an_alert_shows_it_to_who_may_know(alert: Alert) -> None:
    page = reverse("members:detail", args=[alert.member_id])
    assert "Fraud alert" in text_of(signed_in().get(page))
    assert "Fraud alert" not in text_of(signed_in("service_agent").get(page))
