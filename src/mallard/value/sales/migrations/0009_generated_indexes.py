from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the tills, which must not wait.
    atomic = False

    dependencies = [("sales", "0008_fill_product_months")]

    operations = [
        AddIndexConcurrently(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("source", "generated")),
                fields=["business_day"],
                name="receipt_generated",
            ),
        ),
        AddIndexConcurrently(
            model_name="return",
            index=models.Index(
                condition=models.Q(("source", "generated")),
                fields=["business_day"],
                name="return_generated",
            ),
        ),
    ]
