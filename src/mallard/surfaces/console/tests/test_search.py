"""The search over everything: what each role finds, what it costs, and what is kept of it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import Scope
from mallard.kernel.ui import finding
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TILL, TradingWorld, a_receipt, a_trading_world
from mallard.value.rewards.rules import shown_code
from mallard.value.rewards.tests.factories import a_counter, a_reward, give, place
from mallard.value.sales.models import Source
from mallard.world.catalog.models import Category, Product
from mallard.world.lists.services import make_list
from mallard.world.malls.tests.factories import BrandFactory
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.services import erase_member, save_tag
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.tests.factories import a_task

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world(tenant_share_bp=7_000)


@pytest.fixture
def manager() -> StaffUser:
    return a_staff_user("crm_manager", name="Manager Ma")


def found(client: Client, text: str) -> dict[str, list[str]]:
    """What the page shows: per group, the labels."""
    answer = client.get("/search", {"q": text})
    assert answer.status_code == 200
    return {group.key: [str(hit.label) for hit in group.hits] for group in answer.context["groups"]}


@pytest.mark.parametrize(
    "text", [PHONE, "138 1234 5678", "5678", "lili@example.com", "CARD-778899", "丽丽", "李丽"]
)
def test_a_member_is_found_by_any_identity_and_by_name(
    client: Client, manager: StaffUser, text: str
) -> None:
    identities = (
        IdentityInput("email", "lili@example.com"), IdentityInput("card", "CARD-778899"),
    )  # fmt: skip
    member = a_member(name="李丽丽", phone=PHONE, identities=identities)
    a_member(name="王小明")
    client.force_login(manager)
    assert found(client, text)["members"] == ["李丽丽"]
    assert found(client, member.number)["members"] == ["李丽丽"]


def test_what_is_personal_is_masked(client: Client) -> None:
    a_member(name="李丽丽", phone=PHONE)
    client.force_login(a_staff_user("auditor"))
    page = client.get("/search", {"q": "5678"}).content.decode()
    assert "138****5678" in page
    assert PHONE not in page
    assert "李丽丽" not in page


def test_an_erased_member_is_found_by_nothing(client: Client, manager: StaffUser) -> None:
    member = a_member(name="李丽丽", phone=PHONE)
    erase_member(member.id, actor=SYSTEM)
    client.force_login(manager)
    for text in (PHONE, "5678", "丽丽"):
        assert "members" not in found(client, text)


def test_receipts_stores_tenants_products_tasks_colleagues_and_settings(
    client: Client, world: TradingWorld
) -> None:
    record_receipts([a_receipt(world.bakery, "BREAD-0042")], actor=TILL, source=Source.POS)
    category = Category.objects.create(code="TEA", name_en="Tea", name_zh="茶")
    a_task(title="Count the lanterns")
    boss = a_staff_user(name="Boss Bo", email="bo@example.com")
    client.force_login(boss)
    assert found(client, "BREAD-00")["receipts"] == ["BREAD-0042"]
    assert world.bakery.name in found(client, world.bakery.code)["stores"]
    assert found(client, world.bakery.tenant.code)["tenants"] == [world.bakery.tenant.name]
    product = Product.objects.filter(category__isnull=False).first()
    assert product is not None
    assert category.pk
    assert product.name in found(client, product.code)["products"]
    assert found(client, "lanterns")["tasks"] == ["Count the lanterns"]
    assert found(client, "bo@example.com")["staff"] == ["Boss Bo"]
    assert any("export" in label.lower() for label in found(client, "exports")["settings"])
    assert found(client, "receipts")["pages"][0] == "Receipts"


def test_a_scope_finds_only_its_own(client: Client, world: TradingWorld) -> None:
    record_receipts(
        [a_receipt(world.bakery, "B-0001"), a_receipt(world.pharmacy, "B-0002")],
        actor=TILL,
        source=Source.POS,
    )
    baker = Scope(store_ids=frozenset([world.bakery.id]))
    client.force_login(a_staff_user("sales_assistant", scope=baker))
    assert found(client, "B-000")["receipts"] == ["B-0001"]
    assert "stores" not in found(client, world.pharmacy.code)
    a_member(name="李丽丽", phone=PHONE)
    assert "members" not in found(client, PHONE)


def test_a_group_needs_its_permission(client: Client) -> None:
    a_staff_user(name="Boss Bo", email="bo@example.com")
    client.force_login(a_staff_user("cashier"))
    groups = found(client, "bo@example.com")
    assert "staff" not in groups
    assert "settings" not in found(client, "exports")


def test_a_rare_and_a_common_word_cost_the_same(client: Client, manager: StaffUser) -> None:
    for number in range(3):
        a_member(name="李丽丽", phone=f"1381234567{number}")
    client.force_login(manager)
    client.get("/search", {"q": "李"})  # whatever is read once per process is read now
    with CaptureQueriesContext(connection) as few:
        assert len(found(client, "李丽丽")["members"]) == 3
    for number in range(12):
        a_member(name="李丽丽", phone=f"138123456{number:02d}")
    with CaptureQueriesContext(connection) as many:
        assert len(found(client, "李丽丽")["members"]) == 15
    assert len(few) == len(many)


def test_one_letter_asks_no_table(client: Client, manager: StaffUser) -> None:
    a_member(name="X Li")
    client.force_login(manager)
    assert set(found(client, "x")) <= {"pages", "acts"}
    assert "two letters" in client.get("/search", {"q": "x"}).content.decode()


@pytest.mark.parametrize("text", ["%", "' OR 1=1 --", "a" * 500, "<script>", "\\", "🦆🦆"])
def test_odd_words_find_nothing_and_break_nothing(
    client: Client, manager: StaffUser, text: str
) -> None:
    client.force_login(manager)
    for path in ("/search", "/search/palette"):
        answer = client.get(path, {"q": text})
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().partition("<main")[2]


def test_more_than_fits_leads_to_the_list(client: Client, manager: StaffUser) -> None:
    for number in range(finding.SHORT_LIMIT + 1):
        a_member(name="李丽丽", phone=f"1381234567{number}")
    client.force_login(manager)
    page = client.get("/search/palette", {"q": "丽丽"}).content.decode()
    assert page.count('href="/members/') == finding.SHORT_LIMIT + 1
    assert "/members/?q=%E4%B8%BD%E4%B8%BD" in page


def test_what_was_searched_is_logged_nowhere(
    client: Client, manager: StaffUser, caplog: pytest.LogCaptureFixture
) -> None:
    a_member(name="李丽丽", phone=PHONE)
    client.force_login(manager)
    with caplog.at_level(logging.DEBUG):
        client.get("/search", {"q": PHONE})
        client.get("/search/palette", {"q": PHONE})
    written: list[Any] = [
        {k: v for k, v in record.__dict__.items() if k not in ("request", "sql", "params")}
        for record in caplog.records
        if record.name.startswith("mallard")
    ]
    assert any(line.get("route") == "search/palette" for line in written)
    assert PHONE not in json.dumps(written, default=str)


def test_the_answer_is_not_kept_by_the_browser(client: Client, manager: StaffUser) -> None:
    client.force_login(manager)
    for path in ("/search", "/search/palette"):
        assert "no-store" in client.get(path, {"q": PHONE})["Cache-Control"]


def test_the_palette_offers_what_the_role_may_begin(client: Client) -> None:
    client.force_login(a_staff_user("administrator"))
    page = client.get("/search/palette").content.decode()
    assert "/tasks/new" in page
    assert "/members/enrol" in page
    assert 'value="zh-hans"' in page
    client.force_login(a_staff_user("auditor"))
    page = client.get("/search/palette").content.decode()
    assert "/members/enrol" not in page
    assert "/staff/audit/" in page


def test_the_palette_reports_a_problem_with_the_page_below_it(
    client: Client, manager: StaffUser
) -> None:
    client.force_login(manager)
    page = client.get("/search/palette", {"q": "report", "page": "/members/", "seen": "abc"})
    assert "page=%2Fmembers%2F&amp;seen=abc" in page.content.decode()


def test_rewards_their_redemptions_lists_tags_and_brands_are_found(
    client: Client, manager: StaffUser
) -> None:
    counter = a_counter()
    world = counter.trade
    reward = a_reward(counter, code="MUG", name_en="Duck mug", stock=5)
    member = a_member(name="李丽丽", phone=PHONE)
    give(counter, member.pk, 500)
    row = place(member.pk, reward, counter.desk)
    save_tag("mug-lovers", name_en="Mug lovers", actor=SYSTEM)
    make_list("Mug party", actor=actor_for_user(manager))
    brand = BrandFactory(tenant=world.place.bakery, name_en="Mug & Co", name_zh="")
    client.force_login(manager)
    groups = found(client, "mug")
    assert groups["rewards"] == ["Duck mug"]
    assert groups["tags"] == ["Mug lovers"]
    assert groups["lists"] == ["Mug party"]
    assert groups["brands"] == [brand.name]
    assert "redemptions" not in groups
    for typed in (row.code, shown_code(row.code).lower(), f" {row.code[:5]} {row.code[5:]}"):
        assert found(client, typed)["redemptions"] == [shown_code(row.code)], typed
    assert "redemptions" not in found(client, row.code[:6])
    # A list that is not shared is its owner's.
    client.force_login(a_staff_user("crm_manager"))
    assert "lists" not in found(client, "mug")
    client.force_login(a_staff_user("cashier"))
    assert found(client, "mug").keys() <= {"tags"}
