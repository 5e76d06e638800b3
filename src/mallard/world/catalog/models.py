"""What is sold: categories, brands, products, their variants and barcodes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import BilingualName, shown_name_indexes
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Provenance

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$"
BARCODE_PATTERN = r"^[0-9A-Za-z-]{4,48}$"

is_code = RegexValidator(
    CODE_PATTERN,
    _("Use up to 64 letters, digits, dots, dashes, slashes and underscores, without spaces."),
)
is_barcode = RegexValidator(BARCODE_PATTERN, _("A barcode has 4 to 48 digits or letters."))


class RestrictedKind(models.TextChoices):
    """Goods that never earn, promote or are recommended."""

    TOBACCO = "tobacco", _("Tobacco")
    INFANT_FORMULA = "infant_formula", _("Infant formula")
    MEDICINE = "medicine", _("Medicine")


def code_field() -> models.CharField[str, str]:
    return models.CharField(_("code"), max_length=64, unique=True, validators=[is_code])


def restricted_field() -> models.CharField[str | None, str | None]:
    return models.CharField(
        _("restricted goods"),
        max_length=16,
        choices=RestrictedKind.choices,
        null=True,
        blank=True,
        help_text=_("Restricted goods never earn points and are never promoted."),
    )


class Article(BilingualName, Provenance):
    """What every row here has: an id, names in two languages, and where it comes from."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(BilingualName.Meta):
        abstract = True


class Category(Article):
    """A node of the category tree.

    A trigger derives ``lineage`` (own id first, then each ancestor's, the root last) and
    ``restriction`` (the nearest ``restricted`` on that way) after every change of the tree, and
    refuses circles; nobody else writes the two. So a receipt line needs no walk up the tree.
    """

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    code = code_field()
    restricted = restricted_field()
    lineage = ArrayField(models.UUIDField(), default=list, editable=False)
    restriction = models.CharField(max_length=16, null=True, editable=False)

    class Meta(Article.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            *Article.Meta.constraints,
            models.CheckConstraint(
                condition=Q(restricted__isnull=True) | Q(restricted__in=RestrictedKind.values),
                name="catalog_category_restricted_known",
            ),
        ]
        indexes = [GinIndex(fields=["lineage"], name="catalog_category_lineage")]


class ProductBrand(Article):
    """The maker's name on a product."""

    code = code_field()

    class Meta(Article.Meta):
        verbose_name = _("product brand")
        verbose_name_plural = _("product brands")


class Product(Article):
    """Something that is sold, in one or more variants.

    ``search`` holds the terms of `kernel.search_text` for its code and names; services write it.
    """

    code = code_field()
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("category")
    )
    brand = models.ForeignKey(
        ProductBrand,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("product brand"),
    )
    restricted = restricted_field()
    closed_on = models.DateField(_("no longer sold from"), null=True, blank=True)
    search = SearchVectorField(editable=False, default="")

    class Meta(Article.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            *Article.Meta.constraints,
            models.CheckConstraint(
                condition=Q(restricted__isnull=True) | Q(restricted__in=RestrictedKind.values),
                name="catalog_product_restricted_known",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="catalog_product_search"),
            *shown_name_indexes("catalog_product"),
        ]

    @property
    def restriction(self) -> str | None:
        """The kind of restricted goods this is: its own, or that of its category or above."""
        return self.restricted or self.category.restriction

    @property
    def restriction_title(self) -> str:
        """``restriction`` for people; empty when the product is not restricted."""
        kind = self.restriction
        return str(RestrictedKind(kind).label) if kind else ""


class Variant(Article):
    """One size, colour or flavour of a product: what a receipt line names by its SKU."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="variants", verbose_name=_("product")
    )
    sku = models.CharField(_("SKU"), max_length=64, unique=True, validators=[is_code])

    class Meta(Article.Meta):
        verbose_name = _("variant")
        verbose_name_plural = _("variants")


class Barcode(models.Model):
    """A code printed on the goods; a variant may have several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="barcodes", verbose_name=_("variant")
    )
    code = models.CharField(_("barcode"), max_length=48, unique=True, validators=[is_barcode])

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")

    def __str__(self) -> str:
        return self.code
