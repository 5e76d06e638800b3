"""Every write of staff: accounts, invitations, roles, passwords and API keys."""

from mallard.world.staff.services.accounts import (
    change_profile,
    create_staff,
    deactivate_staff,
)
from mallard.world.staff.services.invitations import (
    Grant,
    accept_invitation,
    invite_staff,
    resend_invitation,
    withdraw_invitation,
)
from mallard.world.staff.services.keys import (
    OVERLAP_HOURS,
    MadeKey,
    create_api_key,
    revoke_api_key,
    rotate_api_key,
)
from mallard.world.staff.services.leaving import cancel_leaving, plan_leaving, reopen_account
from mallard.world.staff.services.looking import begin_looking, end_looking
from mallard.world.staff.services.passwords import (
    change_password,
    reset_password,
    send_reset_link,
)
from mallard.world.staff.services.roles import (
    assign_role,
    change_role,
    close_role,
    create_role,
    withdraw_role,
)
from mallard.world.staff.services.second_factor import (
    begin_second_factor,
    check_code,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from mallard.world.staff.services.sessions import (
    end_other_sessions,
    end_session,
    note_new_key,
    note_sign_out,
)

__all__ = [
    "OVERLAP_HOURS",
    "Grant",
    "MadeKey",
    "accept_invitation",
    "assign_role",
    "begin_looking",
    "begin_second_factor",
    "cancel_leaving",
    "change_password",
    "change_profile",
    "change_role",
    "check_code",
    "close_role",
    "confirm_second_factor",
    "create_api_key",
    "create_role",
    "create_staff",
    "deactivate_staff",
    "end_looking",
    "end_other_sessions",
    "end_session",
    "invite_staff",
    "note_new_key",
    "note_sign_out",
    "plan_leaving",
    "remove_second_factor",
    "renew_recovery_codes",
    "reopen_account",
    "resend_invitation",
    "reset_password",
    "reset_second_factor",
    "revoke_api_key",
    "rotate_api_key",
    "send_reset_link",
    "withdraw_invitation",
    "withdraw_role",
]
