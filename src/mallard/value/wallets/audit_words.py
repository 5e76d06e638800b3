"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "wallets.cool_down_lifted": pgettext_lazy(
            "audit", "Spending allowed before the cool-down ended"
        ),
        "wallets.family_granted": pgettext_lazy("audit", "Family allowed to use points"),
        "wallets.family_ended": pgettext_lazy("audit", "Family no longer uses points"),
        "wallets.wallet_frozen": pgettext_lazy("audit", "Wallet frozen"),
        "wallets.wallet_released": pgettext_lazy("audit", "Wallet released"),
        "wallets.points_given": pgettext_lazy("audit", "Points passed on"),
        "wallets.request_asked": pgettext_lazy("audit", "Change of points asked for"),
        "wallets.request_approved": pgettext_lazy("audit", "Change of points approved"),
        "wallets.request_refused": pgettext_lazy("audit", "Change of points refused"),
    }
)
words.of_subjects(
    {
        "points_request": pgettext_lazy("audit subject", "Change of points"),
    }
)
words.of_actors(
    {
        "announce expiring points": pgettext_lazy("audit actor", "Notice of expiring points"),
    }
)
words.of_fields(
    {
        "right_id": pgettext_lazy("audit field", "Right"),
        "spender_id": pgettext_lazy("audit field", "Who may spend"),
    },
    app_label="wallets",
)
