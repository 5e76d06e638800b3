"""Console pages of the service counter."""

from __future__ import annotations

from django.urls import path

from mallard.value.counter import pages

app_name = "counter"
urlpatterns = [
    path("receipts/", pages.receipts, name="receipts"),
    path("receipts/<uuid:paper_id>/", pages.receipt, name="receipt"),
    path("receipts/<uuid:paper_id>/approve", pages.approve, name="approve"),
    path("receipts/<uuid:paper_id>/decline", pages.decline, name="decline"),
    path("members/<uuid:member_id>/backdate", pages.backdate, name="backdate"),
]
