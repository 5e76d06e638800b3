import django.db.models.deletion
from django.db import migrations, models

import mallard.kernel.ids
from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("malls", "0002_two_levels"),
    ]

    operations = [
        migrations.CreateModel(
            name="FloorPlanVersion",
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
                ("number", models.PositiveIntegerField()),
                ("outlines", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                ("saved_by_id", models.UUIDField(null=True)),
                ("saved_by_label", models.CharField(default="", max_length=200)),
                (
                    "floor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_versions",
                        to="malls.floor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("floor", "number"), name="malls_plan_version_once"
                    )
                ],
            },
        ),
        append_only("malls_floorplanversion"),
    ]
