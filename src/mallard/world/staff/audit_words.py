"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.access.permissions import declared_permissions
from mallard.kernel.audit import words
from mallard.world.staff.models import CustomRole
from mallard.world.staff.roles import ROLES

words.of_actions(
    {
        "staff.staff_created": pgettext_lazy("audit", "Account of a colleague created"),
        "staff.staff_deactivated": pgettext_lazy("audit", "Account of a colleague closed"),
        "staff.staff_reactivated": pgettext_lazy("audit", "Account of a colleague opened again"),
        "staff.account_reopened": pgettext_lazy("audit", "Account of a leaver opened again"),
        "staff.profile_changed": pgettext_lazy("audit", "Own profile changed"),
        "staff.password_changed": pgettext_lazy("audit", "Password changed"),
        "staff.password_reset": pgettext_lazy("audit", "Password reset by mail"),
        "staff.reset_link_sent": pgettext_lazy("audit", "Link for a new password sent"),
        "staff.session_ended": pgettext_lazy("audit", "Session ended"),
        "staff.sessions_ended": pgettext_lazy("audit", "Sessions ended"),
        "staff.second_factor_set_up": pgettext_lazy("audit", "Codes from the phone set up"),
        "staff.second_factor_removed": pgettext_lazy("audit", "Codes from the phone switched off"),
        "staff.second_factor_reset": pgettext_lazy("audit", "Codes from the phone reset"),
        "staff.recovery_codes_renewed": pgettext_lazy("audit", "Recovery codes renewed"),
        "staff.recovery_code_used": pgettext_lazy("audit", "Recovery code used"),
        "staff.looking_begun": pgettext_lazy("audit", "Began to look as another role"),
        "staff.looking_ended": pgettext_lazy("audit", "Ceased to look as another role"),
        "staff.staff_invited": pgettext_lazy("audit", "Colleague invited"),
        "staff.invitation_resent": pgettext_lazy("audit", "Invitation sent again"),
        "staff.invitation_withdrawn": pgettext_lazy("audit", "Invitation withdrawn"),
        "staff.invitation_accepted": pgettext_lazy("audit", "Invitation accepted"),
        "staff.leaving_planned": pgettext_lazy("audit", "Leaving planned"),
        "staff.leaving_cancelled": pgettext_lazy("audit", "Leaving cancelled"),
        "staff.staff_left": pgettext_lazy("audit", "Colleague left"),
        "staff.role_assigned": pgettext_lazy("audit", "Role given"),
        "staff.role_withdrawn": pgettext_lazy("audit", "Role withdrawn"),
        "staff.role_created": pgettext_lazy("audit", "Role created"),
        "staff.role_changed": pgettext_lazy("audit", "Role changed"),
        "staff.role_closed": pgettext_lazy("audit", "Role closed"),
        "staff.api_key_created": pgettext_lazy("audit", "API key created"),
        "staff.api_key_rotated": pgettext_lazy("audit", "API key renewed"),
        "staff.api_key_revoked": pgettext_lazy("audit", "API key revoked"),
    }
)
words.of_subjects(
    {
        "staff": pgettext_lazy("audit subject", "Colleague"),
        "invitation": pgettext_lazy("audit subject", "Invitation"),
        "role": pgettext_lazy("audit subject", "Role"),
        "api_key": pgettext_lazy("audit subject", "API key"),
    }
)
words.of_actors(
    {
        "forgotten password": pgettext_lazy("audit actor", "Forgotten password"),
        "sign-in": pgettext_lazy("audit actor", "Sign-in"),
        "leaving": pgettext_lazy("audit actor", "Leaving"),
        "invitation": pgettext_lazy("audit actor", "Invitation"),
        "api key": pgettext_lazy("audit actor", "API key"),
        "mallard staff create": pgettext_lazy("audit actor", "Command: account of a colleague"),
        "mallard api-key create": pgettext_lazy("audit actor", "Command: API key"),
    }
)
words.of_fields(
    {
        "is_group": pgettext_lazy("audit field", "Whole group"),
        "theme": pgettext_lazy("audit field", "Appearance"),
        "expires_at": pgettext_lazy("audit field", "Expires at"),
        "heir_id": pgettext_lazy("audit field", "Who takes over"),
        "invitation_id": pgettext_lazy("audit field", "Invitation"),
        "invited_by": pgettext_lazy("audit field", "Invited by"),
        "keys_go_to_heir": pgettext_lazy("audit field", "Keys go to who takes over"),
        "leaves_at": pgettext_lazy("audit field", "Leaves at"),
        "left": pgettext_lazy("audit field", "Left"),
        "link_id": pgettext_lazy("audit field", "Link"),
        "needs_second_factor": pgettext_lazy("audit field", "Asks for codes from the phone"),
        "new_key": pgettext_lazy("audit field", "New key"),
        "permissions": pgettext_lazy("audit field", "Permissions"),
        "prefix": pgettext_lazy("audit field", "How the key begins"),
        "session_id": pgettext_lazy("audit field", "Session"),
        "sessions": pgettext_lazy("audit field", "Sessions ended"),
        "views": pgettext_lazy("audit field", "Views"),
        "keys": pgettext_lazy("audit field", "API keys"),
        "tasks": pgettext_lazy("audit field", "Tasks"),
        "tags": pgettext_lazy("audit field", "Tags"),
        "lists": pgettext_lazy("audit field", "Lists"),
        "alerts": pgettext_lazy("audit field", "Alerts"),
    },
    app_label="staff",
)


def _role(code: str) -> words.Words | None:
    if code in ROLES:
        return ROLES[code].name
    own = CustomRole.objects.filter(code=code).first()
    return own.name if own else None


def _permission(code: str) -> words.Words | None:
    return next((one.title for one in declared_permissions() if one.code == code), None)


for key in ("role", "roles", "owner_role", "shared_roles"):
    words.of_values(key, _role)
words.of_values("permissions", _permission)
words.of_records(
    {
        "staff": words.attribute_of("staff.StaffUser", "name"),
        "api_key": words.attribute_of("staff.ApiKey", "name"),
    },
    keys={"heir_id": "staff", "assignee_id": "staff"},
)
