"""The world that the permission matrix walks through: one's own side of it and two others.

Three stores: one's *own*; one of another tenant in the same mall; one in another mall. Each side
has rows of every kind, made by the product's own services, and a member who bought there and
consented to sharing with tenants.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.test import Client

from mallard.kernel.access.actor import Actor, ActorKind, Scope
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.workspace.services.lists import save_view
from mallard.value.checkout.services import record_receipts
from mallard.value.ledger.models import Transfer
from mallard.value.rewards import services as rewards
from mallard.value.rewards.inputs import DeskInput, RedemptionInput
from mallard.value.sales.declarations.facts import DeclarationInput
from mallard.value.sales.declarations.services import declare_day
from mallard.value.sales.facts import LineInput, ReceiptInput, TenderInput
from mallard.value.sales.models import Source
from mallard.world.catalog import services as catalog
from mallard.world.catalog.facts import (
    CategoryInput,
    ProductBrandInput,
    ProductInput,
    VariantInput,
)
from mallard.world.footfall import services as footfall
from mallard.world.footfall.facts import CountInput, EntranceInput
from mallard.world.footfall.models import CounterSource
from mallard.world.malls import services as malls
from mallard.world.malls.contacts.services import ContactInput, create_contact
from mallard.world.malls.facts import (
    BrandInput,
    FloorInput,
    GroupInput,
    LeaseInput,
    MallInput,
    StoreInput,
    TenantInput,
    TradeCategoryInput,
    UnitInput,
)
from mallard.world.members import services as members
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput, MemberRef
from mallard.world.members.models import Identity
from mallard.world.staff.models import StaffUser
from mallard.world.staff.services import (
    Grant,
    begin_second_factor,
    create_api_key,
    create_role,
    create_staff,
    invite_staff,
)
from mallard.world.staff.sessions import SESSION
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.services import open_task
from tests.permissions.programme import MAKER, a_programme, a_reward

TAG = "regular"
COUNTED_AT = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


class SideName(StrEnum):
    OWN = "own"
    OTHER_TENANT = "other tenant"
    OTHER_MALL = "other mall"


class Reach(StrEnum):
    """The kinds of scope that the matrix tries."""

    GROUP = "group"
    MALL = "mall"
    TENANT = "tenant"
    STORE = "store"


EVERY_SIDE = frozenset(SideName)
OWN_SIDE = frozenset({SideName.OWN})
MALL_SIDES = frozenset({SideName.OWN, SideName.OTHER_TENANT})

# What happens in a store is seen from the group, its mall, its tenant and the store itself.
STORE_ROWS: Mapping[Reach, frozenset[SideName]] = {
    Reach.GROUP: EVERY_SIDE,
    Reach.MALL: MALL_SIDES,
    Reach.TENANT: OWN_SIDE,
    Reach.STORE: OWN_SIDE,
}
# A mall is seen by everybody with a store in it.
MALL_ROWS: Mapping[Reach, frozenset[SideName]] = {
    Reach.GROUP: EVERY_SIDE,
    Reach.MALL: MALL_SIDES,
    Reach.TENANT: MALL_SIDES,
    Reach.STORE: MALL_SIDES,
}
# What belongs to nobody in particular: lists, forms, the catalogue.
ANY_ROWS: Mapping[Reach, frozenset[SideName]] = dict.fromkeys(Reach, EVERY_SIDE)
# What needs the whole mall in one's scope, not only stores in it.
WHOLE_MALL_ROWS: Mapping[Reach, frozenset[SideName]] = {
    Reach.GROUP: EVERY_SIDE,
    Reach.MALL: MALL_SIDES,
    Reach.TENANT: frozenset(),
    Reach.STORE: frozenset(),
}


# What only staff of whole malls do, and what only the whole group's staff do: no row is named.
MALL_STAFF: dict[Reach, frozenset[SideName]] = {
    Reach.GROUP: EVERY_SIDE,
    Reach.MALL: EVERY_SIDE,
    Reach.TENANT: frozenset(),
    Reach.STORE: frozenset(),
}
GROUP_STAFF: Mapping[Reach, frozenset[SideName]] = MALL_STAFF | {Reach.MALL: frozenset()}
# What one person keeps for themselves: to everybody else it is not there.
NOBODYS_ROWS: Mapping[Reach, frozenset[SideName]] = dict.fromkeys(Reach, frozenset())


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of one store. ``secrets`` are texts that nobody outside may ever be shown."""

    name: SideName
    mall: Any
    floor: Any
    unit: Any
    tenant: Any
    brand: Any
    store: Any
    lease: Any
    entrance: Any
    contact_id: UUID
    member_id: UUID
    member_number: str
    phone: str
    identity_id: UUID
    note_id: UUID
    transfer_id: UUID
    receipt_id: UUID
    declaration_id: UUID
    receipt_number: str
    task_id: UUID
    desk: Any
    redemption_id: UUID
    colleague: StaffUser
    invitation_id: UUID
    key_id: UUID
    session_id: UUID
    secrets: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class World:
    group: Any
    trade_category: Any
    product: Any
    counted_on: dt.date
    view: Any
    own_role: str
    reward: Any
    sides: Mapping[SideName, Side]

    def scope(self, reach: Reach) -> Scope:
        """The scope of that kind round one's own store."""
        own = self.sides[SideName.OWN]
        return {
            Reach.GROUP: Scope(is_group=True),
            Reach.MALL: Scope(mall_ids=frozenset({own.mall.id})),
            Reach.TENANT: Scope(tenant_ids=frozenset({own.tenant.id})),
            Reach.STORE: Scope(store_ids=frozenset({own.store.id})),
        }[reach]


