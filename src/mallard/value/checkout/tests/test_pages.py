"""Receipts and returns on screen."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.queries import wallet_of
from mallard.value.sales.models import PendingReturn, Receipt, Return, Source
from mallard.world.malls.models import Store
from mallard.world.members.models import Member
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    return a_trading_world(tenant_share_bp=7_000)


@pytest.fixture
def agent(client: Client) -> Client:
    """The service desk: sees receipts, takes goods back."""
    client.force_login(a_staff_user("service_agent"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def sold(store: Store, number: str = "R1", **more: object) -> Receipt:
    record_receipts([a_receipt(store, number, **more)], actor=TILL, source=Source.POS)
    return Receipt.objects.get(store=store, number=number)


def page_of(receipt: Receipt, name: str = "receipt") -> str:
    return reverse(f"checkout:{name}", args=[receipt.pk])


def text_of(answer) -> str:
    """What a reader sees: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


class TestReceipts:
    def test_filters_narrow_the_list(self, agent: Client, world: TradingWorld) -> None:
        a_member(PHONE, store=world.bakery)
        sold(world.bakery, "BAKE-1", phone=PHONE)
        sold(world.pharmacy, "PHARM-1", at=NOON - dt.timedelta(days=3))
        back = sold(world.bakery, "BACK-1")
        record_returns([a_return(world.bakery, "B1", "BACK-1")], actor=TILL, source=Source.POS)
        everything = {"BAKE-1", "PHARM-1", "BACK-1"}
        for query, wanted in {
            "": everything,
            "q=BAKE": {"BAKE-1"},
            f"mall={world.place.hillside.id}": set(),
            f"store={world.pharmacy.id}": {"PHARM-1"},
            "day_from=2026-03-01&day_to=2026-03-02": {"BAKE-1", "BACK-1"},
            "member=1": {"BAKE-1"},
            "returned=1": {back.number},
        }.items():
            text = text_of(agent.get(f"{reverse('checkout:receipts')}?{query}"))
            assert {number for number in everything if number in text} == wanted, query

    def test_a_mall_s_staff_see_only_its_receipts(self, client: Client, world) -> None:
        receipt = sold(world.bakery)
        scope = Scope(mall_ids=frozenset([world.place.hillside.id]))
        client.force_login(a_staff_user("service_agent", scope=scope))
        assert receipt.number not in text_of(client.get(reverse("checkout:receipts")))
        for name in ("receipt", "return_goods"):
            assert client.get(page_of(receipt, name)).status_code == 404
        assert client.post(page_of(receipt, "return_goods"), {}).status_code == 404

    @pytest.mark.parametrize("name", ["receipts", "returns", "pending_returns"])
    def test_who_may_not_see_receipts_sees_no_list(self, client: Client, world, name) -> None:
        client.force_login(a_staff_user("leasing"))
        assert client.get(reverse(f"checkout:{name}")).status_code == 403

    def test_the_list_asks_no_more_for_a_thousand_rows_than_for_ten(
        self, agent: Client, world: TradingWorld
    ) -> None:
        a_member(PHONE, store=world.bakery)
        asked = []
        for name, rows in (("receipts", 10), ("receipts", 1_000)):
            first = Receipt.objects.count()
            batch = [
                a_receipt(world.bakery, f"R{n}", phone=PHONE if n % 2 else None)
                for n in range(first, rows)
            ]
            backs = [a_return(world.bakery, f"B{n}", f"R{n}") for n in range(first, rows, 3)]
            early = [a_return(world.bakery, f"E{n}", f"X{n}") for n in range(first, rows)]
            record_receipts(batch, actor=TILL, source=Source.POS)
            record_returns([*backs, *early], actor=TILL, source=Source.POS)
            counts = []
            for page in ("receipts", "returns", "pending_returns"):
                agent.get(reverse(f"checkout:{page}"))
                with CaptureQueriesContext(connection) as queries:
                    assert agent.get(reverse(f"checkout:{page}")).status_code == 200, name
                counts.append(len(queries))
            asked.append(counts)
        assert asked[0] == asked[1]


class TestOneReceipt:
    def test_explains_its_points(self, agent: Client, world: TradingWorld) -> None:
        a_member(PHONE, store=world.bakery)
        day = dt.timedelta(days=1)
        sold(world.bakery, "R1", amount_minor=60_000, phone=PHONE, at=NOON - 2 * day)
        sold(world.bakery, "R2", amount_minor=60_000, phone=PHONE, at=NOON - day)
        goods = (line(10_000), line(5_000, sku="CIG-1"))
        text = text_of(agent.get(page_of(sold(world.bakery, "R3", lines=goods, phone=PHONE))))
        assert "150 points" in text
        assert "Base points 1 point for every CN¥1.00, on CN¥100.00" in text
        assert "Silver bonus 50" in text
        assert re.search(r"The tenant funds 70 ?, the mall 80 ?\.", text)
        assert "Tobacco" in text
        assert Member.objects.get().number in text

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ({}, "No member was named on the receipt"),
            ({"lines": (line(5_000, sku="CIG-1"),), "phone": PHONE}, "Only restricted goods"),
            ({"amount_minor": 99, "phone": PHONE}, "too small for one point"),
            ({"amount_minor": 0, "phone": PHONE}, "Nothing was paid"),
        ],
    )
    def test_says_why_it_earned_nothing(self, agent: Client, world, more, why: str) -> None:
        a_member(PHONE, store=world.bakery)
        receipt = sold(world.bakery, **more)
        assert why in text_of(agent.get(page_of(receipt)))
        assert why in text_of(agent.get(reverse("checkout:receipts")))

    def test_keeps_the_member_from_a_tenant_without_consent(self, client: Client, world) -> None:
        a_member(PHONE, store=world.bakery)
        receipt = sold(world.bakery, phone=PHONE)
        scope = Scope(tenant_ids=frozenset([world.place.bakery.id]))
        client.force_login(a_staff_user("tenant_manager", scope=scope))
        answer = client.get(page_of(receipt), headers={"Accept-Language": "en"})
        assert "They have not agreed to be known to this store." in text_of(answer)
        assert Member.objects.get().number not in text_of(answer)
        assert "Return goods" not in text_of(answer)
        assert client.get(page_of(receipt, "return_goods")).status_code == 403

    def test_reads_in_chinese(self, agent: Client, world: TradingWorld) -> None:
        answer = agent.get(page_of(sold(world.bakery)), headers={"Accept-Language": "zh-hans"})
        text = text_of(answer)
        assert "小票未关联会员" in text
        assert "办理退货" in text
        assert "暖阳烘焙湖畔店" in text


