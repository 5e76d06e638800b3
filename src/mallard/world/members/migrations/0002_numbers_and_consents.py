"""The sequence of member numbers, and consents that nobody rewrites."""

from django.db import migrations

from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE members_member_number AS bigint START 1",
            "DROP SEQUENCE members_member_number",
        ),
        append_only("members_consent"),
    ]
