from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "mallard.value.sales"
    label = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from mallard.value.sales import copying

        copying.register()
        from mallard.kernel.database.transactions import retry_when_raced
        from mallard.kernel.help import topics
        from mallard.kernel.metrics.live import watch_table
        from mallard.value.sales import (  # noqa: F401 rollups listens
            member_filter,
            menu,
            rollups,
            verification,
        )
        from mallard.value.sales.declarations import bulk as declared

        # Anonymous sales have no member whose lock would make two tills take turns.
        retry_when_raced(
            "receipt_number_once",
            "return_number_once",
            "visit_reference_once_per_mall",
            "visit_one_a_day_without_reference",
            "sales_declaration_once_a_day",
        )
        watch_table("sales_receipt", metric="mallard_receipts", documentation="Receipts recorded.")
        verification.register()
        declared.register()
        member_filter.register()
        menu.register()
        topics.register({"sales": "declare-sales"})
        topics.place("sales", "declare-sales", "load-receipts")
