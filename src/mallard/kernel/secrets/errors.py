"""What can go wrong with keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, DomainError, Unavailable


class RingMissing(Unavailable):
    code = "secrets.ring_missing"
    message = _(
        "The key ring %(path)s is missing, and this database holds data encrypted with it. "
        "Restore the key ring from its backup."
    )


class RingInvalid(Unavailable):
    code = "secrets.ring_invalid"
    message = _("The key ring %(path)s cannot be read: %(reason)s")


class RingExposed(Unavailable):
    code = "secrets.ring_exposed"
    message = _(
        "Other users of this machine can read the key ring %(path)s. "
        "Run `chmod 600` on it and consider rotating its keys."
    )


class RingKeyMissing(Unavailable):
    code = "secrets.ring_key_missing"
    message = _(
        "The key ring has no key of version %(version)s. Restore a newer backup of the key ring."
    )


class RingMismatch(Unavailable):
    code = "secrets.ring_mismatch"
    message = _(
        "The key ring %(path)s belongs to another database. Restore the one that belongs to this."
    )


class Unreadable(DomainError):
    """A sealed value was changed, or opened under the wrong key or context."""

    code = "secrets.unreadable"
    status = 500
    message = _("A protected value cannot be read.")


class AlreadyErased(Conflict):
    code = "secrets.already_erased"
    message = _("This person has been erased and cannot be recorded again under the same id.")


class WrongPassphrase(DomainError):
    code = "secrets.wrong_passphrase"
    message = _("The passphrase does not open this copy of the key ring.")


class RingExists(Conflict):
    code = "secrets.ring_exists"
    message = _("There is a key ring at %(path)s already. Move it away first.")
