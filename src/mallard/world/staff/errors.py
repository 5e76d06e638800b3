"""Refusals about staff, sign-in and keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid, NotFound


class EmailTaken(Conflict):
    code = "staff.email_taken"
    message = _("Somebody signs in with %(email)s already.")


class EmailInvalid(Invalid):
    code = "staff.email_invalid"
    message = _("%(email)s is not an e-mail address.")


class NameNeeded(Invalid):
    code = "staff.name_needed"
    message = _("A name has between 1 and 80 characters.")


class RoleUnknown(Invalid):
    code = "staff.role_unknown"
    message = _("There is no role “%(role)s”. Roles: %(known)s.")


class PermissionUnknown(Invalid):
    code = "staff.permission_unknown"
    message = _("There is no permission “%(permission)s”.")


class ScopeEmpty(Invalid):
    code = "staff.scope_empty"
    message = _("Say where: the whole group, or malls, tenants or stores.")


class PlaceUnknown(Invalid):
    code = "staff.place_unknown"
    message = _("There is no %(kind)s with the code “%(code)s”.")


class PasswordWeak(Invalid):
    code = "staff.password_weak"
    message = _("This password is too easy to guess: %(reasons)s")


class PasswordWrong(Invalid):
    code = "staff.password_wrong"
    message = _("This is not your present password.")


class LinkInvalid(NotFound):
    code = "staff.link_invalid"
    message = _("This link has been used or is too old. Ask for a new one.")


class StaffNotFound(NotFound):
    code = "staff.not_found"
    message = _("There is no such member of staff, or you may not see them.")


class KeyNotFound(NotFound):
    code = "staff.key_not_found"
    message = _("There is no such API key.")
