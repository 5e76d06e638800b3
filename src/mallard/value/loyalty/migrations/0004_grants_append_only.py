"""What was given stays as it was written: the database refuses to change or delete it."""

from django.db import migrations

from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0003_richer_rules")]

    operations = [
        append_only("loyalty_grant"),
    ]
