"""What an actor may do with the place: malls, stores, tenants and leases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_MALL = declare("malls.view_mall", _("See malls and floor plans"))
EDIT_MALL = declare("malls.edit_mall", _("Change malls, floors and units"))
VIEW_STORE = declare("malls.view_store", _("See stores and trade categories"))
EDIT_STORE = declare("malls.edit_store", _("Change stores"))
EDIT_TRADE_CATEGORY = declare("malls.edit_trade_category", _("Change trade categories"))
VIEW_TENANT = declare("malls.view_tenant", _("See tenants and brands"))
EDIT_TENANT = declare("malls.edit_tenant", _("Change tenants and brands"))
REVEAL_CONTACT = declare("malls.reveal_contact", _("See tenants' contacts in full; recorded"))
VIEW_LEASE = declare("malls.view_lease", _("See lease terms"))
EDIT_LEASE = declare("malls.edit_lease", _("Change leases"))
