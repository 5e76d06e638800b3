"""A sale of nobody may get its member, once; what a desk typed from paper gives way to the till.

Everything else about receipts, lines and payments is refused as before.
"""

from django.db import migrations, models

from mallard.kernel.database.triggers import REFUSAL_SQLSTATE

SOURCES = models.CharField(
    choices=[
        ("pos", "Pos"),
        ("api", "Api"),
        ("file", "File"),
        ("history", "History"),
        ("staff", "Staff"),
        ("paper", "Paper"),
        ("generated", "Generated"),
    ],
    max_length=12,
)

# What each of the two changes may touch; all other columns are compared as they are, so that a
# column that comes later is protected from its first day.
_RECEIPTS = f"""
CREATE OR REPLACE FUNCTION sales_refuse_receipt_edit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text[] := ARRAY['member_id', 'visit_id', 'is_named_later'];
    told text[] := ARRAY['source', 'fingerprint', 'net_minor', 'discount_minor', 'eligible_minor'];
BEGIN
    IF OLD.member_id IS NULL AND NEW.member_id IS NOT NULL AND NEW.is_named_later
        AND to_jsonb(OLD) - named = to_jsonb(NEW) - named
    THEN
        RETURN NEW;
    END IF;
    IF OLD.source = 'paper' AND NEW.source <> 'paper'
        AND to_jsonb(OLD) - told = to_jsonb(NEW) - told
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = '{REFUSAL_SQLSTATE}', TABLE = TG_TABLE_NAME;
END
$$;
DROP TRIGGER append_only ON sales_receipt;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON sales_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION mallard_refuse_edit();
CREATE TRIGGER changes_twice_at_most BEFORE UPDATE ON sales_receipt
    FOR EACH ROW EXECUTE FUNCTION sales_refuse_receipt_edit();
"""

_PARTS = f"""
CREATE OR REPLACE FUNCTION sales_refuse_part_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sales_receipt WHERE id = OLD.receipt_id AND source = 'paper') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = '{REFUSAL_SQLSTATE}', TABLE = TG_TABLE_NAME;
END
$$;
"""


def _part(table: str) -> str:
    return f"""
DROP TRIGGER append_only ON {table};
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION mallard_refuse_edit();
CREATE TRIGGER of_paper_only BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION sales_refuse_part_delete();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0009_generated_indexes")]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="is_named_later",
            field=models.BooleanField(db_default=False, default=False),
        ),
        *(
            migrations.AlterField(model_name=name, name="source", field=SOURCES)
            for name in (
                "declarationrevision",
                "pendingreturn",
                "receipt",
                "return",
                "salesdeclaration",
            )
        ),
        migrations.RunSQL(_RECEIPTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            _PARTS + _part("sales_receiptline") + _part("sales_tender"), migrations.RunSQL.noop
        ),
    ]
