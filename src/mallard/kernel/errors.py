"""Domain errors: what went wrong, in a sentence for the person in front of it.

Every refusal in Mallard is a :class:`DomainError`. Pages show its sentence, the API returns it as
RFC 9457 problem details, commands print it. A subclass states a stable ``code`` (``app.reason``),
an HTTP ``status`` and a translatable ``message`` with named placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal with a stable code. ``fields`` maps a field at fault to its own sentence."""

    code: ClassVar[str] = "kernel.error"
    status: ClassVar[int] = 422
    message: ClassVar[str | Promise] = _("This cannot be done.")

    def __init__(self, *, fields: Mapping[str, str | Promise] | None = None, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params
        self.fields: dict[str, str | Promise] = dict(fields or {})

    @property
    def sentence(self) -> str:
        """The message in the reader's language, with its figures."""
        return str(self.message) % self.params

    def __str__(self) -> str:
        return self.sentence


class Invalid(DomainError):
    """The input is not well-formed; ``fields`` say where."""

    code = "kernel.invalid"
    message = _("Please check what you entered.")


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    code = "kernel.not_found"
    status = 404
    message = _("We could not find that.")


class Forbidden(DomainError):
    """The actor lacks a permission."""

    code = "kernel.forbidden"
    status = 403
    message = _("You may not do this.")


class Conflict(DomainError):
    """It contradicts what is already there."""

    code = "kernel.conflict"
    status = 409
    message = _("This has changed or exists already.")


class Unavailable(DomainError):
    """Something we need does not answer; try again later."""

    code = "kernel.unavailable"
    status = 503
    message = _("Mallard cannot answer right now. Please try again in a moment.")
