from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectionsConfig(AppConfig):
    name = "mallard.world.corrections"
    label = "corrections"
    verbose_name = _("Corrections")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.ui.offers import register_offer
        from mallard.kernel.workspace.notifications import Kind
        from mallard.kernel.workspace.notifications import register as register_notification
        from mallard.world.corrections import fields, offering
        from mallard.world.corrections.kinds import register

        register()
        fields.register()
        register_offer(offering.propose)
        for kind in (
            Kind(
                "corrections.accepted",
                _("A correction that you proposed was accepted."),
                icon="circle-check",
                tone="success",
            ),
            Kind(
                "corrections.declined",
                _("A correction that you proposed was declined. The reason stands there."),
                icon="circle-x",
                tone="warning",
            ),
        ):
            register_notification(kind)
        topics.register({"corrections": "propose-a-correction"})
        topics.place("home", "propose-a-correction")