def build_world() -> World:
    """Make the three sides. Call it inside a transaction that is rolled back afterwards."""
    group = malls.save_group(GroupInput(code="PM", name_en="Permission group"), actor=MAKER)
    upper = malls.create_trade_category(
        TradeCategoryInput(code="PM-F", name_en="Food"), actor=MAKER
    )
    trade_category = malls.create_trade_category(
        TradeCategoryInput(code="PM-FB", name_en="Bakery", parent_id=upper.id), actor=MAKER
    )
    product = _product()
    members.save_tag(TAG, name_en="Regular", actor=MAKER)
    a_programme()
    first, second = (_mall(group, "PM-1"), _mall(group, "PM-2"))
    reward = a_reward(first)
    sides = {}
    for index, (name, mall) in enumerate(
        [(SideName.OWN, first), (SideName.OTHER_TENANT, first), (SideName.OTHER_MALL, second)]
    ):
        sides[name] = _side(name, index, mall, trade_category, reward)
    own_role = create_role(
        name_en="Greeter", name_zh="", purpose="", permissions=["malls.view_store"], actor=MAKER
    )
    return World(
        group=group,
        trade_category=trade_category,
        product=product,
        counted_on=COUNTED_AT.date(),
        view=_private_view(),
        own_role=own_role.code,
        reward=reward,
        sides=sides,
    )


def _private_view() -> Any:
    """A view of a list that somebody outside of the matrix keeps for themselves."""
    return save_view(
        "stores",
        path="/malls/stores/",
        name="Bakeries",
        query="sort=name",
        is_shared=False,
        is_default=False,
        actor=Actor(ActorKind.STAFF, uuid7(), "somebody"),
    )


def _mall(group: Any, code: str) -> Any:
    return malls.create_mall(
        MallInput(group_id=group.id, code=code, currency="USD", time_zone="UTC", name_en=code),
        actor=MAKER,
    )


def _product() -> Any:
    catalog.create_category(CategoryInput(code="PM-C", name_en="Bread"), actor=MAKER)
    catalog.create_brand(ProductBrandInput(code="PM-B", name_en="Mill"), actor=MAKER)
    return catalog.create_product(
        ProductInput(
            code="PM-P",
            name_en="Loaf",
            category_code="PM-C",
            brand_code="PM-B",
            variants=(VariantInput(sku="PM-SKU", barcodes=("6901234567892",)),),
        ),
        actor=MAKER,
    )


def _entrance(index: int, mall: Any, floor: Any) -> Any:
    entrance = footfall.create_entrance(
        EntranceInput(mall_id=mall.id, floor_id=floor.id, code=f"PM-E{index}", name_en="Door"),
        actor=MAKER,
    )
    count = CountInput(mall.code, entrance.code, COUNTED_AT, entries=12)
    footfall.record_count(count, actor=MAKER, source=CounterSource.API)
    return entrance


def _signed_in(colleague: StaffUser) -> UUID:
    """A browser in which they are, and codes on their phone."""
    client = Client()
    client.force_login(colleague, "django.contrib.auth.backends.ModelBackend")
    begin_second_factor(colleague.id, actor=MAKER)
    return UUID(client.session[SESSION])


