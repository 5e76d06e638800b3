"""The category tree has no circles, and each category knows its ancestors and its restriction."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalog_category_lineage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One writer of the tree at a time, or two moves could close a circle together.
    PERFORM pg_advisory_xact_lock(hashtext('catalog_category'));
    WITH RECURSIVE tree AS (
        SELECT id, ARRAY[id] AS lineage, restricted::text AS restriction
        FROM catalog_category WHERE parent_id IS NULL
        UNION ALL
        SELECT child.id, child.id || tree.lineage,
               coalesce(child.restricted::text, tree.restriction)
        FROM catalog_category child JOIN tree ON child.parent_id = tree.id
    )
    UPDATE catalog_category
    SET lineage = tree.lineage, restriction = tree.restriction
    FROM tree
    WHERE catalog_category.id = tree.id
      AND (catalog_category.lineage, catalog_category.restriction)
          IS DISTINCT FROM (tree.lineage, tree.restriction::varchar);
    -- Whoever hangs in a circle is not reached from a root: its lineage cannot end in one.
    IF EXISTS (
        SELECT 1 FROM catalog_category child JOIN catalog_category parent
            ON parent.id = child.parent_id
        WHERE child.lineage IS DISTINCT FROM child.id || parent.lineage
    ) THEN
        RAISE EXCEPTION 'the category tree would have a circle'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_category_no_circle';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalog_category_lineage
    AFTER INSERT OR UPDATE OF parent_id, restricted ON catalog_category
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_category_lineage();
"""
BACKWARD = """
DROP TRIGGER catalog_category_lineage ON catalog_category;
DROP FUNCTION catalog_category_lineage();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
