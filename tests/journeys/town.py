"""The town that the journeys happen in: two malls, two tenants, members, yesterday's receipts."""

from __future__ import annotations

import datetime as dt
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.kernel.clock import now
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_receipt,
    a_trading_world,
    line,
)
from mallard.value.sales.models import Receipt, Source
from mallard.world.malls.models import Store
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput
from mallard.world.members.services import enrol_member

LILI_PHONE = "13812345678"
CHEN_PHONE = "13987654321"
ANN_EMAIL = "ann.baker@example.com"


@dataclass(frozen=True)
class Town:
    """Lili buys bread at the lake and lets the stores know her; Chen buys there and does not; Ann
    is a member of the mall on the hill."""

    trade: TradingWorld
    lili: UUID
    chen: UUID
    ann: UUID

    @property
    def bakery(self) -> Store:
        return self.trade.bakery

    @property
    def pharmacy(self) -> Store:
        return self.trade.pharmacy

    def receipt(self, number: str) -> Receipt:
        return Receipt.objects.get(number=number)


def a_town() -> Town:
    """Make everything through the services that tills and staff use."""
    trade = a_trading_world(tenant_share_bp=7_000)
    lili = _member("李丽丽", IdentityInput("phone", LILI_PHONE), trade.bakery, is_sharing=True)
    chen = _member("陈安静", IdentityInput("phone", CHEN_PHONE), trade.bakery, is_sharing=False)
    hill = trade.place.hillside_pharmacy
    ann = _member("Ann Baker", IdentityInput("email", ANN_EMAIL), hill, is_sharing=False)
    yesterday = now().replace(microsecond=0) - dt.timedelta(days=1)
    goods = (line(60_000), line(5_000, sku="CIG-1"), line(4_000))
    receipts = [
        a_receipt(trade.bakery, "BREAD-0042", phone=LILI_PHONE, at=yesterday, lines=goods),
        a_receipt(trade.bakery, "BREAD-0043", 1_200, phone=CHEN_PHONE, at=yesterday),
        a_receipt(trade.pharmacy, "PILLS-0007", 3_000, phone=LILI_PHONE, at=yesterday),
    ]
    outcomes = record_receipts(receipts, actor=TILL, source=Source.POS)
    assert [outcome.error for outcome in outcomes] == [None, None, None]
    return Town(trade, lili, chen, ann)


def _member(name: str, identity: IdentityInput, store: Store, *, is_sharing: bool) -> UUID:
    enrolment = Enrolment(
        profile={"name": name},
        identities=(identity,),
        consents=(ConsentInput("share_with_tenant", is_granted=is_sharing),),
        store_id=store.id,
        mall_id=store.mall_id,
        joined_at=now() - dt.timedelta(days=400),
    )
    return enrol_member(enrolment, actor=TILL).id


@dataclass
class Till:
    """A point of sale that speaks to the API over HTTP, as any program would."""

    origin: str
    key: str

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Send a request; give its status and its JSON. ``key`` is the idempotency key."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"}
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            f"{self.origin}/api/v1{path}", data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)
