"""The place and who trades there.

Rows are closed, never deleted. Areas are square decimetres and plan coordinates whole decimetres
from the upper left corner of the floor, so that neither needs a float.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import BilingualName, localised
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Provenance

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
LATEST_CUTOFF_HOUR = 6

is_code = RegexValidator(
    CODE_PATTERN,
    _("Use up to 40 letters, digits, dots, dashes and underscores, without spaces."),
)


def code_field(*, unique: bool = True) -> models.CharField[str, str]:
    """A short code that people and tills type."""
    return models.CharField(_("code"), max_length=40, unique=unique, validators=[is_code])


class Place(BilingualName, Provenance):
    """What every row here has: an id, names in two languages, and where it comes from."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(BilingualName.Meta):
        abstract = True


class Group(Place):
    """The mall group. One installation serves one."""

    code = code_field()

    class Meta(Place.Meta):
        verbose_name = _("group")
        verbose_name_plural = _("groups")


class Mall(Place):
    """A shopping mall, or another place that trades together, such as outlying stores."""

    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="malls", verbose_name=_("group")
    )
    code = code_field()
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    currency = models.CharField(
        _("currency"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Use the three letters of ISO 4217."))],
    )
    business_day_cutoff_hour = models.PositiveSmallIntegerField(
        _("business day begins at"),
        default=5,
        validators=[MaxValueValidator(LATEST_CUTOFF_HOUR)],
        help_text=_("Sales before this hour of the night belong to the day before; 0 to 6."),
    )
    address_en = models.CharField(_("English address"), max_length=300, blank=True, default="")
    address_zh = models.CharField(_("Chinese address"), max_length=300, blank=True, default="")
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta(Place.Meta):
        verbose_name = _("mall")
        verbose_name_plural = _("malls")
        constraints = [
            *Place.Meta.constraints,
            models.CheckConstraint(
                condition=Q(business_day_cutoff_hour__lte=LATEST_CUTOFF_HOUR),
                name="malls_mall_cutoff_in_the_night",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="malls_mall_currency_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__gte=F("opened_on")), name="malls_mall_closed_after_opening"
            ),
        ]

    @property
    def address(self) -> str:
        return localised(self.address_en, self.address_zh)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Floor(Place):
    """A storey. ``level`` orders them: 0 is the ground floor, negative ones are below it."""

    mall = models.ForeignKey(
        Mall, on_delete=models.PROTECT, related_name="floors", verbose_name=_("mall")
    )
    code = code_field(unique=False)
    level = models.SmallIntegerField(_("level"))

    class Meta(Place.Meta):
        verbose_name = _("floor")
        verbose_name_plural = _("floors")
        constraints = [
            *Place.Meta.constraints,
            models.UniqueConstraint(fields=["mall", "code"], name="malls_floor_code_once_a_mall"),
            models.UniqueConstraint(fields=["mall", "level"], name="malls_floor_level_once_a_mall"),
        ]


class Unit(Provenance):
    """A space that can be let. ``geometry`` is its outline on the floor plan: [[x, y], …] in dm."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    floor = models.ForeignKey(
        Floor, on_delete=models.PROTECT, related_name="units", verbose_name=_("floor")
    )
    code = code_field(unique=False)
    area_dm2 = models.PositiveIntegerField(_("area"), validators=[MinValueValidator(1)])
    geometry = models.JSONField(_("outline"), default=list, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(fields=["floor", "code"], name="malls_unit_code_once_a_floor"),
            models.CheckConstraint(condition=Q(area_dm2__gt=0), name="malls_unit_has_an_area"),
        ]

    def __str__(self) -> str:
        return self.code


class FloorPlanVersion(models.Model):
    """What a floor's plan looked like from ``saved_at`` on: outlines by unit id. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    floor = models.ForeignKey(Floor, on_delete=models.PROTECT, related_name="plan_versions")
    number = models.PositiveIntegerField()
    outlines = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by_id = models.UUIDField(null=True)
    saved_by_label = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["floor", "number"], name="malls_plan_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.floor_id} {self.number}"


class TradeCategory(Place):
    """What a store trades in (业态 above, 品类 below): exactly two levels, kept by a trigger."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    code = code_field()

    class Meta(Place.Meta):
        verbose_name = _("trade category")
        verbose_name_plural = _("trade categories")


class TenantStatus(models.TextChoices):
    ACTIVE = "active", _("Trading")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Moved out")


class Tenant(Place):
    """A merchant who rents units and runs stores."""

    code = code_field()
    status = models.CharField(
        _("status"), max_length=10, choices=TenantStatus.choices, default=TenantStatus.ACTIVE
    )

    class Meta(Place.Meta):
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        constraints = [
            *Place.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=TenantStatus.values), name="malls_tenant_status_known"
            ),
        ]


class Brand(Place):
    """A name over the door, run by one tenant."""

    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="brands", verbose_name=_("tenant")
    )
    code = code_field()

    class Meta(Place.Meta):
        verbose_name = _("brand")
        verbose_name_plural = _("brands")


class Store(Place):
    """A tenant's outlet in a mall. Receipts, staff scopes and targets hang on it."""

    code = code_field()
    mall = models.ForeignKey(
        Mall, on_delete=models.PROTECT, related_name="stores", verbose_name=_("mall")
    )
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="stores", verbose_name=_("tenant")
    )
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stores",
        verbose_name=_("brand"),
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stores",
        verbose_name=_("unit"),
    )
    trade_category = models.ForeignKey(
        TradeCategory,
        on_delete=models.PROTECT,
        related_name="stores",
        verbose_name=_("trade category"),
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta(Place.Meta):
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints = [
            *Place.Meta.constraints,
            models.CheckConstraint(
                condition=Q(closed_on__gte=F("opened_on")), name="malls_store_closed_after_opening"
            ),
        ]

    def is_open_on(self, day: dt.date) -> bool:
        """Whether the store trades on ``day``; the closing day is the first day without it."""
        return (self.opened_on is None or self.opened_on <= day) and (
            self.closed_on is None or day < self.closed_on
        )


class OpeningHours(models.Model):
    """When a mall, or a store of it, is open on a weekday or on one day; without times: closed.

    Minutes after the midnight that the day begins with: 1560 is 02:00 of the night after.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="opening_hours")
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, null=True, related_name="opening_hours"
    )
    weekday = models.PositiveSmallIntegerField(null=True)
    day = models.DateField(null=True)
    opens = models.PositiveSmallIntegerField(null=True)
    closes = models.PositiveSmallIntegerField(null=True)
    note_en = models.CharField(max_length=100, blank=True, default="")
    note_zh = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mall", "store", "weekday", "day"],
                nulls_distinct=False,
                name="malls_hours_once",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, day__isnull=False)
                | Q(weekday__isnull=False, weekday__range=(1, 7), day__isnull=True),
                name="malls_hours_of_a_weekday_or_day",
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(
                    opens__isnull=False,
                    closes__isnull=False,
                    opens__lt=F("closes"),
                    closes__lte=1_800,
                ),
                name="malls_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday or self.day}"

    @property
    def note(self) -> str:
        return localised(self.note_en, self.note_zh)


class TenantContact(models.Model):
    """A person at a tenant's: name, phone and mail are sealed under a data key of their own, which
    goes when the contact is removed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="contacts")
    role = models.CharField(_("role"), max_length=100)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.role