def _side(name: SideName, index: int, mall: Any, trade_category: Any, reward: Any) -> Side:
    floor = malls.create_floor(
        FloorInput(mall_id=mall.id, code=f"F{index}", name_en="Floor", level=index), actor=MAKER
    )
    unit = malls.create_unit(
        UnitInput(floor_id=floor.id, code=f"PM-U{index}", area_dm2=9000), actor=MAKER
    )
    tenant = malls.create_tenant(
        TenantInput(code=f"PM-T{index}", name_en=f"Tenant {index}"), actor=MAKER
    )
    brand = malls.create_brand(
        BrandInput(tenant_id=tenant.id, code=f"PM-B{index}", name_en=f"Brand {index}"), actor=MAKER
    )
    store = malls.create_store(
        StoreInput(
            code=f"PM-S{index}",
            mall_id=mall.id,
            tenant_id=tenant.id,
            trade_category_id=trade_category.id,
            name_en=f"Store {index}",
            brand_id=brand.id,
            unit_id=unit.id,
        ),
        actor=MAKER,
    )
    lease = malls.create_lease(
        LeaseInput(
            tenant_id=tenant.id,
            unit_id=unit.id,
            starts_on=dt.date(2025, 1, 1),
            ends_on=dt.date(2028, 12, 31),
            area_dm2=9000,
            store_id=store.id,
            base_rent_minor=100_000,
        ),
        actor=MAKER,
    )
    phone = f"1380013800{index}"
    member = members.enrol_member(
        Enrolment(
            profile={"name": f"Ming Zhou{index}"},
            tags=(TAG,),
            identities=(IdentityInput("phone", phone),),
            consents=(ConsentInput("share_with_tenant"),),
            store_id=store.id,
            mall_id=mall.id,
            joined_at=now() - dt.timedelta(days=30),
        ),
        actor=MAKER,
    )
    here = Scope(store_ids=frozenset({store.id}))
    colleague = create_staff(
        email=f"colleague{index}@matrix.test",
        name=f"Colleague {index}",
        role="cashier",
        scope=here,
        actor=MAKER,
    )
    invitation = invite_staff(
        email=f"invited{index}@matrix.test",
        name="Invited",
        language="en",
        grants=[Grant("cashier", here)],
        actor=MAKER,
    )
    number = f"PM-R{index}-000771"
    outcome = record_receipts(
        [
            ReceiptInput(
                store_code=store.code,
                number=number,
                occurred_at=now() - dt.timedelta(days=1),
                currency="USD",
                member=MemberRef("phone", phone),
                lines=(LineInput(sku=None, name="Loaf", quantity_milli=1000, amount_minor=20_000),),
                tenders=(TenderInput(kind="cash", amount_minor=20_000),),
            )
        ],
        actor=MAKER,
        source=Source.API,
    )[0]
    assert outcome.receipt_id is not None, outcome
    declared = declare_day(
        DeclarationInput(store.code, COUNTED_AT.date(), 20_000, "USD"),
        actor=MAKER,
        source=Source.API,
    )
    assert declared.declaration_id is not None
    task = TaskInput(kind="follow_up", title=f"Ring {number}", store_id=store.id)
    task_id = open_task(task, actor=MAKER).id
    desk = rewards.create_desk(
        DeskInput(code=f"PM-D{index}", mall_id=mall.id, name_en=f"Desk {index}"), actor=MAKER
    )
    rewards.receive_stock(
        reward_id=reward.id, desk_id=desk.id, quantity=9, key=f"pm:{index}", actor=MAKER
    )
    redemption = rewards.place_redemption(
        RedemptionInput(
            key=f"pm:{index}", member_id=member.id, reward_id=reward.id, desk_id=desk.id
        ),
        is_confirmed=True,
        actor=MAKER,
    )
    return Side(
        name=name,
        mall=mall,
        floor=floor,
        unit=unit,
        tenant=tenant,
        brand=brand,
        store=store,
        lease=lease,
        entrance=_entrance(index, mall, floor),
        contact_id=create_contact(
            tenant.id, ContactInput(role="Manager", name="Li", phone="13800000077"), actor=MAKER
        ),
        member_id=member.id,
        member_number=member.number,
        phone=phone,
        identity_id=Identity.objects.get(member_id=member.id).id,
        note_id=members.write_note(member.id, f"Likes rye, {index}", actor=MAKER),
        transfer_id=Transfer.objects.filter(member_id=member.id).earliest("id").id,
        receipt_id=outcome.receipt_id,
        receipt_number=number,
        declaration_id=declared.declaration_id,
        task_id=task_id,
        desk=desk,
        redemption_id=redemption.id,
        secrets=(
            member.number,
            str(member.id),
            number,
            str(outcome.receipt_id),
            str(declared.declaration_id),
            phone,
            phone,
            str(task_id),
            redemption.code,
            str(redemption.id),
        ),
        colleague=colleague,
        invitation_id=invitation.id,
        key_id=create_api_key(
            name=f"Till {index}", scope=here, permissions=["malls.view_store"], actor=MAKER
        ).id,
        session_id=_signed_in(colleague),
    )
