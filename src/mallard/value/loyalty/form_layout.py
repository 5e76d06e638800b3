"""How the form of an earning rule is laid out, and which fields a kind of rule has."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.value.loyalty.rules import CAPPED_BY_TIME, Basis, Birthday, Kind

KINDS = (
    (Kind.AMOUNT, _("Points for what is spent")),
    (Kind.UNIT, _("Points for each piece of certain goods")),
    (Kind.MULTIPLIER, _("A multiple of the base points")),
    (Kind.AWARD, _("A fixed number of points")),
    (Kind.WELCOME, _("Points for joining")),
    (Kind.PROFILE, _("Points for a completed profile")),
    (Kind.CHECK_IN, _("Points for checking in on the member page")),
    (Kind.REFERRAL, _("Points for bringing a friend who buys")),
)
BASES = (
    (Basis.PAID, _("What was paid: after discounts, with tax")),
    (Basis.BEFORE_DISCOUNTS, _("The price before discounts, with tax")),
    (Basis.BEFORE_TAX, _("What was paid, without tax")),
)
MOMENTS = (
    ("", _("On any purchase")),
    ("first", _("On the first purchase")),
    (Birthday.DAY, _("On the birthday")),
    (Birthday.MONTH, _("In the month of the birthday")),
)
SECTIONS = (
    (_("The rule"), ("name_en", "name_zh", "code", "kind")),
    (
        _("What it gives"),
        ("points", "per_amount", "basis", "tax", "tenders", "units", "factor", "once"),
    ),
    (_("For whom and when"), ("tiers", "segment", "moment", "weekdays", "month_days",
                              "hour_from", "hour_to")),
    (_("Where and on what"), ("malls", "tenants", "trade_categories", "stores", "categories",
                              "products")),
    (_("Limits"), ("cap_receipt", "cap_day", "cap_year", "cap_member", "total_cap", "budget")),
    (_("Cost and time"), ("tenant_share", "starts_at", "ends_at")),
)  # fmt: skip
ONLY_FOR: dict[str, tuple[Kind, ...]] = {
    "per_amount": (Kind.AMOUNT,),
    "basis": (Kind.AMOUNT,),
    "tax": (Kind.AMOUNT,),
    "tenders": (Kind.AMOUNT,),
    "units": (Kind.UNIT,),
    "factor": (Kind.MULTIPLIER,),
    "once": (Kind.AWARD,),
    "points": tuple(kind for kind in Kind if kind is not Kind.MULTIPLIER),
    "cap_year": tuple(CAPPED_BY_TIME),
    "cap_member": (Kind.AMOUNT, Kind.UNIT, Kind.MULTIPLIER, Kind.AWARD, *CAPPED_BY_TIME),
    **dict.fromkeys(("tiers", "segment", "moment"), (Kind.MULTIPLIER, Kind.AWARD)),
}
RECEIPTS_ONLY = {"weekdays", "month_days", "hour_from", "hour_to", "malls", "tenants",
                 "trade_categories", "stores", "categories", "products", "cap_receipt", "cap_day",
                 "cap_member", "total_cap", "budget", "tenant_share"}  # fmt: skip
TERM_FIELDS = {
    "tax_bp": "tax",
    "factor_bp": "factor",
    "hours": "hour_from",
    "caps": "cap_day",
    "is_first_purchase": "moment",
    "birthday": "moment",
    "tenders_left_out": "tenders",
}
