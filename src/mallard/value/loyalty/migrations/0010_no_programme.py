from django.db import migrations, models

from mallard.value.loyalty.reasons import Reason


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0009_check_ins")]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="reason",
            field=models.CharField(choices=Reason.choices, max_length=16),
        ),
    ]
