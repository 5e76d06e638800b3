"""How the URLs of staff, their roles, keys and traces are called; see `samples.py`."""

from __future__ import annotations

from tests.permissions.places import GROUP_STAFF, STORE_ROWS
from tests.permissions.rows import (
    ANY,
    Sample,
    new_grant,
    new_invitation,
    new_key,
    of_assignment,
    of_audit_entry,
    of_colleague,
    of_invitation,
    of_key,
    of_own_role,
    of_session_of_colleague,
)

# Staff are known where they work; nobody acts on who may do more, or elsewhere. A role means the
# same everywhere, so the group's staff shape it.
STAFF = {
    "/staff/": ANY,
    "GET /staff/invite": ANY,
    "POST /staff/invite": Sample(body=new_invitation, seen=STORE_ROWS, names_rows_in_body=True),
    "/staff/places": ANY,
    "/staff/invitations/<uuid:invitation_id>/resend": Sample(path=of_invitation, seen=STORE_ROWS),
    "/staff/invitations/<uuid:invitation_id>/withdraw": Sample(path=of_invitation, seen=STORE_ROWS),
    "/staff/keys/": ANY,
    "GET /staff/keys/new": ANY,
    "POST /staff/keys/new": Sample(body=new_key, seen=STORE_ROWS, names_rows_in_body=True),
    "/staff/keys/<uuid:key_id>/": Sample(path=of_key, seen=STORE_ROWS),
    "/staff/keys/<uuid:key_id>/rotate": Sample(path=of_key, seen=STORE_ROWS),
    "/staff/keys/<uuid:key_id>/revoke": Sample(path=of_key, seen=STORE_ROWS),
    "/staff/audit/": Sample(seen=GROUP_STAFF),
    "/staff/audit/verify": Sample(seen=GROUP_STAFF),
    "/staff/audit/verification": Sample(seen=GROUP_STAFF),
    "/staff/audit/<uuid:entry_id>/": Sample(path=of_audit_entry, seen=GROUP_STAFF),
    "/staff/audit/<uuid:entry_id>/reveal": Sample(path=of_audit_entry, seen=GROUP_STAFF),
    "/staff/roles/": ANY,
    "/staff/roles/new": Sample(seen=GROUP_STAFF),
    "/staff/roles/<slug:code>/": Sample(path=of_own_role),
    "/staff/roles/<slug:code>/see": Sample(path=of_own_role),
    "/staff/looking/stop": ANY,
    "/staff/roles/<slug:code>/edit": Sample(path=of_own_role, seen=GROUP_STAFF),
    "/staff/roles/<slug:code>/close": Sample(path=of_own_role, seen=GROUP_STAFF),
    "/staff/<uuid:user_id>/": Sample(path=of_colleague, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/leave": Sample(path=of_colleague, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/leave/cancel": Sample(path=of_colleague, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/reopen": Sample(path=of_colleague, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/roles": Sample(path=of_colleague, body=new_grant, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/roles/<uuid:assignment_id>/withdraw": Sample(
        path=of_assignment, seen=STORE_ROWS
    ),
    "/staff/<uuid:user_id>/second-factor/reset": Sample(path=of_colleague, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/sessions/end": Sample(path=of_colleague, seen=STORE_ROWS),
    "/staff/<uuid:user_id>/sessions/<uuid:session_id>/end": Sample(
        path=of_session_of_colleague, seen=STORE_ROWS
    ),
}
