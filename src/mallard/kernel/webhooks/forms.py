"""What staff type to set a webhook up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.webhooks.queries import offered_events
from mallard.kernel.webhooks.services import WebhookInput


class WebhookForm(forms.Form):
    """Name, address and events."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where the other system listens; https."),
        widget=forms.URLInput,
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is sent as it happens: ids and figures, never names or numbers."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(event.name, event.name) for event in offered_events()]
        self.fields["events"].choices = choices  # type: ignore[attr-defined]

    def to_input(self) -> WebhookInput:
        """The webhook as the service takes it."""
        data = self.cleaned_data
        return WebhookInput(data["name"], data["url"].strip(), tuple(data["events"]))
