"""Writing and finding what is sold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from mallard.kernel.access.actor import system
from mallard.kernel.audit.models import Entry
from mallard.kernel.audited_rows import CodeTaken
from mallard.kernel.errors import Invalid
from mallard.world.catalog import queries, services
from mallard.world.catalog.errors import CategoryCircle, ProductExists, SkuTaken, UnknownCategory
from mallard.world.catalog.facts import (
    CategoryInput,
    ProductBrandInput,
    ProductInput,
    VariantInput,
)
from mallard.world.catalog.models import Barcode, Category, Product, Variant
from mallard.world.catalog.tests.factories import BarcodeFactory, CategoryFactory, VariantFactory

pytestmark = pytest.mark.django_db
OPERATOR = system("test")
TREE = [
    CategoryInput(
        code="infant", name_en="Infant formula", parent_code="dairy", restricted="infant_formula"
    ),
    CategoryInput(code="food", name_en="Food", name_zh="食品"),
    CategoryInput(code="dairy", name_en="Dairy", name_zh="乳品", parent_code="food"),
    CategoryInput(code="stage1", name_en="Stage 1", parent_code="infant"),
]
MILK = ProductInput(
    code="MILK-1L",
    category_code="dairy",
    name_en="Fresh Milk Café style",
    name_zh="鲜牛奶1升装",
    variants=(
        VariantInput(sku="MILK-WHOLE", name_en="Whole", barcodes=("6901234567892",)),
        VariantInput(sku="MILK-SKIM", name_en="Skimmed"),
    ),
)


@pytest.fixture
def tree() -> dict[str, Category]:
    services.save_categories(TREE, actor=OPERATOR)
    return {row.code: row for row in Category.objects.all()}


def statuses(*products: ProductInput) -> list[str]:
    return [outcome.status for outcome in services.save_products(products, actor=OPERATOR)]


def found(text: str) -> set[str]:
    return set(queries.search_products(text).values_list("code", flat=True))


def test_tree_saved_in_any_order_knows_every_ancestor(tree: dict[str, Category]):
    chain = ["stage1", "infant", "dairy", "food"]
    assert tree["stage1"].lineage == [tree[code].pk for code in chain]
    assert tree["stage1"].restriction == "infant_formula"
    assert tree["dairy"].restriction is None


def test_moving_a_category_moves_what_is_below_it(tree: dict[str, Category]):
    moved = replace(TREE[0], parent_code=None, restricted=None)
    services.update_category(tree["infant"].pk, moved, actor=OPERATOR)
    stage = Category.objects.get(code="stage1")
    assert stage.lineage == [stage.pk, tree["infant"].pk]
    assert stage.restriction is None


def test_category_cannot_be_below_itself_not_even_in_sql(tree: dict[str, Category]):
    with pytest.raises(CategoryCircle):
        services.update_category(
            tree["food"].pk,
            CategoryInput(code="food", name_en="Food", parent_code="stage1"),
            actor=OPERATOR,
        )
    with pytest.raises(CategoryCircle):
        services.create_category(
            CategoryInput(code="self", name_en="Self", parent_code="self"), actor=OPERATOR
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(code="food").update(parent=tree["stage1"])
    with pytest.raises(UnknownCategory):
        services.create_category(
            CategoryInput(code="lost", name_en="Lost", parent_code="nowhere"), actor=OPERATOR
        )
    assert Category.objects.get(code="food").parent_id is None
    assert Category.objects.count() == 4


def test_renamed_category_keeps_its_place(tree: dict[str, Category]):
    services.update_category(
        tree["dairy"].pk, replace(TREE[2], code="milk-products"), actor=OPERATOR
    )
    stage = Category.objects.get(code="stage1")
    assert stage.lineage == tree["stage1"].lineage
    with pytest.raises(CodeTaken):
        services.update_category(tree["dairy"].pk, TREE[1], actor=OPERATOR)


def test_product_is_created_once_then_unchanged_then_changed(tree: dict[str, Category]):
    assert statuses(MILK) == ["created"]
    assert statuses(MILK) == ["unchanged"]
    assert statuses(replace(MILK, name_zh="鲜奶")) == ["changed"]
    with_barcode = (VariantInput(sku="MILK-SKIM", barcodes=("6900",)),)
    more = replace(MILK, name_zh="鲜奶", variants=with_barcode)
    assert statuses(more) == ["changed"]
    assert Product.objects.get().name_zh == "鲜奶"
    assert set(Variant.objects.values_list("sku", flat=True)) == {"MILK-WHOLE", "MILK-SKIM"}
    assert Barcode.objects.count() == 2


def test_product_without_variants_gets_one_of_its_own_code(tree: dict[str, Category]):
    product = services.create_product(replace(MILK, variants=()), actor=OPERATOR)
    variant = Variant.objects.get()
    assert (variant.sku, variant.product_id) == ("MILK-1L", product.pk)
    assert variant.name_zh == MILK.name_zh
    assert statuses(replace(MILK, variants=())) == ["unchanged"]


def test_refused_products_do_not_hold_up_the_others(tree: dict[str, Category]):
    bad_category = replace(MILK, code="X", category_code="nowhere", variants=())
    thief = replace(MILK, code="THIEF", variants=(VariantInput(sku="MILK-SKIM"),))
    assert statuses(bad_category, MILK, thief, MILK) == ["refused", "created", "refused", "refused"]
    assert set(Product.objects.values_list("code", flat=True)) == {"MILK-1L"}


def test_text_that_no_database_takes_is_refused(tree: dict[str, Category]):
    nul = "a\0b"
    variants = (VariantInput(sku=nul, barcodes=(nul,)),)
    changes = [{"code": nul}, {"brand_code": nul}, {"category_code": nul}, {"variants": variants}]
    products = [replace(MILK, **change) for change in changes]
    assert statuses(*products) == ["refused"] * 4


def test_entry_of_a_batch_names_what_was_written_only(tree: dict[str, Category]):
    outcomes = services.save_products(
        [MILK, replace(MILK, code="X", category_code="?")], actor=OPERATOR
    )
    entry = Entry.objects.get(action="catalog.products_saved")
    assert entry.ids == [outcomes[0].product_id]


def test_one_product_raises_why_it_is_refused(tree: dict[str, Category]):
    services.create_product(MILK, actor=OPERATOR)
    with pytest.raises(ProductExists):
        services.create_product(MILK, actor=OPERATOR)
    with pytest.raises(SkuTaken):
        services.create_product(replace(MILK, code="OTHER"), actor=OPERATOR)
    product = Product.objects.get()
    with pytest.raises(Invalid):
        services.update_product(product.pk, replace(MILK, code="OTHER"), actor=OPERATOR)
    assert Product.objects.count() == 1


def test_closed_product_and_removed_barcode_are_remembered(tree: dict[str, Category]):
    product = services.create_product(MILK, actor=OPERATOR)
    services.close_product(product.pk, closed_on=dt.date(2026, 5, 1), actor=OPERATOR)
    services.remove_barcode("6901234567892", actor=OPERATOR)
    assert Product.objects.get().closed_on == dt.date(2026, 5, 1)
    assert not Barcode.objects.exists()
    removed = Entry.objects.get(action="catalog.barcode_removed")
    assert removed.before == {"barcode": "6901234567892"}


def test_products_are_found_in_chinese_and_latin_letters(tree: dict[str, Category]):
    tea = ProductInput(code="TEA-9", category_code="food", name_en="Green Tea", name_zh="牛年绿茶")
    statuses(MILK, tea)
    assert found("牛奶") == {"MILK-1L"}
    assert found("鲜牛奶") == {"MILK-1L"}
    assert found("牛") == {"MILK-1L", "TEA-9"}
    assert found("奶牛") == set()
    assert found("gre te") == {"TEA-9"}
    assert found("ＧＲＥＥＮ") == {"TEA-9"}
    assert found("cafe 牛奶") == {"MILK-1L"}
    assert found("tea-9") == {"TEA-9"}
    assert found("milk' | 'tea") == set()
    assert found("!!!") == set()
    assert found("") == {"MILK-1L", "TEA-9"}


def test_sku_or_barcode_finds_exactly_its_product(tree: dict[str, Category]):
    statuses(MILK, replace(MILK, code="MILK-2L", variants=()))
    assert found("MILK-SKIM") == {"MILK-1L"}
    assert found("6901234567892") == {"MILK-1L"}
    assert queries.product_of("6901234567892").code == "MILK-1L"
    assert queries.product_of("MILK-2L").code == "MILK-2L"
    assert queries.product_of("nothing") is None


def test_restricted_goods_are_so_by_themselves_or_by_any_category_above(tree: dict[str, Category]):
    formula = replace(MILK, code="F1", category_code="stage1", variants=())
    tobacco = replace(MILK, code="T1", restricted="tobacco", variants=())
    statuses(MILK, formula, tobacco)
    facts = queries.variant_facts(["F1", "T1", "MILK-SKIM", "nothing"], ["6901234567892"])
    assert {asked: found.restricted for asked, found in facts.items()} == {
        "F1": "infant_formula",
        "T1": "tobacco",
        "MILK-SKIM": None,
        "6901234567892": None,
    }
    codes = ["stage1", "infant", "dairy", "food"]
    assert facts["F1"].category_ids == tuple(tree[code].pk for code in codes)
    assert facts["6901234567892"].sku == "MILK-WHOLE"
    listed = queries.find_products(restricted="any").values_list("code", flat=True)
    assert set(listed) == {"F1", "T1"}
    below = queries.find_products(category_id=tree["infant"].pk)
    assert [product.restriction for product in below] == ["infant_formula"]


def test_facts_of_a_batch_are_one_statement_a_kind(django_assert_num_queries):
    variants = VariantFactory.create_batch(3)
    barcode = BarcodeFactory(variant=variants[0])
    with django_assert_num_queries(2):
        facts = queries.variant_facts([row.sku for row in variants], [barcode.code])
    assert len(facts) == 4
    with django_assert_num_queries(0):
        assert queries.variant_facts([]) == {}


def test_tree_lists_parents_before_children(tree: dict[str, Category]):
    CategoryFactory(code="apple", name_en="Apple")
    listed = [(row.code, row.depth) for row in queries.category_tree()]
    assert listed == [("apple", 0), ("food", 0), ("dairy", 1), ("infant", 2), ("stage1", 3)]
    assert queries.ancestors_of(tree["stage1"]) == [tree["food"], tree["dairy"], tree["infant"]]


def test_brands_are_saved_by_code(tree: dict[str, Category]):
    (brand,) = services.save_brands([ProductBrandInput(code="cow", name_zh="奶牛")], actor=OPERATOR)
    assert statuses(replace(MILK, brand_code="cow")) == ["created"]
    assert Product.objects.get().brand_id == brand.pk


def test_thousands_of_products_are_a_handful_of_statements(
    tree: dict[str, Category], django_assert_max_num_queries
):
    products = [replace(MILK, code=f"P{n}", variants=()) for n in range(6_000)]
    with django_assert_max_num_queries(20):
        assert set(statuses(*products)) == {"created"}
