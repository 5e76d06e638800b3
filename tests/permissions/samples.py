"""How each URL is called by the permission matrix, and who may see what it shows.

One line per URL, keyed by its route as Django writes it (`/members/<uuid:member_id>/`), or with the
method in front where methods differ (`POST /api/v1/receipts`). A URL that is new fails
`test_every_url_has_a_sample` until its line stands here: decide there and then whose rows it shows.
"""

from __future__ import annotations

from tests.permissions.catalog_samples import CATALOG
from tests.permissions.corrections_samples import CORRECTIONS
from tests.permissions.counter_samples import COUNTER
from tests.permissions.intake_samples import INTAKE
from tests.permissions.list_samples import LISTS
from tests.permissions.member_api_samples import ONE_MEMBER_API
from tests.permissions.migration_samples import MIGRATION
from tests.permissions.phone_samples import PHONES
from tests.permissions.places import (
    GROUP_STAFF,
    MALL_ROWS,
    MALL_STAFF,
    NOBODYS_ROWS,
    STORE_ROWS,
    TAG,
    WHOLE_MALL_ROWS,
)
from tests.permissions.privacy_samples import PRIVACY
from tests.permissions.reward_samples import REWARDS
from tests.permissions.rows import (
    ANY,
    Sample,
    always,
    batch_of,
    member_ids,
    new_count,
    new_declaration,
    new_member,
    new_member_form,
    new_receipt,
    new_return,
    of_benefit,
    of_budget,
    of_contact,
    of_contact_part,
    of_declaration,
    of_declared_month,
    of_delivery,
    of_fault,
    of_floor,
    of_identity,
    of_job,
    of_lease,
    of_mall,
    of_member,
    of_note,
    of_override,
    of_receipt,
    of_rule,
    of_session,
    of_store,
    of_tag,
    of_tenant,
    of_transfer,
    of_webhook,
    of_what_if,
    shown_code,
)
from tests.permissions.staff_samples import STAFF
from tests.permissions.task_samples import TASKS
from tests.permissions.wallet_samples import WALLETS
from tests.permissions.watch_samples import WATCH
from tests.permissions.workspace_samples import WORKSPACE


def sample_of(method: str, route: str) -> Sample | None:
    """The sample of a URL, if it has one."""
    return SAMPLES.get(f"{method} /{route}") or SAMPLES.get(f"/{route}")


