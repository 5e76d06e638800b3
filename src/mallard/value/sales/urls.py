"""Console pages of declarations."""

from __future__ import annotations

from django.urls import path

from mallard.value.sales.declarations import pages, review_pages

app_name = "sales"
urlpatterns = [
    path("", pages.months, name="months"),
    path("stores/<uuid:store_id>/", pages.this_month, name="this_month"),
    path("stores/<uuid:store_id>/<str:month>/", pages.month, name="month"),
    path("list/", review_pages.declarations, name="declarations"),
    path("<uuid:declaration_id>/", review_pages.declaration, name="declaration"),
    path("<uuid:declaration_id>/review/", review_pages.review, name="review"),
]
