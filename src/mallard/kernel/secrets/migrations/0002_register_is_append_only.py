from django.db import migrations

from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("secrets", "0001_initial")]

    operations = [append_only("secrets_erasure")]
