"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "malls.hours_changed": pgettext_lazy("audit", "Opening hours changed"),
        "malls.plan_saved": pgettext_lazy("audit", "Floor plan saved"),
        "malls.contact_created": pgettext_lazy("audit", "Contact of a tenant created"),
        "malls.contact_changed": pgettext_lazy("audit", "Contact of a tenant changed"),
        "malls.contact_removed": pgettext_lazy("audit", "Contact of a tenant removed"),
        "malls.contact_revealed": pgettext_lazy("audit", "Contact of a tenant revealed"),
    }
)
words.of_rows(
    "malls",
    {
        "group": pgettext_lazy("audit subject", "Group"),
        "mall": pgettext_lazy("audit subject", "Mall"),
        "floor": pgettext_lazy("audit subject", "Floor"),
        "unit": pgettext_lazy("audit subject", "Unit"),
        "trade_category": pgettext_lazy("audit subject", "Trade category"),
        "tenant": pgettext_lazy("audit subject", "Tenant"),
        "brand": pgettext_lazy("audit subject", "Brand"),
        "store": pgettext_lazy("audit subject", "Store"),
        "lease": pgettext_lazy("audit subject", "Lease"),
    },
)
words.of_subjects(
    {
        "contact": pgettext_lazy("audit subject", "Contact of a tenant"),
    }
)
words.of_fields(
    {
        "group_id": pgettext_lazy("audit field", "Group"),
        "time_zone": pgettext_lazy("audit field", "Time zone"),
        "business_day_cutoff_hour": pgettext_lazy("audit field", "Business day begins at"),
        "opened_on": pgettext_lazy("audit field", "Opened on"),
        "level": pgettext_lazy("audit field", "Level"),
        "floor_id": pgettext_lazy("audit field", "Floor"),
        "area_dm2": pgettext_lazy("audit field", "Area in dm²"),
        "geometry": pgettext_lazy("audit field", "Outline"),
        "parent_id": pgettext_lazy("audit field", "Above it"),
        "brand_id": pgettext_lazy("audit field", "Brand"),
        "unit_id": pgettext_lazy("audit field", "Unit"),
        "trade_category_id": pgettext_lazy("audit field", "Trade"),
        "base_rent_minor": pgettext_lazy("audit field", "Base rent in minor units"),
        "percentage_bp": pgettext_lazy("audit field", "Percentage in basis points"),
        "part": pgettext_lazy("audit field", "Part shown"),
        "drawn": pgettext_lazy("audit field", "Drawn"),
        "undrawn": pgettext_lazy("audit field", "Taken away"),
        "x_dm": pgettext_lazy("audit field", "Across, in dm"),
        "y_dm": pgettext_lazy("audit field", "Down, in dm"),
        "1": pgettext_lazy("audit field", "Monday"),
        "2": pgettext_lazy("audit field", "Tuesday"),
        "3": pgettext_lazy("audit field", "Wednesday"),
        "4": pgettext_lazy("audit field", "Thursday"),
        "5": pgettext_lazy("audit field", "Friday"),
        "6": pgettext_lazy("audit field", "Saturday"),
        "7": pgettext_lazy("audit field", "Sunday"),
    },
    app_label="malls",
)
words.of_values(
    "part",
    {
        "name": pgettext_lazy("audit value", "Name"),
        "phone": pgettext_lazy("audit value", "Phone"),
        "email": pgettext_lazy("audit value", "E-mail"),
    },
    app_label="malls",
)
for weekday in range(1, 8):
    words.of_values(
        str(weekday), {"closed": pgettext_lazy("audit value", "Closed")}, app_label="malls"
    )
words.of_records(
    {
        kind: words.attribute_of(f"malls.{model}", "name")
        for kind, model in (
            ("group", "Group"),
            ("mall", "Mall"),
            ("floor", "Floor"),
            ("trade_category", "TradeCategory"),
            ("tenant", "Tenant"),
            ("brand", "Brand"),
            ("store", "Store"),
        )
    }
    | {"unit": words.attribute_of("malls.Unit", "code")}
)
