"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words
from mallard.value.watch.patterns import PATTERNS

words.of_actions(
    {
        "watch.alerts_raised": pgettext_lazy("audit", "Fraud alerts raised"),
        "watch.alert_taken": pgettext_lazy("audit", "Fraud alert taken"),
        "watch.alert_decided": pgettext_lazy("audit", "Fraud alert decided"),
        "watch.alert_reopened": pgettext_lazy("audit", "Fraud alert opened again"),
        "watch.exemption_made": pgettext_lazy("audit", "Exemption from the fraud watch made"),
        "watch.exemption_ended": pgettext_lazy("audit", "Exemption from the fraud watch ended"),
        "watch.members_forgotten": pgettext_lazy("audit", "Erased members left the fraud alerts"),
        "watch.points_frozen": pgettext_lazy("audit", "Points frozen by a fraud alert"),
        "watch.points_released": pgettext_lazy("audit", "Points of a fraud alert released"),
        "watch.terms_tried": pgettext_lazy("audit", "Thresholds of the fraud watch tried"),
        "watch.terms_set": pgettext_lazy("audit", "Thresholds of the fraud watch in force"),
    }
)

words.of_subjects(
    {
        "fraud_alert": pgettext_lazy("audit subject", "Fraud alert"),
        "exemption": pgettext_lazy("audit subject", "Exemption"),
        "thresholds": pgettext_lazy("audit subject", "Thresholds"),
    }
)

words.of_actors(
    {
        "fraud watch": pgettext_lazy("audit actor", "Fraud watch"),
        "mallard watch": pgettext_lazy("audit actor", "Command: fraud watch"),
    }
)
words.of_fields(
    {
        "pattern": pgettext_lazy("audit field", "Pattern"),
        "is_on": pgettext_lazy("audit field", "Looked for"),
    },
    app_label="watch",
)
words.of_fields(
    {one.code: one.label for pattern in PATTERNS.values() for one in pattern.thresholds},
    app_label="watch",
)
words.of_values("pattern", {code: each.name for code, each in PATTERNS.items()}, app_label="watch")
