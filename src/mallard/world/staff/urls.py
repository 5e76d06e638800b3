"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.staff.pages import (
    audit,
    doors,
    keys,
    leaving,
    looking,
    people,
    profile,
    roles,
    security,
)

app_name = "staff"
urlpatterns: list[URLPattern] = [
    path("sign-in", doors.sign_in, name="sign_in"),
    path("sign-in/code", doors.sign_in_code, name="sign_in_code"),
    path("sign-out", doors.sign_out, name="sign_out"),
    path("password/forgotten", doors.forgotten_password, name="forgotten_password"),
    path("password/reset/<str:token>", doors.reset_password, name="reset_password"),
    path("invitation/<str:token>", doors.invitation, name="invitation"),
    path("profile", profile.profile, name="profile"),
    path("profile/password", profile.change_password, name="change_password"),
    path("profile/second-factor", security.second_factor, name="second_factor"),
    path("profile/second-factor/qr.svg", security.second_factor_qr, name="second_factor_qr"),
    path(
        "profile/second-factor/recovery-codes",
        security.renew_recovery_codes,
        name="renew_recovery_codes",
    ),
    path(
        "profile/second-factor/remove", security.remove_second_factor, name="remove_second_factor"
    ),
    path("profile/sessions", security.own_sessions, name="own_sessions"),
    path("profile/sessions/end-others", security.end_other_sessions, name="end_other_sessions"),
    path(
        "profile/sessions/<uuid:session_id>/end", security.end_own_session, name="end_own_session"
    ),
    path("staff/", people.staff_list, name="list"),
    path("staff/invite", people.invite, name="invite"),
    path("staff/places", people.places, name="places"),
    path(
        "staff/invitations/<uuid:invitation_id>/resend",
        people.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "staff/invitations/<uuid:invitation_id>/withdraw",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("staff/keys/", keys.keys, name="keys"),
    path("staff/keys/new", keys.create_key, name="create_key"),
    path("staff/keys/<uuid:key_id>/", keys.key, name="key"),
    path("staff/keys/<uuid:key_id>/rotate", keys.rotate_key, name="rotate_key"),
    path("staff/keys/<uuid:key_id>/revoke", keys.revoke_key, name="revoke_key"),
    path("staff/audit/", audit.entries, name="audit"),
    path("staff/audit/verify", audit.verify, name="verify_audit"),
    path("staff/audit/verification", audit.verification, name="audit_verification"),
    path("staff/audit/<uuid:entry_id>/", audit.entry, name="audit_entry"),
    path("staff/audit/<uuid:entry_id>/reveal", audit.reveal_entry, name="reveal_audit_entry"),
    path("staff/roles/", roles.roles, name="roles"),
    path("staff/roles/new", roles.create_role, name="create_role"),
    path("staff/roles/<slug:code>/", roles.role, name="role"),
    path("staff/roles/<slug:code>/see", looking.see_as_role, name="see_as_role"),
    path("staff/looking/stop", looking.stop_looking, name="stop_looking"),
    path("staff/roles/<slug:code>/edit", roles.edit_role, name="edit_role"),
    path("staff/roles/<slug:code>/close", roles.close_role, name="close_role"),
    path("staff/<uuid:user_id>/", people.person, name="person"),
    path("staff/<uuid:user_id>/leave", leaving.leave, name="leave"),
    path("staff/<uuid:user_id>/leave/cancel", leaving.cancel_leaving, name="cancel_leaving"),
    path("staff/<uuid:user_id>/reopen", leaving.reopen_account, name="reopen_account"),
    path("staff/<uuid:user_id>/roles", people.assign_role, name="assign_role"),
    path(
        "staff/<uuid:user_id>/roles/<uuid:assignment_id>/withdraw",
        people.withdraw_role,
        name="withdraw_role",
    ),
    path(
        "staff/<uuid:user_id>/second-factor/reset",
        people.reset_second_factor,
        name="reset_second_factor",
    ),
    path("staff/<uuid:user_id>/sessions/end", people.end_sessions, name="end_sessions"),
    path(
        "staff/<uuid:user_id>/sessions/<uuid:session_id>/end",
        people.end_session,
        name="end_session",
    ),
]
