"""What a sample is, and how the rows of a side are named in paths and bodies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.kernel.faults.models import Fault
from mallard.kernel.health.jobs import check_now
from mallard.kernel.webhooks.models import Delivery, Subscription
from mallard.kernel.webhooks.services import WebhookInput, create_webhook
from mallard.value.loyalty.models import Benefit, Programme, Tier, TierOverride, WhatIf
from mallard.world.members.models import Member
from mallard.world.memberweb.tests.phones import a_phone_of
from tests.permissions.places import (
    ANY_ROWS,
    MAKER,
    TAG,
    Reach,
    Side,
    SideName,
    World,
)
from tests.permissions.programme import BUDGET, RULE

Values = Callable[[World, Side], Mapping[str, Any]]


def nothing(_world: World, _side: Side) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """``path`` fills the route's placeholders, ``query`` and ``body`` the rest of the request.

    ``seen`` says which sides each kind of scope reaches. ``names_rows_in_body`` marks writes whose
    row is named in the body: out of reach that is wrong input (4xx), and ``answers_per_item`` those
    where each item of a batch has its own answer, so that the whole has none. ``signs_out`` leads
    to the sign-in page by design. ``roles`` are those that reach such a row at all, where more than
    the place decides; None: every role that holds the permission.
    """

    seen: Mapping[Reach, frozenset[SideName]] = field(default_factory=lambda: ANY_ROWS)
    path: Values = nothing
    query: Values = nothing
    body: Values = nothing
    names_rows_in_body: bool = False
    answers_per_item: bool = False
    signs_out: bool = False
    roles: frozenset[str] | None = None

    def sides_seen(self, role: str, reach: Reach) -> frozenset[SideName]:
        """The sides whose rows somebody in ``role`` reaches."""
        return (
            frozenset() if self.roles is not None and role not in self.roles else self.seen[reach]
        )

    @property
    def names_rows(self) -> bool:
        """Whether the request differs from side to side."""
        return any(part is not nothing for part in (self.path, self.query, self.body))


# A list or an empty form: everybody with the permission gets it, with their own rows in it.
ANY = Sample()


def of_mall(_world: World, side: Side) -> Mapping[str, Any]:
    return {"mall_id": side.mall.id}


def of_store(_world: World, side: Side) -> Mapping[str, Any]:
    return {"store_id": side.store.id}


def of_tenant(_world: World, side: Side) -> Mapping[str, Any]:
    return {"tenant_id": side.tenant.id}


def of_receipt(_world: World, side: Side) -> Mapping[str, Any]:
    return {"receipt_id": side.receipt_id}


def of_category(world: World, _side: Side) -> Mapping[str, Any]:
    return {"category_id": world.product.category_id}


def of_product(world: World, _side: Side) -> Mapping[str, Any]:
    return {"product_id": world.product.id}


def of_product_brand(world: World, _side: Side) -> Mapping[str, Any]:
    return {"brand_id": world.product.brand_id}


def of_barcode(world: World, _side: Side) -> Mapping[str, Any]:
    barcode = world.product.variants.get().barcodes.get()
    return {"product_id": world.product.id, "barcode_id": barcode.id}


def new_receipt(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "store": side.store.code,
        "number": f"MATRIX-{side.name.value.replace(' ', '-')}",
        "occurred_at": "2026-01-05T12:00:00Z",
        "currency": "USD",
        "lines": [{"name": "Loaf", "quantity": 1, "amount_minor": 500}],
    }


def new_return(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "store": side.store.code,
        "number": f"MATRIX-RETURN-{side.name.value.replace(' ', '-')}",
        "receipt_number": side.receipt_number,
        "occurred_at": now().isoformat(),
    }


def of_member(_world: World, side: Side) -> Mapping[str, Any]:
    return {"member_id": side.member_id}


def of_identity(_world: World, side: Side) -> Mapping[str, Any]:
    return {"member_id": side.member_id, "identity_id": side.identity_id}


def of_note(_world: World, side: Side) -> Mapping[str, Any]:
    return {"member_id": side.member_id, "note_id": side.note_id}


def of_tag(_world: World, side: Side) -> Mapping[str, Any]:
    return {"member_id": side.member_id, "tag_code": TAG}


def of_transfer(_world: World, side: Side) -> Mapping[str, Any]:
    return {"transfer_id": side.transfer_id}


def of_task(_world: World, side: Side) -> Mapping[str, Any]:
    return {"task_id": side.task_id}


def of_rule(_world: World, _side: Side) -> Mapping[str, Any]:
    return {"code": RULE}


def of_budget(_world: World, _side: Side) -> Mapping[str, Any]:
    return {"code": BUDGET}


def of_benefit(_world: World, _side: Side) -> Mapping[str, Any]:
    tier = Tier.objects.order_by("rank").first()
    row, _is_new = Benefit.objects.get_or_create(
        kind="lounge", name_en="Lounge", tier=tier, programme=Programme.objects.get()
    )
    return {"benefit_id": row.pk}


def of_override(_world: World, side: Side) -> Mapping[str, Any]:
    day = now().date()
    row, _is_new = TierOverride.objects.get_or_create(
        member_id=side.member_id,
        tier=Tier.objects.order_by("rank").first(),
        reason="friend",
        defaults={"first_day": day, "last_day": day + timedelta(days=99), "given_at": now()},
    )
    return {"override_id": row.pk}


def of_what_if(_world: World, _side: Side) -> Mapping[str, Any]:
    return {"what_if_id": WhatIf.objects.values_list("pk", flat=True).get()}


def always(**values: Any) -> Values:
    return lambda _world, _side: values


def member_ids(_world: World, side: Side) -> Mapping[str, Any]:
    return {"member_ids": [str(side.member_id)]}


def new_member_form(_world: World, side: Side) -> Mapping[str, Any]:
    place = f"store:{side.store.id}"
    return {"phone": "13900000001", "language": "en", "programme": "on", "place": place}


def new_member(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "identities": [{"kind": "phone", "value": "13900000001"}],
        "store_code": side.store.code,
    }


def of_job(_world: World, _side: Side) -> Mapping[str, Any]:
    waiting = ProcrastinateJob.objects.filter(status="todo").first()
    return {"job_id": waiting.pk if waiting else check_now.defer()}


def of_fault(_world: World, _side: Side) -> Mapping[str, Any]:
    found, _made = Fault.objects.get_or_create(
        fingerprint="matrix", defaults={"kind": "page", "error": "Oops", "place": "a", "route": "/"}
    )
    return {"fault_id": found.pk}


def of_webhook(_world: World, _side: Side) -> Mapping[str, Any]:
    found = Subscription.objects.first()
    if found is None:
        item = WebhookInput("Matrix", "https://matrix.example", ("health.check_changed",))
        found, _secret = create_webhook(item, actor=MAKER)
    return {"webhook_id": found.pk}


def of_delivery(world: World, side: Side) -> Mapping[str, Any]:
    found = of_webhook(world, side)
    delivery, _made = Delivery.objects.get_or_create(
        subscription_id=found["webhook_id"],
        event_name="matrix",
        defaults={"event_id": found["webhook_id"], "next_try_at": now(), "created_at": now()},
    )
    return {**found, "delivery_id": delivery.pk}


def batch_of(item: Values) -> Values:
    return lambda world, side: {"items": [item(world, side)]}


def new_count(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "mall": side.mall.code,
        "entrance": side.entrance.code,
        "at": "2026-01-05T12:15:00Z",
        "entries": 40,
    }


def of_declared_month(world: World, side: Side) -> Mapping[str, Any]:
    return {"store_id": side.store.id, "month": f"{world.counted_on:%Y-%m}"}


def of_declaration(_world: World, side: Side) -> Mapping[str, Any]:
    return {"declaration_id": side.declaration_id}


def new_declaration(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "store": side.store.code,
        "business_day": "2026-01-06",
        "amount_minor": 20_000,
        "currency": "USD",
    }


def of_floor(_world: World, side: Side) -> Mapping[str, Any]:
    return {"floor_id": side.floor.id}


def of_contact(_world: World, side: Side) -> Mapping[str, Any]:
    return {"contact_id": side.contact_id}


def of_contact_part(world: World, side: Side) -> Mapping[str, Any]:
    return {**of_contact(world, side), "part": "phone"}


def of_lease(_world: World, side: Side) -> Mapping[str, Any]:
    return {"lease_id": side.lease.id}


def of_colleague(_world: World, side: Side) -> Mapping[str, Any]:
    return {"user_id": side.colleague.id}


def of_assignment(_world: World, side: Side) -> Mapping[str, Any]:
    assignment = side.colleague.assignments.get()
    return {"user_id": side.colleague.id, "assignment_id": assignment.id}


def of_session(_world: World, side: Side) -> Mapping[str, Any]:
    return {"session_id": side.session_id}


def of_session_of_colleague(_world: World, side: Side) -> Mapping[str, Any]:
    return {"user_id": side.colleague.id, "session_id": side.session_id}


def of_key(_world: World, side: Side) -> Mapping[str, Any]:
    return {"key_id": side.key_id}


def new_key(_world: World, side: Side) -> Mapping[str, Any]:
    place = f"store:{side.store.code}"
    return {"name": "T", "place": place, "days": "30", "permissions": ["malls.view_store"]}


def of_audit_entry(_world: World, side: Side) -> Mapping[str, Any]:
    return {"entry_id": Entry.objects.filter(subject_id=side.colleague.id).earliest("id").id}


def of_invitation(_world: World, side: Side) -> Mapping[str, Any]:
    return {"invitation_id": side.invitation_id}


def of_own_role(world: World, _side: Side) -> Mapping[str, Any]:
    return {"code": world.own_role}


def new_grant(_world: World, side: Side) -> Mapping[str, Any]:
    return {"role": "sales_assistant", "place": f"store:{side.store.code}"}


def new_invitation(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "email": "new@matrix.test",
        "name": "New",
        "language": "en",
        "grants-TOTAL_FORMS": "1",
        "grants-INITIAL_FORMS": "0",
        "grants-0-role": "cashier",
        "grants-0-place": f"store:{side.store.code}",
    }


def shown_code(_world: World, side: Side) -> Mapping[str, Any]:
    """The code that the member's phone shows now."""
    return {"code": a_phone_of(Member.objects.get(pk=side.member_id)).qr()}
