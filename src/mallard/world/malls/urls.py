"""Console pages of the place."""

from __future__ import annotations

from django.urls import path

from mallard.world.malls.contacts import pages as contacts
from mallard.world.malls.drawing import pages as drawing
from mallard.world.malls.pages import brands, floors, hours, leases, malls, stores, tenants

app_name = "malls"
urlpatterns = [
    path("", malls.malls, name="malls"),
    path("new/", malls.create_mall, name="create_mall"),
    path("group/", malls.edit_group, name="edit_group"),
    path("<uuid:mall_id>/", malls.mall, name="mall"),
    path("<uuid:mall_id>/edit/", malls.edit_mall, name="edit_mall"),
    path("<uuid:mall_id>/floors/new/", floors.create_floor, name="create_floor"),
    path("floors/<uuid:floor_id>/edit/", floors.edit_floor, name="edit_floor"),
    path("floors/<uuid:floor_id>/plan/", drawing.edit_plan, name="edit_plan"),
    path("floors/<uuid:floor_id>/units/new/", floors.create_unit, name="create_unit"),
    path("units/<uuid:unit_id>/edit/", floors.edit_unit, name="edit_unit"),
    path("<uuid:mall_id>/hours/", hours.mall_hours, name="mall_hours"),
    path("stores/<uuid:store_id>/hours/", hours.store_hours, name="store_hours"),
    path("tenants/<uuid:tenant_id>/contacts/new/", contacts.create_contact, name="create_contact"),
    path("contacts/<uuid:contact_id>/edit/", contacts.edit_contact, name="edit_contact"),
    path("contacts/<uuid:contact_id>/remove/", contacts.remove_contact, name="remove_contact"),
    path(
        "contacts/<uuid:contact_id>/reveal/<str:part>/",
        contacts.reveal_contact,
        name="reveal_contact",
    ),
    path("leases/", leases.leases, name="leases"),
    path("leases/new/", leases.create_lease, name="create_lease"),
    path("leases/<uuid:lease_id>/", leases.lease, name="lease"),
    path("leases/<uuid:lease_id>/edit/", leases.edit_lease, name="edit_lease"),
    path("leases/<uuid:lease_id>/end/", leases.end_lease, name="end_lease"),
    path("stores/<uuid:store_id>/close/", stores.close_store, name="close_store"),
    path("tenants/<uuid:tenant_id>/moved-out/", tenants.close_tenant, name="close_tenant"),
    path("stores/", stores.stores, name="stores"),
    path("stores/new/", stores.create_store, name="create_store"),
    path("stores/<uuid:store_id>/", stores.store, name="store"),
    path("stores/<uuid:store_id>/edit/", stores.edit_store, name="edit_store"),
    path("tenants/", tenants.tenants, name="tenants"),
    path("tenants/new/", tenants.create_tenant, name="create_tenant"),
    path("tenants/<uuid:tenant_id>/", tenants.tenant, name="tenant"),
    path("tenants/<uuid:tenant_id>/edit/", tenants.edit_tenant, name="edit_tenant"),
    path("tenants/<uuid:tenant_id>/brands/new/", tenants.create_brand, name="create_brand"),
    path("brands/", brands.brands, name="brands"),
    path("brands/<uuid:brand_id>/", brands.brand, name="brand"),
    path("brands/<uuid:brand_id>/edit/", tenants.edit_brand, name="edit_brand"),
    path("trade-categories/", tenants.trade_categories, name="trade_categories"),
    path("trade-categories/new/", tenants.create_trade_category, name="create_trade_category"),
    path(
        "trade-categories/<uuid:category_id>/edit/",
        tenants.edit_trade_category,
        name="edit_trade_category",
    ),
]