class LeaseKind(models.TextChoices):
    FIXED = "fixed", _("Fixed rent")
    PERCENTAGE = "percentage", _("Percentage of sales")
    GREATER_OF = "greater_of", _("Minimum rent or percentage, whichever is greater")
    CONCESSION = "concession", _("Joint operation")


class Lease(Provenance):
    """On which terms a tenant has a unit. Rent is minor units of the mall's currency a month.

    ``percentage_bp`` is the mall's share of sales in basis points (1250 = 12.5 %).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="leases", verbose_name=_("tenant")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="leases", verbose_name=_("unit")
    )
    store = models.ForeignKey(
        Store,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leases",
        verbose_name=_("store"),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    kind = models.CharField(_("kind"), max_length=12, choices=LeaseKind.choices)
    area_dm2 = models.PositiveIntegerField(
        _("area that rent is paid for"), validators=[MinValueValidator(1)]
    )
    base_rent_minor = models.BigIntegerField(_("base rent a month"), null=True, blank=True)
    percentage_bp = models.PositiveIntegerField(_("share of sales"), null=True, blank=True)

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="malls_lease_unit_from_day"),
            models.CheckConstraint(
                condition=Q(kind__in=LeaseKind.values), name="malls_lease_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="malls_lease_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(area_dm2__gt=0), name="malls_lease_has_an_area"),
            models.CheckConstraint(
                condition=Q(base_rent_minor__gte=0), name="malls_lease_rent_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(percentage_bp__gt=0, percentage_bp__lte=10_000),
                name="malls_lease_share_of_sales",
            ),
            models.CheckConstraint(
                condition=Q(kind=LeaseKind.FIXED, base_rent_minor__isnull=False)
                | Q(
                    kind=LeaseKind.GREATER_OF,
                    base_rent_minor__isnull=False,
                    percentage_bp__isnull=False,
                )
                | Q(
                    kind__in=[LeaseKind.PERCENTAGE, LeaseKind.CONCESSION],
                    percentage_bp__isnull=False,
                ),
                name="malls_lease_terms_fit_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.starts_on:%Y-%m-%d}"
