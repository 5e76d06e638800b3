from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0008_brought_value")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="occasion",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.RemoveConstraint(model_name="grant", name="grant_once_per_rule"),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("member", "rule_code", "occasion"), name="grant_once_per_occasion"
            ),
        ),
    ]