CONSOLE = {
    "/": ANY,
    "/help/": ANY,
    "/help/<slug:topic>": Sample(path=always(topic="find-anything")),
    "/search": Sample(query=lambda _world, side: {"q": side.phone[-4:]}),
    "/search/palette": Sample(query=lambda _world, side: {"q": side.receipt_number[:-1]}),
    "/profile": ANY,
    "/profile/password": ANY,
    "/profile/second-factor": ANY,
    "/profile/second-factor/qr.svg": ANY,
    "/profile/second-factor/recovery-codes": ANY,
    "/profile/second-factor/remove": ANY,
    "/profile/sessions": ANY,
    "/profile/sessions/end-others": ANY,
    "/profile/sessions/<uuid:session_id>/end": Sample(path=of_session, seen=NOBODYS_ROWS),
    "/sign-out": Sample(signs_out=True),
    "/health/": ANY,
    "/health/check": ANY,
    "/errors/": ANY,
    "/errors/<uuid:fault_id>/": Sample(path=of_fault),
    "/errors/<uuid:fault_id>/resolve": Sample(path=of_fault),
    "/security/": ANY,
    "/security/check": ANY,
    "/jobs/": ANY,
    "/jobs/periodic": ANY,
    "/jobs/<int:job_id>": Sample(path=of_job),
    "/jobs/<int:job_id>/retry": Sample(path=of_job),
    "/jobs/<int:job_id>/cancel": Sample(path=of_job),
    "/retention/": ANY,
    "/webhooks/": Sample(seen=GROUP_STAFF),
    "/webhooks/new": Sample(seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>": Sample(path=of_webhook, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/edit": Sample(path=of_webhook, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/secret": Sample(path=of_webhook, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/stop": Sample(path=of_webhook, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/start": Sample(path=of_webhook, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/replay": Sample(path=of_webhook, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/<uuid:delivery_id>": Sample(path=of_delivery, seen=GROUP_STAFF),
    "/webhooks/<uuid:webhook_id>/<uuid:delivery_id>/replay": Sample(
        path=of_delivery, seen=GROUP_STAFF
    ),
    "/settings/": ANY,
    "/settings/<str:code>": Sample(path=always(code="outbox.kept_days"), seen=GROUP_STAFF),
}


MALLS = {
    "/malls/": ANY,
    "/malls/new/": Sample(seen=GROUP_STAFF),
    "/malls/group/": Sample(seen=GROUP_STAFF),
    "/malls/<uuid:mall_id>/": Sample(path=of_mall, seen=MALL_ROWS),
    "/malls/<uuid:mall_id>/edit/": Sample(path=of_mall, seen=WHOLE_MALL_ROWS),
    "/malls/stores/": ANY,
    "/malls/stores/new/": Sample(seen=MALL_STAFF),
    "/malls/stores/<uuid:store_id>/": Sample(path=of_store, seen=STORE_ROWS),
    "/malls/stores/<uuid:store_id>/edit/": Sample(path=of_store, seen=STORE_ROWS),
    "/malls/tenants/": ANY,
    "/malls/tenants/new/": ANY,
    "/malls/tenants/<uuid:tenant_id>/": Sample(path=of_tenant, seen=STORE_ROWS),
    "/malls/tenants/<uuid:tenant_id>/edit/": Sample(path=of_tenant, seen=STORE_ROWS),
    "/malls/tenants/<uuid:tenant_id>/brands/new/": Sample(path=of_tenant, seen=STORE_ROWS),
    "/malls/brands/": ANY,
    "/malls/brands/<uuid:brand_id>/": Sample(
        path=lambda _world, side: {"brand_id": side.brand.id}, seen=STORE_ROWS
    ),
    "/malls/brands/<uuid:brand_id>/edit/": Sample(
        path=lambda _world, side: {"brand_id": side.brand.id}, seen=STORE_ROWS
    ),
    "/malls/tenants/<uuid:tenant_id>/moved-out/": Sample(path=of_tenant, seen=STORE_ROWS),
    "/malls/stores/<uuid:store_id>/hours/": Sample(path=of_store, seen=STORE_ROWS),
    "/malls/<uuid:mall_id>/hours/": Sample(path=of_mall, seen=WHOLE_MALL_ROWS),
    "/malls/tenants/<uuid:tenant_id>/contacts/new/": Sample(path=of_tenant, seen=STORE_ROWS),
    "/malls/contacts/<uuid:contact_id>/edit/": Sample(path=of_contact, seen=STORE_ROWS),
    "/malls/contacts/<uuid:contact_id>/reveal/<str:part>/": Sample(
        path=of_contact_part, seen=STORE_ROWS
    ),
    "/malls/contacts/<uuid:contact_id>/remove/": Sample(path=of_contact, seen=STORE_ROWS),
    "/malls/stores/<uuid:store_id>/close/": Sample(path=of_store, seen=STORE_ROWS),
    "/malls/<uuid:mall_id>/floors/new/": Sample(path=of_mall, seen=WHOLE_MALL_ROWS),
    "/malls/floors/<uuid:floor_id>/edit/": Sample(path=of_floor, seen=WHOLE_MALL_ROWS),
    "/malls/floors/<uuid:floor_id>/plan/": Sample(path=of_floor, seen=WHOLE_MALL_ROWS),
    "/malls/floors/<uuid:floor_id>/units/new/": Sample(path=of_floor, seen=WHOLE_MALL_ROWS),
    "/malls/units/<uuid:unit_id>/edit/": Sample(
        path=lambda _world, side: {"unit_id": side.unit.id}, seen=WHOLE_MALL_ROWS
    ),
    "/malls/leases/": ANY,
    "/malls/leases/new/": Sample(seen=MALL_STAFF),
    "/malls/leases/<uuid:lease_id>/": Sample(path=of_lease, seen=STORE_ROWS),
    "/malls/leases/<uuid:lease_id>/edit/": Sample(path=of_lease, seen=WHOLE_MALL_ROWS),
    "/malls/leases/<uuid:lease_id>/end/": Sample(path=of_lease, seen=WHOLE_MALL_ROWS),
    "/malls/trade-categories/": ANY,
    "/malls/trade-categories/new/": ANY,
    "/malls/trade-categories/<uuid:category_id>/edit/": Sample(
        path=lambda world, _side: {"category_id": world.trade_category.id}
    ),
}

# Who passes a mall's doors is the business of who holds the whole mall.
FOOTFALL = {
    "/footfall/": ANY,
    "/footfall/malls/<uuid:mall_id>/<str:business_day>/": Sample(
        path=lambda world, side: {
            "mall_id": side.mall.id,
            "business_day": world.counted_on.isoformat(),
        },
        seen=WHOLE_MALL_ROWS,
    ),
    "/footfall/entrances/": ANY,
    "/footfall/entrances/new/": Sample(seen=MALL_STAFF),
    "/footfall/entrances/<uuid:entrance_id>/edit/": Sample(
        path=lambda _world, side: {"entrance_id": side.entrance.id}, seen=WHOLE_MALL_ROWS
    ),
    "GET /api/v1/footfall": Sample(
        query=lambda world, side: {
            "mall": side.mall.code,
            "first": world.counted_on.isoformat(),
            "last": world.counted_on.isoformat(),
        },
    ),
    "/api/v1/footfall/entrances": ANY,
    "/api/v1/footfall/batch": Sample(
        body=batch_of(new_count), seen=WHOLE_MALL_ROWS, answers_per_item=True
    ),
}

MALLS_API = {
    "/api/v1/malls": ANY,
    "/api/v1/stores": ANY,
    "/api/v1/stores/<code>": Sample(
        path=lambda _world, side: {"code": side.store.code}, seen=STORE_ROWS
    ),
}

# A member is known where they enrolled or bought, and to tenants because these three consented.
MEMBERS = {
    "/members/": ANY,
    "GET /members/enrol": ANY,
    "POST /members/enrol": Sample(body=new_member_form, seen=STORE_ROWS, names_rows_in_body=True),
    "/members/<uuid:member_id>/": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/page-link": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/edit": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/timeline": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/consents/history": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/close": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/reopen": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/erase": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/unmerge": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/identities": Sample(
        path=of_member, seen=STORE_ROWS, body=always(kind="plate", value="沪A12345")
    ),
    "/members/<uuid:member_id>/identities/<uuid:identity_id>/remove": Sample(
        path=of_identity, seen=STORE_ROWS
    ),
    "/members/<uuid:member_id>/identities/<uuid:identity_id>/reveal": Sample(
        path=of_identity, seen=STORE_ROWS, body=always(reason="They ask which number we have")
    ),
    "/members/<uuid:member_id>/consents": Sample(
        path=of_member,
        seen=STORE_ROWS,
        body=always(purpose="marketing", channel="any", decision="refused"),
    ),
    "/members/tags/": ANY,
    "/members/tags/new": ANY,
    "/members/tags/<slug:tag_code>/": Sample(path=always(tag_code=TAG)),
    "/members/tags/<slug:tag_code>/edit": Sample(path=always(tag_code=TAG)),
    "/members/tags/<slug:tag_code>/retire": Sample(path=always(tag_code=TAG), seen=GROUP_STAFF),
    "/members/tags/<slug:tag_code>/merge": Sample(path=always(tag_code=TAG)),
    "/quality/": ANY,
    "/quality/measure": ANY,
    "/members/<uuid:member_id>/referrer": Sample(
        path=of_member, seen=STORE_ROWS, body=always(referrer="NOBODY22")
    ),
    "/members/<uuid:member_id>/referrer/end": Sample(path=of_member, seen=STORE_ROWS),
    "/members/<uuid:member_id>/tags": Sample(path=of_member, seen=STORE_ROWS, body=always(tag=TAG)),
    "/members/<uuid:member_id>/tags/<slug:tag_code>/remove": Sample(path=of_tag, seen=STORE_ROWS),
    "/members/<uuid:member_id>/notes": Sample(
        path=of_member, seen=STORE_ROWS, body=always(body="Asked for a receipt")
    ),
    "/members/<uuid:member_id>/notes/<uuid:note_id>/remove": Sample(path=of_note, seen=STORE_ROWS),
}

MEMBERS_API = {
    "GET /api/v1/tags": ANY,
    "/api/v1/tags/<tag_code>/members": Sample(path=always(tag_code=TAG), body=member_ids),
    "/api/v1/tags/<tag_code>/members/remove": Sample(path=always(tag_code=TAG), body=member_ids),
    "GET /api/v1/members": ANY,
    "POST /api/v1/members": Sample(body=new_member, seen=STORE_ROWS, names_rows_in_body=True),
    "/api/v1/members/search": Sample(
        body=lambda _world, side: {"kind": "phone", "value": side.phone}, seen=STORE_ROWS
    ),
    "/api/v1/card-codes": Sample(body=shown_code, seen=STORE_ROWS, names_rows_in_body=True),
    "/api/v1/card-codes/keys": ANY,
    **ONE_MEMBER_API,
}

# Points are the member's: who may know of the member and see wallets sees where they came from.
LEDGER = {
    "/ledger/funders/": ANY,
    "/ledger/members/<uuid:member_id>/": Sample(path=of_member, seen=STORE_ROWS),
    "/ledger/transfers/<uuid:transfer_id>/": Sample(path=of_transfer, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/tier": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/points": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/lots": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/transfers": Sample(path=of_member, seen=STORE_ROWS),
}

# There is one programme for all malls: everybody reads it, the group's staff change it.
LOYALTY = {
    "/loyalty/": ANY,
    "/loyalty/rules/new": Sample(seen=GROUP_STAFF),
    "/loyalty/rules/preview": ANY,
    "/loyalty/rules/<slug:code>": Sample(path=of_rule),
    "/loyalty/rules/<slug:code>/change": Sample(path=of_rule, seen=GROUP_STAFF),
    "/loyalty/rules/<slug:code>/end": Sample(path=of_rule, seen=GROUP_STAFF),
    "/loyalty/what-if/": Sample(seen=GROUP_STAFF),
    "/loyalty/what-if/new": Sample(seen=GROUP_STAFF),
    "/loyalty/what-if/<uuid:what_if_id>": Sample(path=of_what_if, seen=GROUP_STAFF),
    "/loyalty/what-if/<uuid:what_if_id>/progress": Sample(path=of_what_if, seen=GROUP_STAFF),
    "/loyalty/what-if/<uuid:what_if_id>/rule": Sample(path=of_what_if, seen=GROUP_STAFF),
    "/loyalty/what-if/<uuid:what_if_id>/start": Sample(path=of_what_if, seen=GROUP_STAFF),
    "/loyalty/tiers/change": Sample(seen=GROUP_STAFF),
    "/loyalty/tiers/new": Sample(seen=GROUP_STAFF),
    "/loyalty/tiers/<slug:code>/rename": Sample(
        path=lambda _world, _side: {"code": "member"}, seen=GROUP_STAFF
    ),
    "GET /api/v1/tiers": ANY,
    "POST /api/v1/tiers": Sample(
        body=lambda _world, _side: {
            "code": "pearl",
            "name_en": "Pearl",
            "name_zh": "珍珠卡",
            "above": "member",
            "begins_on": "2099-01-01",
            "spend_minor": 500,
        },
        seen=GROUP_STAFF,
    ),
    "/api/v1/tiers/<code>/name": Sample(
        path=lambda _world, _side: {"code": "member"},
        body=lambda _world, _side: {"name_en": "Friend", "name_zh": "朋友卡"},
        seen=GROUP_STAFF,
    ),
    "/loyalty/set-up": Sample(seen=GROUP_STAFF),
    "/loyalty/change": Sample(seen=GROUP_STAFF),
    "/loyalty/tiers/given/<uuid:override_id>/end": Sample(path=of_override, seen=STORE_ROWS),
    "/loyalty/benefits/new": Sample(seen=GROUP_STAFF),
    "/loyalty/benefits/<uuid:benefit_id>/end": Sample(path=of_benefit, seen=GROUP_STAFF),
    "/loyalty/members/<uuid:member_id>/tier": Sample(path=of_member, seen=STORE_ROWS),
    "/loyalty/members/<uuid:member_id>/tier/give": Sample(path=of_member, seen=STORE_ROWS),
    "/loyalty/budgets/new": Sample(seen=GROUP_STAFF),
    "/loyalty/budgets/<slug:code>": Sample(path=of_budget, seen=GROUP_STAFF),
}

SALES = {
    "/sales/receipts": ANY,
    "/sales/receipts/<uuid:receipt_id>": Sample(path=of_receipt, seen=STORE_ROWS),
    "/sales/receipts/<uuid:receipt_id>/return": Sample(path=of_receipt, seen=STORE_ROWS),
    "/sales/returns": ANY,
    "/sales/returns/waiting": ANY,
}

# What a tenant declared is their own and the mall's; the mall alone reviews it.
DECLARING = frozenset({"administrator", "tenant_manager"})

DECLARATIONS = {
    "/sales/declarations/": ANY,
    "/sales/declarations/list/": ANY,
    "/sales/declarations/stores/<uuid:store_id>/": Sample(path=of_store, seen=STORE_ROWS),
    "GET /sales/declarations/stores/<uuid:store_id>/<str:month>/": Sample(
        path=of_declared_month, seen=STORE_ROWS
    ),
    # Only who declares may save what was typed; the others read the month.
    "POST /sales/declarations/stores/<uuid:store_id>/<str:month>/": Sample(
        path=of_declared_month, seen=STORE_ROWS, roles=DECLARING
    ),
    "/sales/declarations/<uuid:declaration_id>/": Sample(path=of_declaration, seen=STORE_ROWS),
    "/sales/declarations/<uuid:declaration_id>/review/": Sample(
        path=of_declaration, seen=WHOLE_MALL_ROWS, body=always(status="confirmed")
    ),
    "/api/v1/sales-declarations": ANY,
    "/api/v1/sales-declarations/batch": Sample(
        body=batch_of(new_declaration), seen=STORE_ROWS, answers_per_item=True
    ),
}
# What a figure means is no secret among staff.
REPORTS = {
    "/reports/figures": ANY,
    "/reports/live": ANY,
    "/reports/movers": ANY,
    "/reports/plan": ANY,
    "/reports/sales": ANY,
}

RECEIPTS_API = {
    "GET /api/v1/receipts": ANY,
    "POST /api/v1/receipts": Sample(body=new_receipt, seen=STORE_ROWS, names_rows_in_body=True),
    "/api/v1/receipts/<receipt_id>": Sample(path=of_receipt, seen=STORE_ROWS),
    "/api/v1/receipts/batch": Sample(
        body=batch_of(new_receipt), seen=STORE_ROWS, answers_per_item=True
    ),
    "/api/v1/returns": Sample(body=new_return, seen=STORE_ROWS, names_rows_in_body=True),
    "/api/v1/returns/batch": Sample(
        body=batch_of(new_return), seen=STORE_ROWS, answers_per_item=True
    ),
    "/api/v1/stores/<store>/receipts/<number>": Sample(
        path=lambda _world, side: {"store": side.store.code, "number": side.receipt_number},
        seen=STORE_ROWS,
    ),
}

TARGETS = {
    "/targets/": ANY,
    "/targets/malls/<uuid:mall_id>/": Sample(path=of_mall, seen=WHOLE_MALL_ROWS),
    "/targets/stores/<uuid:store_id>/": Sample(path=of_store, seen=STORE_ROWS),
    "/targets/malls/<uuid:mall_id>/edit": Sample(path=of_mall, seen=WHOLE_MALL_ROWS),
    "/targets/stores/<uuid:store_id>/people": Sample(path=of_store, seen=WHOLE_MALL_ROWS),
    "/targets/import": ANY,
    "/targets/watch": ANY,
    "/api/v1/targets": Sample(query=always(month="2026-11")),
}

SAMPLES: dict[str, Sample] = {
    **CONSOLE,
    **STAFF,
    **WORKSPACE,
    **MALLS,
    **MALLS_API,
    **FOOTFALL,
    **CATALOG,
    **MEMBERS,
    **MEMBERS_API,
    **INTAKE,
    **LEDGER,
    **LOYALTY,
    **REWARDS,
    **MIGRATION,
    **COUNTER,
    **PHONES,
    **WALLETS,
    **WATCH,
    **TASKS,
    **CORRECTIONS,
    **LISTS,
    **PRIVACY,
    **TARGETS,
    **SALES,
    **REPORTS,
    **DECLARATIONS,
    **RECEIPTS_API,
}