class TestReturningGoods:
    def form_of(self, agent: Client, receipt: Receipt) -> dict[str, str]:
        """The form as the browser would send it, everything proposed."""
        html = agent.get(page_of(receipt, "return_goods")).content.decode()
        inputs = re.findall(r"<input[^>]*>", html)
        pairs = (
            (re.search(r'name="([^"]+)"', i), re.search(r'value="([^"]*)"', i)) for i in inputs
        )
        fields = {n[1]: unescape(v[1]) for n, v in pairs if n and v}
        return {k: v for k, v in fields.items() if k in {"number", "occurred_at"} or "line_" in k}

    def test_takes_some_of_it_back_and_says_what_it_meant(self, agent: Client, world) -> None:
        member_id = a_member(PHONE, store=world.bakery)
        receipt = sold(world.bakery, lines=(line(6_000), line(4_000)), phone=PHONE)
        form = self.form_of(agent, receipt) | {"line_2": "0"}
        answer = agent.post(page_of(receipt, "return_goods"), form, follow=True)
        assert "Returned: refund CN¥60.00. 60 points were taken back." in text_of(answer)
        assert "CN¥60.00 returned" in text_of(answer)
        back = Return.objects.get()
        assert (back.refund_minor, back.source, back.actor_kind) == (6_000, "staff", "staff")
        assert wallet_of([member_id])[member_id].balance == 40
        assert "Left to return: 1, paid CN¥40.00" in text_of(
            agent.get(page_of(receipt, "return_goods"))
        )

    def test_the_same_form_twice_is_one_return(self, agent: Client, world) -> None:
        receipt = sold(world.bakery, lines=(line(6_000, quantity_milli=4_000),))
        form = self.form_of(agent, receipt) | {"line_1": "1"}
        first = agent.post(page_of(receipt, "return_goods"), form)
        again = agent.post(page_of(receipt, "return_goods"), form)
        assert first.status_code == again.status_code == 302
        assert Return.objects.get().refund_minor == 1_500
        another = self.form_of(agent, receipt) | {"line_1": "1"}
        agent.post(page_of(receipt, "return_goods"), another)
        assert Return.objects.count() == 2

    @pytest.mark.parametrize("typed", ["0", "", "2", "-1", "0.0001", "many"])
    def test_what_cannot_be_is_said_beside_the_field(self, agent: Client, world, typed) -> None:
        receipt = sold(world.bakery)
        form = self.form_of(agent, receipt) | {"line_1": typed}
        answer = agent.post(page_of(receipt, "return_goods"), form)
        assert answer.status_code == 422
        assert not Return.objects.exists()

    def test_a_form_that_was_overtaken_is_refused(self, agent: Client, world) -> None:
        receipt = sold(world.bakery)
        form = self.form_of(agent, receipt)
        record_returns([a_return(world.bakery, "B1", "R1")], actor=TILL, source=Source.POS)
        answer = agent.post(page_of(receipt, "return_goods"), form)
        assert answer.status_code == 422
        assert "has come back" in text_of(answer)
        assert Return.objects.count() == 1
        assert "Return goods" not in text_of(agent.get(page_of(receipt)))


def test_returns_and_those_that_wait_are_listed(agent: Client, world: TradingWorld) -> None:
    sold(world.bakery, "R1")
    backs = [a_return(world.bakery, "B1", "R1"), a_return(world.bakery, "B2", "UNKNOWN")]
    record_returns(backs, actor=TILL, source=Source.POS)
    done = text_of(agent.get(reverse("checkout:returns")))
    assert "B1" in done
    assert "B2" not in done
    waiting = text_of(agent.get(reverse("checkout:pending_returns")))
    assert "UNKNOWN" in waiting
    assert "Its sale has not arrived" in waiting
    # The sale comes and the return does not fit it: it says so and waits for somebody.
    sold(world.bakery, "UNKNOWN", at=NOON + dt.timedelta(hours=3))
    assert PendingReturn.objects.get().problem == "sales.return_before_sale"
    waiting = text_of(agent.get(reverse("checkout:pending_returns")))
    assert "It is dated before its sale" in waiting
