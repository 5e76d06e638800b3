"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "jobs.job_retried": pgettext_lazy("audit", "Background job tried again"),
        "jobs.job_cancelled": pgettext_lazy("audit", "Background job cancelled"),
    }
)
words.of_subjects(
    {
        "job": pgettext_lazy("audit subject", "Background job"),
    }
)
words.of_fields(
    {
        "job": pgettext_lazy("audit field", "Job"),
        "task": pgettext_lazy("audit field", "What it does"),
    },
    app_label="jobs",
)
words.of_values(
    "status",
    {
        "todo": pgettext_lazy("audit value", "Waiting"),
        "failed": pgettext_lazy("audit value", "Given up"),
    },
    app_label="jobs",
)
