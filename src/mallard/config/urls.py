"""Where each app's pages and routes hang."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    # First, because tills wait for it: each address in front of it is tried with every receipt.
    path("api/", include("mallard.surfaces.api.urls")),
    path("", include("mallard.surfaces.console.urls")),
    path("", include("mallard.kernel.ui.urls")),
    path("", include("mallard.kernel.http.urls")),
    path("", include("mallard.kernel.settings.urls")),
    path("", include("mallard.kernel.health.urls")),
    path("", include("mallard.kernel.security.urls")),
    path("", include("mallard.kernel.faults.urls")),
    path("", include("mallard.kernel.jobs.urls")),
    path("", include("mallard.kernel.webhooks.urls")),
    path("help/", include("mallard.kernel.help.urls")),
    path("workspace/", include("mallard.kernel.workspace.urls")),
    path("", include("mallard.kernel.retention.urls")),
    path("", include("mallard.kernel.metrics.urls")),
    path("", include("mallard.world.staff.urls")),
    path("malls/", include("mallard.world.malls.urls")),
    path("footfall/", include("mallard.world.footfall.urls")),
    path("catalog/", include("mallard.world.catalog.urls")),
    path("members/", include("mallard.world.members.urls")),
    path("imports/", include("mallard.world.intake.urls")),
    path("members/", include("mallard.world.memberweb.desk_urls")),
    path("m/", include("mallard.world.memberweb.urls")),
    path("m/", include("mallard.surfaces.portal.urls")),
    path("m/", include("mallard.demo.urls")),
    path("duplicates/", include("mallard.world.duplicates.urls")),
    path("lists/", include("mallard.world.lists.urls")),
    path("quality/", include("mallard.world.quality.urls")),
    path("tasks/", include("mallard.world.tasks.urls")),
    path("corrections/", include("mallard.world.corrections.urls")),
    path("privacy/", include("mallard.world.privacy.urls")),
    path("phones/", include("mallard.world.phones.urls")),
    path("ledger/", include("mallard.value.ledger.urls")),
    path("wallets/", include("mallard.value.wallets.urls")),
    path("sales/declarations/", include("mallard.value.sales.urls")),
    path("sales/", include("mallard.value.checkout.urls")),
    path("loyalty/", include("mallard.value.loyalty.urls")),
    path("migration/", include("mallard.value.migration.urls")),
    path("rewards/", include("mallard.value.rewards.urls")),
    path("watch/", include("mallard.value.watch.urls")),
    path("counter/", include("mallard.value.counter.urls")),
    path("reports/", include("mallard.review.reports.urls")),
    path("targets/", include("mallard.review.targets.urls")),
]

if settings.DEBUG:
    # The living style page, for the people who build pages.
    urlpatterns.append(path("", include("mallard.kernel.ui.gallery.urls")))

handler400 = "mallard.kernel.ui.errors.bad_request"
handler403 = "mallard.kernel.ui.errors.forbidden"
handler404 = "mallard.kernel.ui.errors.not_found"
handler500 = "mallard.kernel.ui.errors.server_error"
