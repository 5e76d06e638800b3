"""Refusals about staff, sign-in and keys."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, DomainError, Invalid, NotFound

Refusal = TypeVar("Refusal", bound=DomainError)


def at(field: str, error: Refusal) -> Refusal:
    """``error``, to be shown beside ``field`` of the form."""
    error.fields[field] = error.sentence
    return error


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


class RoleHeld(Conflict):
    code = "staff.role_held"
    message = _("They hold this role there already.")


class RoleNotOwn(NotFound):
    code = "staff.role_not_own"
    message = _("There is no such role of your own. Built-in roles can be copied, not changed.")


class AssignmentNotFound(NotFound):
    code = "staff.assignment_not_found"
    message = _("This role has been withdrawn already.")


class LastAdministrator(Conflict):
    code = "staff.last_administrator"
    message = _("This is the last administrator of the group. Name another one first.")


class InvitationOpen(Conflict):
    code = "staff.invitation_open"
    message = _("%(email)s is invited already. Send the invitation again, or withdraw it.")


class InvitationNotFound(NotFound):
    code = "staff.invitation_not_found"
    message = _("There is no such open invitation.")


class InvitationInvalid(NotFound):
    code = "staff.invitation_invalid"
    message = _(
        "This invitation has been used, withdrawn or is too old. Ask who invited you to send it "
        "again."
    )


class RolesNeeded(Invalid):
    code = "staff.roles_needed"
    message = _("Give at least one role.")


class CodeWrong(Invalid):
    code = "staff.code_wrong"
    message = _("This code is not right, has been used or is too old. Wait for the next one.")


class CodesClosed(Invalid):
    code = "staff.codes_closed"
    message = _("Too many wrong codes. Please try again in %(minutes)s minutes.")


class ProofWrong(Invalid):
    code = "staff.proof_wrong"
    message = _("This is neither your password nor a good code.")


class SecondFactorThere(Conflict):
    code = "staff.second_factor_there"
    message = _("Codes are set up already.")


class SecondFactorMissing(Conflict):
    code = "staff.second_factor_missing"
    message = _("No codes are set up.")


class LoginShared(Conflict):
    code = "staff.login_shared"
    message = _("This login is shared by everybody who tries the demo: it keeps its password only.")


class SessionNotFound(NotFound):
    code = "staff.session_not_found"
    message = _("This session has ended already.")


class HeirNeeded(Invalid):
    code = "staff.heir_needed"
    message = _("Name a colleague who works here and whom you see to take over.")


class LeavingPlanned(Conflict):
    code = "staff.leaving_planned"
    message = _("That they leave is planned already. Cancel it first to plan it anew.")


class LeavingNotFound(Conflict):
    code = "staff.leaving_not_found"
    message = _("Nothing is planned, or it has happened already.")


class LeavingTooFar(Invalid):
    code = "staff.leaving_too_far"
    message = _("The last day can be within a year.")


class AccountOpen(Conflict):
    code = "staff.account_open"
    message = _("The account is open.")
