import django.db.models.deletion
from django.db import migrations, models

import mallard.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("malls", "0003_plan_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="TenantContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=mallard.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("role", models.CharField(max_length=100, verbose_name="role")),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="malls.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=mallard.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(null=True)),
                ("day", models.DateField(null=True)),
                ("opens", models.PositiveSmallIntegerField(null=True)),
                ("closes", models.PositiveSmallIntegerField(null=True)),
                ("note_en", models.CharField(blank=True, default="", max_length=100)),
                ("note_zh", models.CharField(blank=True, default="", max_length=100)),
                (
                    "mall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_hours",
                        to="malls.mall",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_hours",
                        to="malls.store",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mall", "store", "weekday", "day"),
                        name="malls_hours_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day__isnull", False), ("weekday__isnull", True)),
                            models.Q(
                                ("day__isnull", True),
                                ("weekday__isnull", False),
                                ("weekday__range", (1, 7)),
                            ),
                            _connector="OR",
                        ),
                        name="malls_hours_of_a_weekday_or_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes__isnull", True), ("opens__isnull", True)),
                            models.Q(
                                ("closes__isnull", False),
                                ("closes__lte", 1800),
                                ("opens__isnull", False),
                                ("opens__lt", models.F("closes")),
                            ),
                            _connector="OR",
                        ),
                        name="malls_hours_in_order",
                    ),
                ],
            },
        ),
    ]
