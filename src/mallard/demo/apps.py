"""The Django app of the demo. It owns how far the year has been loaded, its shift, its logins."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mallard.demo"
    label = "demo"

    def ready(self) -> None:
        from mallard.demo import member, panel, staff
        from mallard.kernel.health.registry import register_trial
        from mallard.world.staff.exemptions import register_exemption
        from mallard.world.staff.hints import register_sign_in_hints

        panel.register()
        register_sign_in_hints(staff.sign_in_hints)
        register_exemption(staff.is_demo_login)
        member.register()
        register_trial(staff.is_demo)
