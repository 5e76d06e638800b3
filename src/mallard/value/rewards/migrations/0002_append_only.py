"""What moved stays as it was written: the database refuses to change or delete it."""

from django.db import migrations

from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("rewards", "0001_initial")]

    operations = [
        append_only("rewards_stockmovement"),
    ]
