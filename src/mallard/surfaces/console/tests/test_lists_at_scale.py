"""The main lists ask the database as often for a thousand rows as for ten.

What pages show of a thousand rows is a page of a hundred: a statement for each row would show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import count
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.clock import now
from mallard.kernel.workspace.models import Notification
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TILL, TradingWorld, a_receipt, a_trading_world
from mallard.value.sales.models import Source
from mallard.world.catalog.facts import ProductInput
from mallard.world.catalog.models import Category
from mallard.world.catalog.services import save_products
from mallard.world.malls.models import Store, Tenant
from mallard.world.malls.tests.factories import StoreFactory, TenantFactory
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.services import enrol_members
from mallard.world.members.tests.factories import SYSTEM, a_phone
from mallard.world.staff.models import RoleAssignment, StaffUser
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.services import open_tasks

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 1_000
_numbers = count(1)
BUYER = "13987654321"


def members(world: TradingWorld, wanted: int) -> None:
    enrol_members(
        [
            Enrolment(
                profile={"name": "王小明"},
                identities=(IdentityInput("phone", a_phone()),),
                store_id=world.bakery.id,
            )
            for _row in range(wanted)
        ],
        actor=SYSTEM,
    )


def receipts(world: TradingWorld, wanted: int) -> None:
    moment = now() - dt.timedelta(hours=1)
    record_receipts(
        [
            a_receipt(world.bakery, f"N-{next(_numbers)}", phone=BUYER, at=moment)
            for _row in range(wanted)
        ],
        actor=TILL,
        source=Source.POS,
    )


def products(world: TradingWorld, wanted: int) -> None:
    Category.objects.get_or_create(code="TEA", name_en="Tea")
    save_products(
        [
            ProductInput(code=f"T{next(_numbers)}", category_code="TEA", name_en="Green tea")
            for _row in range(wanted)
        ],
        actor=SYSTEM,
    )


def stores(world: TradingWorld, wanted: int) -> None:
    first = StoreFactory(mall=world.bakery.mall)
    alike = {
        "mall": first.mall,
        "tenant": first.tenant,
        "trade_category": first.trade_category,
        "name_en": "Store",
        "origin": first.origin,
    }
    Store.objects.bulk_create(Store(code=f"SC{next(_numbers)}", **alike) for _row in range(wanted))


def tenants(world: TradingWorld, wanted: int) -> None:
    Tenant.objects.bulk_create(
        TenantFactory.build(code=f"TN{next(_numbers)}") for _row in range(wanted)
    )


def tasks(world: TradingWorld, wanted: int) -> None:
    seller = StaffUser.objects.earliest("created_at")
    open_tasks(
        [
            TaskInput(
                kind="follow_up",
                title="Ring",
                store_id=world.bakery.id,
                assignee_id=seller.pk if row % 2 else None,
                role="crm_manager",
            )
            for row in range(wanted)
        ],
        actor=SYSTEM,
    )


def staff(world: TradingWorld, wanted: int) -> None:
    people = StaffUser.objects.bulk_create(
        StaffUser(email=f"p{next(_numbers)}@many.test", name="Many") for _row in range(wanted)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=person, role="cashier", is_group=True) for person in people
    )


def notifications(world: TradingWorld, wanted: int) -> None:
    reader = StaffUser.objects.earliest("created_at")
    Notification.objects.bulk_create(
        Notification(
            actor_id=reader.pk,
            kind="workspace.export_ready",
            params={"list": "Members", "rows": 3},
        )
        for _row in range(wanted)
    )


Make = Callable[[TradingWorld, int], None]
LISTS: dict[str, tuple[str, Make]] = {
    "members": ("/members/", members),
    "receipts": ("/sales/receipts", receipts),
    "transfers": ("/ledger/members/{buyer}/", receipts),
    "products": ("/catalog/products/", products),
    "stores": ("/malls/stores/", stores),
    "tenants": ("/malls/tenants/", tenants),
    "tasks": ("/tasks/all", tasks),
    "staff": ("/staff/", staff),
    "notifications": ("/workspace/notifications/", notifications),
    "audit": ("/staff/audit/", members),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_thousand_rows_cost_as_many_statements_as_ten(client: Client, name: str) -> None:
    address, make = LISTS[name]
    client.force_login(a_staff_user())
    world = a_trading_world(tenant_share_bp=7_000)
    buyer: UUID = enrol_members(
        [Enrolment(profile={"name": "李"}, identities=(IdentityInput("phone", BUYER),))],
        actor=SYSTEM,
    )[0].id
    url = f"{address.format(buyer=buyer)}?size=100"

    def cost() -> list[str]:
        client.get(url)  # whatever a process reads once, it has read now
        with CaptureQueriesContext(connection) as context:
            assert client.get(url).status_code == 200
        return [one["sql"] for one in context]

    make(world, FEW)
    few = cost()
    make(world, MANY - FEW)
    many = cost()
    assert len(many) == len(few), "\n".join(sql[:200] for sql in many if sql not in few)
