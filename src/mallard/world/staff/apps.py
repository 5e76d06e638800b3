from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_ABOUT_ROLES = (
    "staff:roles", "staff:create_role", "staff:role", "staff:edit_role", "staff:assign_role",
    "staff:see_as_role", "staff:keys", "staff:create_key", "staff:key",
)  # fmt: skip
_ABOUT_CODES = (
    "staff:profile", "staff:second_factor", "staff:renew_recovery_codes",
    "staff:remove_second_factor", "staff:own_sessions",
)  # fmt: skip
_ABOUT_LEAVING = ("staff:leave", "staff:cancel_leaving", "staff:reopen_account")
_ABOUT_AUDIT = ("staff:audit", "staff:audit_entry", "staff:audit_verification")


class StaffConfig(AppConfig):
    name = "mallard.world.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from mallard.kernel.access.people import register_people, register_roles
        from mallard.kernel.access.step_up import register_proofs
        from mallard.kernel.audit.permissions import VIEW_ENTRY
        from mallard.kernel.help import topics
        from mallard.kernel.http.authentication import register_authenticator
        from mallard.kernel.ui import navigation, preferences
        from mallard.kernel.workspace.notifications import Kind
        from mallard.kernel.workspace.notifications import register as register_notification
        from mallard.world.staff import finding, looking, probes, queries, sessions
        from mallard.world.staff.pages import profile
        from mallard.world.staff.permissions import MANAGE_API_KEY, MANAGE_STAFF, VIEW_STAFF
        from mallard.world.staff.proofs import PasswordOrCode

        probes.register()
        register_people(queries.person_behind)
        register_roles(queries.roles_held, queries.role_titles)
        register_authenticator(queries.actor_for_api_key)
        register_proofs(PasswordOrCode())
        sessions.listen()
        preferences.on_choice(profile.keep_choice)
        for kind in (
            Kind(
                "staff.took_over",
                _("You took over what a colleague had to do."),
                icon="users",
                tone="accent",
            ),
            Kind(
                "staff.leaving_refused",
                _("The account of a leaver could not be closed."),
                icon="alert-triangle",
                tone="warning",
            ),
        ):
            register_notification(kind)
        navigation.register_banner(
            navigation.TopbarPart("staff/looking_banner.html", looking.banner_of)
        )
        for entry in (
            navigation.Entry("settings", _("My profile"), "staff:profile", order=10),
            navigation.Entry("settings", _("Staff"), "staff:list", VIEW_STAFF, order=20),
            navigation.Entry("settings", _("Roles"), "staff:roles", VIEW_STAFF, order=21),
            navigation.Entry("settings", _("API keys"), "staff:keys", MANAGE_API_KEY, order=22),
            navigation.Entry("settings", _("Audit log"), "staff:audit", VIEW_ENTRY, order=23),
        ):
            navigation.register(entry)
        navigation.register_act(
            navigation.Act(_("Invite somebody"), "staff:invite", MANAGE_STAFF, "user-plus")
        )
        finding.register()
        topics.register(
            {
                "staff": "invite-staff",
                **dict.fromkeys(_ABOUT_ROLES, "give-roles"),
                **dict.fromkeys(_ABOUT_CODES, "use-codes-from-the-phone"),
                **dict.fromkeys(_ABOUT_LEAVING, "let-somebody-leave"),
                **dict.fromkeys(_ABOUT_AUDIT, "read-the-audit-log"),
            }
        )
        topics.place(
            "settings",
            "invite-staff",
            "give-roles",
            "use-codes-from-the-phone",
            "let-somebody-leave",
            "read-the-audit-log",
        )
