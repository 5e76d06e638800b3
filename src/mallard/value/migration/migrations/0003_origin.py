from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migration", "0002_locked")]

    operations = [
        migrations.AddField(
            model_name="migration",
            name="origin",
            field=models.CharField(
                choices=[
                    ("source", "Source data"),
                    ("generated", "Generated data"),
                    ("staff", "Entered by staff"),
                    ("api", "Sent by a system"),
                    ("import", "Imported"),
                ],
                default="staff",
                editable=False,
                max_length=12,
                verbose_name="origin",
            ),
        ),
    ]
