import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_category_lineage"),
        ("malls", "0002_two_levels"),
        ("sales", "0006_declarations"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodsCursor",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("transaction", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ProductMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store_id",
                        "product_id",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField(db_index=True)),
                ("lines", models.BigIntegerField(default=0)),
                ("quantity_milli", models.BigIntegerField(default=0)),
                ("net_minor", models.BigIntegerField(default=0)),
                ("discount_minor", models.BigIntegerField(default=0)),
                ("returned_milli", models.BigIntegerField(default=0)),
                ("refund_minor", models.BigIntegerField(default=0)),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="malls.store",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["product", "month"], name="product_month_by_product")
                ],
            },
        ),
    ]
