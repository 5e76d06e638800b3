from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    name = "mallard.review.reports"
    label = "reports"

    def ready(self) -> None:
        from mallard.kernel.help import topics

        # Every app's figures are known before a page lists them.
        autodiscover_modules("figures")
        from mallard.review.reports import menu

        menu.register()
        topics.register({"reports": "figures", "reports:sales": "analyse-sales"})
        topics.place("reports", "analyse-sales")
