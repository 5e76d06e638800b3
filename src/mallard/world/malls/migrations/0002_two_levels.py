"""Trade categories have exactly two levels, whoever writes them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION malls_tradecategory_two_levels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    -- One writer at a time, or two could each hang a level below the other's.
    PERFORM pg_advisory_xact_lock(hashtext('malls_tradecategory'));
    IF NEW.parent_id = NEW.id
        OR EXISTS (SELECT 1 FROM malls_tradecategory
                   WHERE id = NEW.parent_id AND parent_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM malls_tradecategory WHERE parent_id = NEW.id)
    THEN
        RAISE EXCEPTION 'trade categories have two levels'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'malls_tradecategory_two_levels';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER malls_tradecategory_two_levels
    BEFORE INSERT OR UPDATE OF parent_id ON malls_tradecategory
    FOR EACH ROW EXECUTE FUNCTION malls_tradecategory_two_levels();
"""
BACKWARD = """
DROP TRIGGER malls_tradecategory_two_levels ON malls_tradecategory;
DROP FUNCTION malls_tradecategory_two_levels();
"""


class Migration(migrations.Migration):
    dependencies = [("malls", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
