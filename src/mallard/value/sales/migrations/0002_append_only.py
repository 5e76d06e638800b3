"""What happened stays as it was written: the database refuses to change or delete it."""

from django.db import migrations

from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]

    operations = [
        append_only("sales_receipt"),
        append_only("sales_receiptline"),
        append_only("sales_tender"),
        append_only("sales_return"),
        append_only("sales_returnline"),
    ]
