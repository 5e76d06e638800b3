"""The roles that people hold, as lists of permissions. In code: a role means the same everywhere.

A role says what; the assignment says where (`RoleAssignment`). Permissions are named by code, so
that a role may speak of apps above this one; a test refuses a name that nobody declared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """What a group of people may do. ``is_everything`` grants every declared permission;
    ``is_own`` marks a role that the group made for itself (`models.CustomRole`)."""

    code: str
    name: str | Promise
    purpose: str | Promise
    permissions: frozenset[str] = frozenset()
    is_everything: bool = False
    is_own: bool = False


ADMINISTRATOR = "administrator"

_SEE_MALL = frozenset({"malls.view_mall", "malls.view_store", "malls.view_tenant"})
_SEE_FOOTFALL = frozenset({"footfall.view_footfall"})
_SEE_CATALOGUE = frozenset({"catalog.view_product"})
_SEE_MEMBERS = frozenset({"members.view_member", "members.view_name"})
_SEE_SALES = frozenset({"sales.view_receipt", "sales.view_figures"})
_SEE_DECLARATIONS = frozenset({"sales.view_declaration"})
_RECORD_SALES = frozenset(
    {"sales.view_receipt", "checkout.record_receipt", "checkout.record_return"}
)
_SEE_POINTS = frozenset({"ledger.view_wallet", "loyalty.view_programme"})
_SIMULATE = frozenset({"loyalty.simulate"})
_SERVE_MEMBERS = _SEE_MEMBERS | {
    "members.enrol_member",
    "members.change_member",
    "members.record_consent",
    "members.tag_member",
    "members.write_note",
    "memberweb.make_link",
}

_CATALOGUE = (
    Role(
        ADMINISTRATOR,
        _("Administrator"),
        _("Runs the installation: staff, keys, settings."),
        is_everything=True,
    ),
    Role(
        "director",
        _("Director"),
        _("Reads the whole business."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_FOOTFALL
        | _SEE_CATALOGUE
        | _SEE_MEMBERS
        | _SEE_SALES
        | _SEE_POINTS
        | _SIMULATE
        | {"malls.view_lease", "ledger.view_ledger", "staff.view_staff"},
    ),
    Role(
        "crm_manager",
        _("CRM manager"),
        _("Owns the member programme."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_FOOTFALL
        | _SEE_CATALOGUE
        | _SERVE_MEMBERS
        | _SEE_SALES
        | _SEE_POINTS
        | {
            "members.close_member",
            "members.erase_member",
            "members.merge_member",
            "members.reveal_identity",
            "members.view_confidential",
            "members.edit_field",
            "intake.import_members",
            "ledger.view_ledger",
            "loyalty.edit_programme",
            "loyalty.simulate",
            "loyalty.give_tier",
        },
    ),
    Role(
        "marketer",
        _("Marketer"),
        _("Plans and runs campaigns."),
        _SEE_MALL
        | _SEE_FOOTFALL
        | _SEE_CATALOGUE
        | _SEE_SALES
        | _SEE_POINTS
        | {"members.view_member", "members.tag_member"},
    ),
    Role(
        "analyst",
        _("Analyst"),
        _("Explores figures; sees no names."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_FOOTFALL
        | _SEE_CATALOGUE
        | _SEE_SALES
        | _SEE_POINTS
        | _SIMULATE
        | {"members.view_member"},
    ),
    Role(
        "finance",
        _("Finance"),
        _("Liability, statements, corrections of points."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_FOOTFALL
        | _SEE_SALES
        | _SEE_POINTS
        | _SIMULATE
        | {
            "malls.view_lease",
            "members.view_member",
            "ledger.view_ledger",
            "sales.review_declaration",
        },
    ),
    Role(
        "leasing",
        _("Leasing"),
        _("Tenants, units and leases."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_FOOTFALL
        | {
            "malls.view_lease",
            "malls.edit_lease",
            "malls.edit_tenant",
            "malls.reveal_contact",
            "malls.edit_store",
            "malls.edit_trade_category",
            "malls.edit_mall",
            "footfall.edit_entrance",
            "sales.view_figures",
        },
    ),
    Role(
        "service_agent",
        _("Service agent"),
        _("Helps members at the desk and on the phone."),
        _SEE_MALL
        | _SEE_CATALOGUE
        | _SERVE_MEMBERS
        | _SEE_SALES
        | _SEE_POINTS
        | _RECORD_SALES
        | {"members.close_member", "members.reveal_identity"},
    ),
    Role(
        "tenant_manager",
        _("Tenant manager"),
        _("Own stores, own sales, own customers."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_CATALOGUE
        | _SEE_SALES
        | _SEE_MEMBERS
        | {"malls.view_lease", "loyalty.view_programme", "sales.declare_sales"},
    ),
    Role(
        "sales_assistant",
        _("Sales assistant"),
        _("Looks after the store's own customers."),
        _SEE_CATALOGUE
        | _SERVE_MEMBERS
        | _RECORD_SALES
        | {"malls.view_store", "loyalty.view_programme", "sales.view_figures"},
    ),
    Role(
        "cashier",
        _("Cashier"),
        _("Records sales and returns at the till."),
        _SEE_CATALOGUE
        | _RECORD_SALES
        | {"malls.view_store", "members.view_member", "members.enrol_member"},
    ),
    Role(
        "stock_keeper",
        _("Stock keeper"),
        _("Goods and what they are called."),
        _SEE_CATALOGUE | {"catalog.edit_product", "catalog.edit_category", "malls.view_store"},
    ),
    Role(
        "auditor",
        _("Auditor"),
        _("Reads everything that leaves a trace, changes nothing."),
        _SEE_MALL
        | _SEE_DECLARATIONS
        | _SEE_FOOTFALL
        | _SEE_CATALOGUE
        | _SEE_SALES
        | _SEE_POINTS
        | {"malls.view_lease", "members.view_member", "ledger.view_ledger", "staff.view_staff"}
        | {
            "settings.view_setting",
            "health.view_health",
            "jobs.view_job",
            "webhooks.view_webhook",
            "retention.view_retention",
            "audit.view_entry",
            "audit.verify_log",
        },
    ),
)

_DO_TASKS = frozenset(
    {
        "tasks.view_task",
        "tasks.open_task",
        "tasks.work_on_task",
        "corrections.propose_correction",
    }
)
_STEER_TASKS = _DO_TASKS | {"tasks.view_every_task", "tasks.assign_task"}
_TASKS = {
    "director": _STEER_TASKS,
    "crm_manager": _STEER_TASKS,
    "tenant_manager": _STEER_TASKS,
    "auditor": frozenset({"tasks.view_task", "tasks.view_every_task"}),
}


def _with_tasks(role: Role) -> Role:
    """Everybody works on tasks; who leads a place steers them, and the auditor only reads them."""
    return replace(role, permissions=role.permissions | _TASKS.get(role.code, _DO_TASKS))


_SET_TARGETS = frozenset({"targets.view_target", "targets.edit_target"})
_TARGETS = {
    "director": _SET_TARGETS,
    "crm_manager": _SET_TARGETS,
    **dict.fromkeys(
        ("analyst", "finance", "leasing", "tenant_manager", "sales_assistant", "auditor"),
        frozenset({"targets.view_target"}),
    ),
}


def _with_targets(role: Role) -> Role:
    """Who leads or reads figures sees targets; those of the programme and the group set them."""
    return replace(role, permissions=role.permissions | _TARGETS.get(role.code, frozenset()))


_SEE_REWARDS = frozenset({"rewards.view_reward"})
_SERVE_REWARDS = _SEE_REWARDS | {"rewards.redeem_reward", "rewards.move_stock"}
_CHANGE_POINTS = frozenset({"wallets.change_points", "wallets.give_points"})
_REWARDS = {
    "crm_manager": _SERVE_REWARDS
    | {"rewards.edit_reward", "rewards.cancel_redemption"}
    | {"rewards.view_liability"},
    "service_agent": _SERVE_REWARDS | {"rewards.cancel_redemption"},
    "stock_keeper": _SEE_REWARDS | {"rewards.move_stock"},
    **dict.fromkeys(("marketer", "analyst"), _SEE_REWARDS),
    **dict.fromkeys(("director", "finance", "auditor"), _SEE_REWARDS | {"rewards.view_liability"}),
}


def _with_rewards(role: Role) -> Role:
    """Who runs the programme makes rewards, the service desk hands them over, others read."""
    return replace(role, permissions=role.permissions | _REWARDS.get(role.code, frozenset()))


_PRIVACY = {
    "crm_manager": frozenset({"privacy.view_request", "privacy.handle_request"}),
    "service_agent": frozenset({"privacy.view_request", "privacy.handle_request"}),
    "auditor": frozenset({"privacy.view_request"}),
}


def _with_privacy(role: Role) -> Role:
    """The desk and the programme's owner answer what members ask about their data."""
    return replace(role, permissions=role.permissions | _PRIVACY.get(role.code, frozenset()))


_WALLETS = {
    "crm_manager": _CHANGE_POINTS | {"wallets.approve_request", "wallets.freeze_wallet"},
    "finance": frozenset({"wallets.change_points", "wallets.approve_request"})
    | {"wallets.freeze_wallet"},
    "service_agent": _CHANGE_POINTS,
}


def _with_wallets(role: Role) -> Role:
    """The service desk asks for changes of points; finance and the programme's owner approve."""
    return replace(role, permissions=role.permissions | _WALLETS.get(role.code, frozenset()))


_MIGRATION = {
    "crm_manager": frozenset({"migration.prepare", "migration.sign"}),
    "finance": frozenset({"migration.prepare", "migration.sign"}),
    "director": frozenset({"migration.prepare", "migration.sign"}),
}


def _with_migration(role: Role) -> Role:
    """Who owns the programme brings balances over; finance and the direction vouch as well."""
    return replace(role, permissions=role.permissions | _MIGRATION.get(role.code, frozenset()))


ROLES: dict[str, Role] = {
    role.code: _with_migration(
        _with_privacy(_with_wallets(_with_rewards(_with_targets(_with_tasks(role)))))
    )
    for role in _CATALOGUE
}
