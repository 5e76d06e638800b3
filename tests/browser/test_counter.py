"""Counter, paper receipts and changes of phone in a real browser: axe, console, width."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, system
from mallard.kernel.clock import now
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import a_member, a_receipt
from mallard.value.counter.services import bring_receipt
from mallard.value.counter.tests.factories import paper
from mallard.value.rewards.tests.factories import a_counter, a_reward, give, place
from mallard.value.sales.models import Source
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Identity
from mallard.world.members.services import add_identity
from mallard.world.phones.models import Proof
from mallard.world.phones.services import ChangeInput, decide_change, request_change
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAKER = system("browser tests")


def changed(member: UUID, phone: str, key: str) -> UUID:
    wanted = ChangeInput(
        key=key, member_id=member, phone=phone, proof=Proof.DOCUMENT, document="passport"
    )
    return request_change(wanted, actor=MAKER).pk


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_every_page_is_clean(visit: Any, theme: str, language: str, width: int) -> None:
    counter = a_counter()
    bakery = counter.trade.bakery
    member = a_member("13800138000", store=bakery)
    give(counter, member, 500)
    place(member, a_reward(counter, stock=5), counter.desk, is_confirmed=True)
    manager = a_staff_user("crm_manager", scope=WHOLE_GROUP)
    second = actor_for_user(a_staff_user("crm_manager", scope=WHOLE_GROUP))
    at = now().replace(microsecond=0, second=0) - dt.timedelta(days=2)
    waiting = bring_receipt(paper(member, bakery, "A-1", 500_000, at=at), actor=MAKER)
    told = bring_receipt(paper(member, bakery, "A-2", at=at, tender="cash"), actor=MAKER)
    sale = a_receipt(bakery, "A-2", 4_000, at=at)
    record_receipts([sale], actor=MAKER, source=Source.POS)
    decide_change(changed(member, "13900139000", "one"), is_approved=True, actor=second)
    open_change = changed(member, "13900139001", "two")
    assert Identity.objects.filter(member=member, kind="phone").count() == 2
    prover = a_member("13700137000", store=bakery)
    add_identity(prover, IdentityInput("email", "lili@example.com", verified_at=now()), actor=MAKER)
    by_code = ChangeInput(key="c", member_id=prover, phone="13700137001", proof=Proof.EMAIL)
    proving = request_change(by_code, actor=MAKER)
    pages = [
        reverse("rewards:at_counter", args=[member]),
        reverse("counter:backdate", args=[member]),
        reverse("counter:receipts"),
        reverse("counter:receipt", args=[waiting.pk]),
        reverse("counter:receipt", args=[told.pk]),
        reverse("phones:new", args=[prover]),
        reverse("phones:changes"),
        reverse("phones:change", args=[open_change]),
        reverse("phones:change", args=[proving.pk]),
        reverse("wallets:wallet", args=[member]),
        reverse("wallets:lift", args=[member]),
    ]
    visit(pages[0], user=manager, theme=theme, language=language, width=width).tour(pages)
