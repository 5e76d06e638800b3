"""Rewards, the counter and the liability in a real browser: axe, console, width, keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.value.checkout.tests.factories import a_member
from mallard.value.rewards import services
from mallard.value.rewards.tests.factories import a_counter, a_reward, give, place
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_every_page_is_clean(visit: Any, theme: str, language: str, width: int) -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=5)
    member = a_member("13800138000", store=counter.trade.bakery)
    give(counter, member, 500)
    row = place(member, reward, counter.desk, is_confirmed=True)
    services.slice_liability()
    manager = a_staff_user("crm_manager", scope=Scope(is_group=True))
    pages = [
        reverse("rewards:rewards"),
        reverse("rewards:reward", args=[reward.pk]),
        reverse("rewards:stock", args=[reward.pk]),
        reverse("rewards:redemptions"),
        reverse("rewards:redemption", args=[row.pk]),
        reverse("rewards:slip", args=[row.pk]),
        reverse("rewards:redeem", args=[member]),
        reverse("rewards:at_counter", args=[member]),
        reverse("rewards:liability"),
        reverse("wallets:wallet", args=[member]),
        reverse("wallets:adjust", args=[member]),
    ]
    visit(pages[0], user=manager, theme=theme, language=language, width=width).tour(pages)


def test_the_counter_works_by_keyboard_alone(visit: Any) -> None:
    counter = a_counter()
    member = a_member("13800138000", store=counter.trade.bakery)
    agent = a_staff_user("service_agent", scope=Scope(mall_ids=frozenset([counter.desk.mall_id])))
    shown = visit(reverse("rewards:counter"), user=agent, width=360)
    shown.page.keyboard.type("138 0013 8000")
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_url(f"**{reverse('rewards:at_counter', args=[member])}")
    shown.settle().check()
