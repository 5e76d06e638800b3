from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "mallard.world.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from mallard.kernel.access.people import register_people
        from mallard.kernel.http.authentication import register_authenticator
        from mallard.kernel.ui import navigation, preferences
        from mallard.world.staff import pages, queries
        from mallard.world.staff.permissions import VIEW_STAFF

        register_people(queries.person_behind)
        register_authenticator(queries.actor_for_api_key)
        preferences.on_choice(pages.keep_choice)
        for entry in (
            navigation.Entry("settings", _("My profile"), "staff:profile", order=10),
            navigation.Entry("settings", _("Staff"), "staff:list", VIEW_STAFF, order=20),
        ):
            navigation.register(entry)
