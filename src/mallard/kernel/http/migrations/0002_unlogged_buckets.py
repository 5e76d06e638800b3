from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("http", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE http_rate_bucket SET UNLOGGED",
            "ALTER TABLE http_rate_bucket SET LOGGED",
        )
    ]
