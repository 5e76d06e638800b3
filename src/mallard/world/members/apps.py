from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "mallard.world.members"
    label = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.secrets import register
        from mallard.kernel.ui import navigation
        from mallard.world.members import bulk, finding
        from mallard.world.members.permissions import EDIT_FIELD, ENROL_MEMBER, VIEW_MEMBER
        from mallard.world.members.services.lifecycle import erase_again

        register.on_replay(
            erase_again, tables=["members_membersearch", "members_identity", "members_fieldvalue"]
        )
        navigation.register(
            navigation.Entry(
                "members", _("Members"), "members:list", VIEW_MEMBER, order=10, go_key="m"
            )
        )
        navigation.register(
            navigation.Entry("settings", _("Custom fields"), "members:fields", EDIT_FIELD, order=30)
        )
        navigation.register_act(
            navigation.Act(_("Enrol a member"), "members:enrol", ENROL_MEMBER, "user-plus")
        )
        finding.register()
        bulk.register()
        topics.register({"members": "look-up-a-member"})
