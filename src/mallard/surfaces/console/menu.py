"""The sections of the staff console, in their order. Apps register the pages in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import navigation
from mallard.kernel.ui.navigation import Entry, Section

SECTIONS = (
    ("home", _("Home"), "home"),
    ("members", _("Members"), "users"),
    ("segments", _("Segments"), "chart-dots"),
    ("campaigns", _("Campaigns"), "speakerphone"),
    ("offers", _("Offers & vouchers"), "ticket"),
    ("loyalty", _("Loyalty"), "award"),
    ("sales", _("Sales"), "receipt"),
    ("service", _("Service"), "headset"),
    ("insight", _("Insight"), "chart-line"),
    ("shop", _("Shop"), "shopping-bag"),
    ("stock", _("Stock"), "package"),
    ("mall", _("Mall"), "building"),
    ("reports", _("Reports"), "file-text"),
    ("settings", _("Settings"), "settings"),
)


def register() -> None:
    """Make the sections known, the home page and the sign-out with them."""
    for order, (key, label, icon) in enumerate(SECTIONS):
        navigation.register_section(
            Section(
                key,
                label,
                icon,
                order=order,
                is_apart=key == "settings",
                is_unfolded=key == "home",
            )
        )
    navigation.register(Entry("home", _("Home"), "console:home", order=0, go_key="h"))
    navigation.register_sign_out("staff:sign_out")
