"""A signed migration, its rows and its control totals never change: the database refuses it."""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION migration_refuse_when_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed boolean;
BEGIN
    IF TG_TABLE_NAME = 'migration_migration' THEN
        signed := OLD.status = 'signed';
    ELSIF TG_OP = 'INSERT' THEN
        SELECT status = 'signed' INTO signed FROM migration_migration WHERE id = NEW.migration_id;
    ELSE
        SELECT status = 'signed' INTO signed FROM migration_migration WHERE id = OLD.migration_id;
    END IF;
    IF signed THEN
        RAISE EXCEPTION '% of a signed migration: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'MA001', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("migration", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                _FUNCTION,
                (
                    "CREATE TRIGGER locked BEFORE UPDATE OR DELETE ON migration_migration "
                    "FOR EACH ROW EXECUTE FUNCTION migration_refuse_when_signed();"
                ),
                (
                    "CREATE TRIGGER locked BEFORE INSERT OR UPDATE OR DELETE ON migration_controltotal "
                    "FOR EACH ROW EXECUTE FUNCTION migration_refuse_when_signed();"
                ),
                (
                    "CREATE TRIGGER locked BEFORE UPDATE OR DELETE ON migration_migrationrow "
                    "FOR EACH ROW EXECUTE FUNCTION migration_refuse_when_signed();"
                ),
            ],
            reverse_sql=[
                "DROP TRIGGER locked ON migration_migration;",
                "DROP TRIGGER locked ON migration_controltotal;",
                "DROP TRIGGER locked ON migration_migrationrow;",
                "DROP FUNCTION migration_refuse_when_signed();",
            ],
        )
    ]
