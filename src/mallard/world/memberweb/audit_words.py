"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "memberweb.card_phone_made": pgettext_lazy("audit", "Phone may show the card's code"),
        "memberweb.signed_in": pgettext_lazy("audit", "Member signed in"),
        "memberweb.session_ended": pgettext_lazy("audit", "Member's session ended"),
        "memberweb.sessions_ended": pgettext_lazy("audit", "Member's sessions ended"),
        "memberweb.link_made": pgettext_lazy("audit", "Sign-in link for a member made"),
    }
)
words.of_actors(
    {
        "member page codes": pgettext_lazy("audit actor", "Codes for the member page"),
        "member": pgettext_lazy("audit actor", "Member"),
    }
)
words.of_fields(
    {
        "link_id": pgettext_lazy("audit field", "Link"),
        "session_id": pgettext_lazy("audit field", "Session"),
        "way_in": pgettext_lazy("audit field", "Way in"),
    },
    app_label="memberweb",
)
