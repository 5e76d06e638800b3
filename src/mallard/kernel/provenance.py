"""Where a row comes from, so that a screen can say which facts are real and which were made up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Who stated a fact. ``GENERATED`` facts come from the demo's seeded generator."""

    SOURCE = "source", _("Source data")
    GENERATED = "generated", _("Generated data")
    STAFF = "staff", _("Entered by staff")
    API = "api", _("Sent by a system")
    IMPORT = "import", _("Imported")


class Provenance(models.Model):
    """A row that says where it comes from."""

    origin = models.CharField(
        _("origin"), max_length=12, choices=Origin.choices, default=Origin.STAFF, editable=False
    )

    class Meta:
        abstract = True

    @property
    def is_generated(self) -> bool:
        """Whether a generator made this row up; screens show a badge."""
        return self.origin == Origin.GENERATED
