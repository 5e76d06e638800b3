"""The roles that people hold, as lists of permissions. In code: a role means the same everywhere.

A role says what; the assignment says where (`RoleAssignment`). Permissions are named by code, so
that a role may speak of apps above this one; a test refuses a name that nobody declared.
"""

from __future__ import annotations

from dataclasses import dataclass

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
SALES_ASSISTANT = "sales_assistant"

_ADMINISTRATOR = Role(
    ADMINISTRATOR,
    _("Administrator"),
    _("Runs the installation: staff, keys, settings."),
    is_everything=True,
)
# A letter for each role: the columns of the table below, in this order.
_PEOPLE = (
    ("D", "director", _("Director"), _("Reads the whole business.")),
    ("C", "crm_manager", _("CRM manager"), _("Owns the member programme.")),
    ("M", "marketer", _("Marketer"), _("Plans and runs campaigns.")),
    ("Y", "analyst", _("Analyst"), _("Explores figures; sees no names.")),
    ("F", "finance", _("Finance"), _("Liability, statements, corrections of points.")),
    ("L", "leasing", _("Leasing"), _("Tenants, units and leases.")),
    ("S", "service_agent", _("Service agent"), _("Helps members at the desk and on the phone.")),
    ("T", "tenant_manager", _("Tenant manager"), _("Own stores, own sales, own customers.")),
    ("A", "sales_assistant", _("Sales assistant"), _("Looks after the store's own customers.")),
    ("K", "cashier", _("Cashier"), _("Records sales and returns at the till.")),
    ("W", "stock_keeper", _("Stock keeper"), _("Goods and what they are called.")),
    ("U", "auditor", _("Auditor"), _("Reads everything that leaves a trace, changes nothing.")),
)

# Who holds what: a line for each bundle of permissions of an app, a column for each role. Who adds
# a permission adds a line, or puts it on the line of those who hold the same.
_HELD_BY: dict[str, tuple[tuple[str, str], ...]] = {
    "malls": (
        ("DCMYFLSTAKWU", "view_store"),
        ("DCMYFLST...U", "view_mall view_tenant"),
        ("D...FL.T...U", "view_lease"),
        (
            ".....L......",
            "edit_lease edit_mall edit_store edit_tenant edit_trade_category reveal_contact",
        ),
    ),
    "catalog": (
        ("DCMY..STAKWU", "view_product"),
        ("..........W.", "edit_category edit_product"),
    ),
    "footfall": (
        ("DCMYFL.....U", "view_footfall"),
        (".....L......", "edit_entrance"),
    ),
    "members": (
        ("DCMYF.STAK.U", "view_member"),
        ("DC....STA...", "view_name"),
        (".C....S.AK..", "enrol_member"),
        (".CM...S.A...", "tag_member"),
        (".C....S.A...", "change_member record_consent write_note"),
        (".C....S.....", "close_member reveal_identity"),
        (".CM.........", "edit_tag"),
        (".C..........", "edit_field erase_member merge_member view_confidential"),
    ),
    "memberweb": ((".C....S.A...", "make_link"),),
    "lists": (
        ("DCMY..STA...", "view_list"),
        (".CM...STA...", "edit_list"),
    ),
    "phones": ((".C....S.....", "approve_change change_phone"),),
    "quality": (("DC.Y.......U", "view_quality"),),
    "privacy": (
        (".C....S....U", "view_request"),
        (".C....S.....", "handle_request"),
    ),
    "intake": ((".C..........", "import_members"),),
    "tasks": (
        ("DCMYFLSTAKWU", "view_task"),
        ("DCMYFLSTAKW.", "open_task work_on_task"),
        ("DC.....T...U", "view_every_task"),
        ("DC.....T....", "assign_task"),
    ),
    "corrections": (("DCMYFLSTAKW.", "propose_correction"),),
    "sales": (
        ("DCMYFLSTA..U", "view_figures"),
        ("DCMYF.STAK.U", "view_receipt"),
        ("DC.YFL.T...U", "view_declaration"),
        (".......T....", "declare_sales"),
        ("....F.......", "review_declaration"),
    ),
    "checkout": (("......S.AK..", "record_receipt record_return"),),
    "ledger": (
        ("DCMYF.S....U", "view_wallet"),
        ("DC..F......U", "view_ledger"),
    ),
    "loyalty": (
        ("DCMYF.STA..U", "view_programme"),
        ("DC.YF.......", "simulate"),
        (".C..........", "edit_programme give_tier"),
    ),
    "rewards": (
        ("DCMYF.S...WU", "view_reward"),
        ("DC..F......U", "view_liability"),
        (".C....S...W.", "move_stock"),
        (".C....S.....", "cancel_redemption redeem_reward"),
        (".C..........", "edit_reward redeem_without_code"),
    ),
    "wallets": (
        (".C..F.S.....", "change_points"),
        (".C..F.......", "approve_request freeze_wallet"),
        (".C....S.....", "give_points"),
        (".C..........", "lift_cool_down"),
    ),
    "counter": (
        (".C....S.....", "backdate_points"),
        (".C..........", "approve_receipt"),
    ),
    "watch": (
        ("DC..F......U", "view_alert"),
        (".C..........", "edit_pattern handle_alert"),
    ),
    "migration": (("DC..F.......", "prepare sign"),),
    "targets": (
        ("DC.YFL.TA..U", "view_target"),
        ("DC..........", "edit_target"),
    ),
    "staff": (("D..........U", "view_staff"),),
    "settings": (("...........U", "view_setting"),),
    "health": (("...........U", "view_health"),),
    "jobs": (("...........U", "view_job"),),
    "webhooks": (("...........U", "view_webhook"),),
    "retention": (("...........U", "view_retention"),),
    "audit": (("...........U", "verify_log view_entry"),),
}


def _permissions(letter: str) -> frozenset[str]:
    """What the table gives to the role of this column."""
    return frozenset(
        f"{app}.{permission}"
        for app, lines in _HELD_BY.items()
        for holders, permissions in lines
        if letter in holders
        for permission in permissions.split()
    )


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _ADMINISTRATOR,
        *(
            Role(code, name, purpose, _permissions(letter))
            for letter, code, name, purpose in _PEOPLE
        ),
    )
}
