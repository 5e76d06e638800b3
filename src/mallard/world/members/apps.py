from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_ABOUT_FIELDS = ("members:fields", "members:new_field", "members:field", "members:retire_field")


class MembersConfig(AppConfig):
    name = "mallard.world.members"
    label = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from mallard.world.members import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.kernel.secrets import register
        from mallard.kernel.ui import navigation
        from mallard.world.members import bulk, finding, relations, settings, stories  # noqa: F401 declare
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
        navigation.register(
            navigation.Entry("members", _("Tags"), "members:tags", VIEW_MEMBER, order=20)
        )
        navigation.register_act(
            navigation.Act(_("Enrol a member"), "members:enrol", ENROL_MEMBER, "user-plus")
        )
        finding.register()
        bulk.register()
        relations.register()
        stories.register()
        topics.register(
            {
                "members": "look-up-a-member",
                **dict.fromkeys(("members:tags", "members:tag"), "tag-members"),
                **dict.fromkeys(("members:new_tag", "members:edit_tag"), "tag-members"),
                "members:merge_tag": "tag-members",
                **dict.fromkeys(_ABOUT_FIELDS, "add-a-custom-field"),
            }
        )
        topics.place("members", "look-up-a-member", "tag-members")
        topics.place("settings", "add-a-custom-field")
