"""Pages of background jobs."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.jobs import pages

app_name = "jobs"
urlpatterns = [
    path("jobs/", pages.job_list, name="jobs"),
    path("jobs/periodic", pages.periodic_list, name="periodic"),
    path("jobs/<int:job_id>", pages.job_detail, name="job"),
    path("jobs/<int:job_id>/retry", pages.retry, name="retry"),
    path("jobs/<int:job_id>/cancel", pages.cancel, name="cancel"),
]
