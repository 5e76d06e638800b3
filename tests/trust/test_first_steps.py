"""From an empty installation to a member's first points, by nothing but the product's own pages.

What the demo and the factories do in code, somebody who installs Mallard must be able to do on
screens: group, mall, tenant, store, programme, rule, member, key.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, system
from mallard.kernel.clock import now
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.models import Assessment, EarningRule, Programme, Tier
from mallard.value.loyalty.queries import forget_programme
from mallard.value.loyalty.reasons import Reason
from mallard.world.catalog.models import Category
from mallard.world.malls.models import Group, Mall, Store, Tenant, TradeCategory
from mallard.world.members.models import Member
from mallard.world.staff.commands import POS_FEED
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"


@pytest.fixture
def admin(frozen_clock: Any) -> Client:
    forget_programme()
    frozen_clock.set(now())
    browser = Client()
    browser.force_login(a_staff_user("administrator"))
    browser.cookies["django_language"] = "en"
    return browser


def typed(admin: Client, path: str, **values: object) -> None:
    """Fill a form in as it stands and send it: what is not typed keeps what the page offers."""
    page = admin.get(path)
    assert page.status_code == 200, path
    answer = admin.post(path, as_offered(page) | values)
    errors = answer.context["form"].errors if answer.status_code != 302 else None
    assert answer.status_code == 302, (path, errors)


def as_offered(page: Any) -> dict[str, object]:
    """What a form's fields hold when nobody has typed anything."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def place(admin: Client) -> Store:
    assert "Name the mall group" in admin.get("/malls/").content.decode()
    typed(admin, "/malls/group/", code="LAKE", name_en="Lake Malls", name_zh="湖畔集团")
    typed(
        admin, "/malls/new/", code="EAST", name_en="East Shore", currency="CNY",
        time_zone="Asia/Shanghai",
    )  # fmt: skip
    typed(admin, "/malls/trade-categories/new/", code="FOOD", name_en="Food")
    typed(admin, "/malls/tenants/new/", code="BAK", name_en="Sunny Bakery")
    typed(
        admin, "/malls/stores/new/", code="EAST-BAK", name_en="Sunny Bakery",
        mall=str(Mall.objects.get().pk), tenant=str(Tenant.objects.get().pk),
        trade_category=str(TradeCategory.objects.get().pk),
    )  # fmt: skip
    return Store.objects.get()


def till() -> str:
    made = create_api_key(
        name="till", scope=WHOLE_GROUP, permissions=POS_FEED, actor=system("tests")
    )
    return made.plain


def sold(key: str, number: str) -> dict[str, Any]:
    body = {
        "store": "EAST-BAK", "number": number, "occurred_at": now().isoformat(), "currency": "CNY",
        "member": {"kind": "phone", "value": PHONE}, "lines": [{"amount_minor": 5_000}],
    }  # fmt: skip
    answer = Client().post(
        "/api/v1/receipts", body, content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": number},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_group_begins_with_nothing_and_ends_with_points(admin: Client, frozen_clock: Any) -> None:
    store = place(admin)
    typed(
        admin,
        "/members/enrol",
        phone=PHONE,
        name="王小明",
        store=str(store.pk),
        language="en",
        programme="on",
    )
    member, key = Member.objects.get(), till()

    first = sold(key, "R-1")  # before there is a programme: recorded, and worth nothing for ever
    assert first["points"] == 0
    assert Assessment.objects.get().reason == Reason.NO_PROGRAMME

    assert "Set up the programme" in admin.get("/loyalty/").content.decode()
    typed(
        admin, "/loyalty/set-up", name_en="Lake Club", currency="CNY", maturing_days="0",
        en_silver="Silver", spend_silver="1000", bonus_silver="10",
    )  # fmt: skip
    assert list(Tier.objects.order_by("rank").values_list("code", flat=True)) == [
        "member", "silver",
    ]  # fmt: skip
    typed(
        admin, "/loyalty/rules/new", code="base", name_en="One point a yuan",
        name_zh="消费 1 元积 1 分", kind="amount", points="1", per_amount="1",
    )  # fmt: skip
    assert EarningRule.objects.get().points == 1
    forget_programme()
    rule = EarningRule.objects.get()
    frozen_clock.set(rule.starts_at.astimezone(now().tzinfo))

    assert sold(key, "R-2")["points"] == 50
    assert wallet_of([member.pk])[member.pk].balance == 50
    assert verify().is_sound
    for path in ("/", "/members/", f"/members/{member.pk}/", "/sales/receipts", "/loyalty/"):
        assert admin.get(path).status_code == 200, path


def test_pages_of_an_empty_installation_say_what_comes_first(admin: Client) -> None:
    for path in ("/", "/members/", "/malls/", "/malls/stores/", "/sales/receipts", "/loyalty/",
                 "/rewards/", "/watch/", "/reports/sales", "/ledger/funders/"):  # fmt: skip
        assert admin.get(path).status_code == 200, path
    assert "create the first mall" in admin.get("/loyalty/set-up").content.decode()


def test_group_and_programme_are_changed_and_made_once(admin: Client) -> None:
    place(admin)
    typed(admin, "/malls/group/", name_en="Lake Malls Group")
    group = Group.objects.get()
    assert (group.code, group.name_en) == ("LAKE", "Lake Malls Group")
    typed(admin, "/loyalty/set-up", name_en="Lake Club", currency="CNY")
    forget_programme()
    again = as_offered(admin.get("/loyalty/set-up"))
    answer = admin.post("/loyalty/set-up", again | {"name_en": "Second", "currency": "CNY"})
    assert "has a member programme already" in answer.content.decode()
    typed(admin, "/loyalty/change", maturing_days="14", expiry_months="24", cost="8.5")
    row = Programme.objects.get()
    assert (row.maturing_days, row.expiry_months) == (14, 24)
    assert row.point_cost_micro == 850 * 10**6 // 1_000


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"en_member": "", "zh_member": ""}, "Give a name"),
        ({"en_silver": "Silver"}, "takes more than the one before"),
        (
            {"en_silver": "S", "spend_silver": "100", "en_gold": "G", "spend_gold": "50"},
            "takes more than the one before",
        ),
        ({"maturing_days": "-1"}, "greater than or equal to 0"),
        ({"code": "two words"}, "valid"),
    ],
)
def test_a_programme_that_makes_no_sense_is_refused_beside_the_field(
    admin: Client, values: dict[str, str], complaint: str
) -> None:
    place(admin)
    data = as_offered(admin.get("/loyalty/set-up"))
    answer = admin.post("/loyalty/set-up", data | {"name_en": "Club", "currency": "CNY"} | values)
    assert answer.status_code == 422
    assert complaint in re.sub(r"&[^;]+;", "'", answer.content.decode())
    assert not Programme.objects.exists()


def test_goods_have_a_first_category_too(admin: Client) -> None:
    place(admin)
    typed(admin, "/catalog/categories/new/", code="BREAD", name_en="Bread")
    assert Category.objects.count() == 1
