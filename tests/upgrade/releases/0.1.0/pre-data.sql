\restrict Gh91r0Yv6IwHMHmkg5fJ5WJYcNt9B319XRwGqdaNvoZ9Q5ANlCpRcUe2uRJQqgO
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.catalog_category_lineage() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION public.mallard_refuse_edit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'MA001', TABLE = TG_TABLE_NAME;
END
$$;
CREATE FUNCTION public.malls_tradecategory_two_levels() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE TABLE public.audit_entry (
    id uuid NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    action character varying(100) NOT NULL,
    subject_type character varying(100) NOT NULL,
    subject_id uuid,
    ids uuid[] NOT NULL,
    before jsonb,
    after jsonb,
    personal_of uuid,
    sealed bytea,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    actor_label character varying(200) NOT NULL,
    request_id character varying(64) NOT NULL,
    address character varying(64) NOT NULL
);
CREATE TABLE public.audit_seal (
    number bigint NOT NULL,
    up_to_transaction bigint NOT NULL,
    up_to_id uuid NOT NULL,
    entries integer NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_seal_entries_check CHECK ((entries >= 0)),
    CONSTRAINT audit_seal_number_check CHECK ((number >= 0)),
    CONSTRAINT audit_seal_up_to_transaction_check CHECK ((up_to_transaction >= 0))
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.axes_accessattempt (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    get_data text NOT NULL,
    post_data text NOT NULL,
    failures_since_start integer NOT NULL,
    CONSTRAINT axes_accessattempt_failures_since_start_check CHECK ((failures_since_start >= 0))
);
ALTER TABLE public.axes_accessattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accessattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.axes_accessattemptexpiration (
    access_attempt_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.axes_accessfailurelog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    locked_out boolean NOT NULL
);
ALTER TABLE public.axes_accessfailurelog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accessfailurelog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.axes_accesslog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    logout_time timestamp with time zone,
    session_hash character varying(64) NOT NULL
);
ALTER TABLE public.axes_accesslog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accesslog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalog_barcode (
    id uuid NOT NULL,
    code character varying(48) NOT NULL,
    variant_id uuid NOT NULL
);
CREATE TABLE public.catalog_category (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(64) NOT NULL,
    restricted character varying(16),
    lineage uuid[] NOT NULL,
    restriction character varying(16),
    parent_id uuid,
    CONSTRAINT catalog_category_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text)))),
    CONSTRAINT catalog_category_restricted_known CHECK (((restricted IS NULL) OR ((restricted)::text = ANY ((ARRAY['tobacco'::character varying, 'infant_formula'::character varying, 'medicine'::character varying])::text[]))))
);
CREATE TABLE public.catalog_product (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(64) NOT NULL,
    restricted character varying(16),
    closed_on date,
    search tsvector NOT NULL,
    category_id uuid NOT NULL,
    brand_id uuid,
    CONSTRAINT catalog_product_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text)))),
    CONSTRAINT catalog_product_restricted_known CHECK (((restricted IS NULL) OR ((restricted)::text = ANY ((ARRAY['tobacco'::character varying, 'infant_formula'::character varying, 'medicine'::character varying])::text[]))))
);
CREATE TABLE public.catalog_productbrand (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(64) NOT NULL,
    CONSTRAINT catalog_productbrand_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.catalog_variant (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    sku character varying(64) NOT NULL,
    product_id uuid NOT NULL,
    CONSTRAINT catalog_variant_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.demo_demofeed (
    number smallint NOT NULL,
    done_visits integer NOT NULL,
    CONSTRAINT demo_feed_visits_not_negative CHECK ((done_visits >= 0))
);
CREATE TABLE public.demo_demoload (
    id smallint NOT NULL,
    weeks integer NOT NULL,
    password character varying(64) NOT NULL,
    stage character varying(12) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT demo_load_is_one CHECK ((id = 1))
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.http_idempotency_key (
    caller character varying(64) NOT NULL,
    route character varying(100) NOT NULL,
    key character varying(200) NOT NULL,
    content_digest bytea NOT NULL,
    status smallint,
    reply bytea,
    personal_of uuid,
    is_kept boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT http_idempotency_key_status_check CHECK ((status >= 0))
);
CREATE UNLOGGED TABLE public.http_rate_bucket (
    key character varying(100) NOT NULL,
    tokens numeric(20,6) NOT NULL,
    granted integer NOT NULL,
    refilled_at timestamp with time zone NOT NULL
);
CREATE TABLE public.ledger_account (
    id uuid NOT NULL,
    kind character varying(12) NOT NULL,
    unit character varying(8) NOT NULL,
    owner_kind character varying(8),
    owner_id uuid,
    opened_at timestamp with time zone NOT NULL,
    member_id uuid,
    CONSTRAINT ledger_account_has_its_owner CHECK (((((kind)::text = 'wallet'::text) AND (member_id IS NOT NULL) AND (owner_id IS NULL) AND (owner_kind IS NULL)) OR (((kind)::text = 'receivable'::text) AND (member_id IS NOT NULL) AND (owner_id IS NOT NULL) AND (owner_kind IS NOT NULL)) OR (((kind)::text = ANY ((ARRAY['funder'::character varying, 'redemption'::character varying])::text[])) AND (member_id IS NULL) AND (owner_id IS NOT NULL) AND (owner_kind IS NOT NULL))))
);
CREATE TABLE public.ledger_funderday (
    day date NOT NULL,
    kind character varying(8) NOT NULL,
    points bigint NOT NULL,
    transfers bigint NOT NULL,
    funder_id uuid NOT NULL
);
CREATE TABLE public.ledger_hold (
    id uuid NOT NULL,
    key character varying(200) NOT NULL,
    fingerprint bigint NOT NULL,
    unit character varying(8) NOT NULL,
    points bigint NOT NULL,
    status character varying(8) NOT NULL,
    source_kind character varying(24) NOT NULL,
    source_id uuid NOT NULL,
    reason character varying(200) NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    deadline_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    group_id uuid,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    member_id uuid NOT NULL,
    redemption_account_id uuid NOT NULL,
    CONSTRAINT ledger_hold_closed_once CHECK ((((closed_at IS NULL) AND (group_id IS NULL) AND ((status)::text = 'open'::text)) OR ((closed_at IS NOT NULL) AND (group_id IS NOT NULL) AND ((status)::text = 'posted'::text)) OR ((closed_at IS NOT NULL) AND ((status)::text = 'voided'::text)))),
    CONSTRAINT ledger_hold_holds CHECK (((deadline_at > placed_at) AND (points > 0)))
);
CREATE TABLE public.ledger_holdlot (
    amount bigint NOT NULL,
    hold_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    CONSTRAINT ledger_hold_lot_holds CHECK ((amount > 0))
);
CREATE TABLE public.ledger_lot (
    transfer_id uuid NOT NULL,
    amount bigint NOT NULL,
    remaining bigint NOT NULL,
    held bigint NOT NULL,
    matures_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    account_id uuid NOT NULL,
    funder_id uuid NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT ledger_lot_lives CHECK (((expires_at IS NULL) OR (expires_at > matures_at))),
    CONSTRAINT ledger_lot_within CHECK (((amount > 0) AND (held >= 0) AND (held <= remaining) AND (remaining <= amount)))
);
CREATE TABLE public.ledger_lotuse (
    amount bigint NOT NULL,
    transfer_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    CONSTRAINT ledger_lot_use_moves CHECK ((NOT (amount = 0)))
);
CREATE TABLE public.ledger_receivable (
    account_id uuid NOT NULL,
    unit character varying(8) NOT NULL,
    owed bigint NOT NULL,
    funder_id uuid NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT ledger_receivable_floor CHECK ((owed >= 0))
);
CREATE TABLE public.ledger_rollupcursor (
    name character varying(24) NOT NULL,
    transaction bigint NOT NULL
);
CREATE TABLE public.ledger_transfer (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    amount bigint NOT NULL,
    unit character varying(8) NOT NULL,
    kind character varying(8) NOT NULL,
    source_kind character varying(24) NOT NULL,
    source_id uuid NOT NULL,
    reason character varying(200) NOT NULL,
    key character varying(200) NOT NULL,
    part smallint NOT NULL,
    fingerprint bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    matures_at timestamp with time zone,
    expires_at timestamp with time zone,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    transaction bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    credit_account_id uuid NOT NULL,
    debit_account_id uuid NOT NULL,
    member_id uuid,
    reverses_id uuid,
    CONSTRAINT ledger_transfer_moves CHECK ((amount > 0)),
    CONSTRAINT ledger_transfer_two_ends CHECK ((NOT (debit_account_id = credit_account_id)))
);
CREATE TABLE public.ledger_wallet (
    account_id uuid NOT NULL,
    unit character varying(8) NOT NULL,
    balance bigint NOT NULL,
    held bigint NOT NULL,
    owed bigint NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT ledger_wallet_floor CHECK (((balance >= 0) AND (held >= 0) AND (held <= balance) AND (owed >= 0)))
);
CREATE TABLE public.loyalty_assessment (
    revision integer NOT NULL,
    business_day date NOT NULL,
    tier_code character varying(16),
    reason character varying(16) NOT NULL,
    tenant_points bigint NOT NULL,
    mall_points bigint NOT NULL,
    bonus_points bigint NOT NULL,
    explanation jsonb NOT NULL,
    assessed_at timestamp with time zone NOT NULL,
    member_id uuid,
    receipt_id uuid NOT NULL,
    CONSTRAINT loyalty_assessment_revision_check CHECK ((revision >= 0))
);
CREATE TABLE public.loyalty_earningrule (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    id uuid NOT NULL,
    code character varying(32) NOT NULL,
    version integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    points integer NOT NULL,
    per_minor integer NOT NULL,
    tenant_share_bp integer NOT NULL,
    category_id uuid,
    store_id uuid,
    trade_category_id uuid,
    programme_id uuid NOT NULL,
    CONSTRAINT earning_rule_per_minor CHECK ((per_minor > 0)),
    CONSTRAINT earning_rule_period CHECK (((ends_at IS NULL) OR (ends_at > starts_at))),
    CONSTRAINT earning_rule_tenant_share CHECK ((tenant_share_bp <= 10000)),
    CONSTRAINT loyalty_earningrule_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text)))),
    CONSTRAINT loyalty_earningrule_per_minor_check CHECK ((per_minor >= 0)),
    CONSTRAINT loyalty_earningrule_points_check CHECK ((points >= 0)),
    CONSTRAINT loyalty_earningrule_tenant_share_bp_check CHECK ((tenant_share_bp >= 0)),
    CONSTRAINT loyalty_earningrule_version_check CHECK ((version >= 0))
);
CREATE TABLE public.loyalty_programme (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    id uuid NOT NULL,
    code character varying(16) NOT NULL,
    currency character varying(3) NOT NULL,
    maturing_days smallint NOT NULL,
    expiry_months smallint NOT NULL,
    point_cost_micro bigint NOT NULL,
    CONSTRAINT loyalty_programme_expiry_months_check CHECK ((expiry_months >= 0)),
    CONSTRAINT loyalty_programme_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text)))),
    CONSTRAINT loyalty_programme_maturing_days_check CHECK ((maturing_days >= 0)),
    CONSTRAINT programme_expiry_months CHECK ((expiry_months >= 1))
);
CREATE TABLE public.loyalty_tier (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    id uuid NOT NULL,
    code character varying(16) NOT NULL,
    rank smallint NOT NULL,
    spend_minor bigint NOT NULL,
    visits integer NOT NULL,
    bonus_bp integer NOT NULL,
    programme_id uuid NOT NULL,
    CONSTRAINT loyalty_tier_bonus_bp_check CHECK ((bonus_bp >= 0)),
    CONSTRAINT loyalty_tier_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text)))),
    CONSTRAINT loyalty_tier_rank_check CHECK ((rank >= 0)),
    CONSTRAINT loyalty_tier_visits_check CHECK ((visits >= 0))
);
CREATE TABLE public.mail_mail (
    id uuid NOT NULL,
    kind character varying(100) NOT NULL,
    personal_of uuid,
    content bytea,
    status character varying(8) NOT NULL,
    attempts smallint NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    leased_until timestamp with time zone,
    queued_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    last_error character varying(200) NOT NULL,
    CONSTRAINT mail_mail_attempts_check CHECK ((attempts >= 0))
);
CREATE TABLE public.malls_brand (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT malls_brand_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.malls_floor (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    level smallint NOT NULL,
    mall_id uuid NOT NULL,
    CONSTRAINT malls_floor_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.malls_group (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    CONSTRAINT malls_group_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.malls_lease (
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    kind character varying(12) NOT NULL,
    area_dm2 integer NOT NULL,
    base_rent_minor bigint,
    percentage_bp integer,
    store_id uuid,
    tenant_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    CONSTRAINT malls_lease_area_dm2_check CHECK ((area_dm2 >= 0)),
    CONSTRAINT malls_lease_ends_after_start CHECK ((ends_on >= starts_on)),
    CONSTRAINT malls_lease_has_an_area CHECK ((area_dm2 > 0)),
    CONSTRAINT malls_lease_kind_known CHECK (((kind)::text = ANY ((ARRAY['fixed'::character varying, 'percentage'::character varying, 'greater_of'::character varying, 'concession'::character varying])::text[]))),
    CONSTRAINT malls_lease_percentage_bp_check CHECK ((percentage_bp >= 0)),
    CONSTRAINT malls_lease_rent_not_negative CHECK ((base_rent_minor >= 0)),
    CONSTRAINT malls_lease_share_of_sales CHECK (((percentage_bp > 0) AND (percentage_bp <= 10000))),
    CONSTRAINT malls_lease_terms_fit_kind CHECK ((((base_rent_minor IS NOT NULL) AND ((kind)::text = 'fixed'::text)) OR ((base_rent_minor IS NOT NULL) AND ((kind)::text = 'greater_of'::text) AND (percentage_bp IS NOT NULL)) OR (((kind)::text = ANY ((ARRAY['percentage'::character varying, 'concession'::character varying])::text[])) AND (percentage_bp IS NOT NULL))))
);
CREATE TABLE public.malls_mall (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    time_zone character varying(60) NOT NULL,
    currency character varying(3) NOT NULL,
    business_day_cutoff_hour smallint NOT NULL,
    address_en character varying(300) NOT NULL,
    address_zh character varying(300) NOT NULL,
    opened_on date,
    closed_on date,
    group_id uuid NOT NULL,
    CONSTRAINT malls_mall_business_day_cutoff_hour_check CHECK ((business_day_cutoff_hour >= 0)),
    CONSTRAINT malls_mall_closed_after_opening CHECK ((closed_on >= opened_on)),
    CONSTRAINT malls_mall_currency_is_iso CHECK (((currency)::text ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT malls_mall_cutoff_in_the_night CHECK ((business_day_cutoff_hour <= 6)),
    CONSTRAINT malls_mall_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.malls_store (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    opened_on date,
    closed_on date,
    brand_id uuid,
    mall_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    trade_category_id uuid NOT NULL,
    unit_id uuid,
    CONSTRAINT malls_store_closed_after_opening CHECK ((closed_on >= opened_on)),
    CONSTRAINT malls_store_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.malls_tenant (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    status character varying(10) NOT NULL,
    CONSTRAINT malls_tenant_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text)))),
    CONSTRAINT malls_tenant_status_known CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'suspended'::character varying, 'left'::character varying])::text[])))
);
CREATE TABLE public.malls_tradecategory (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    parent_id uuid,
    CONSTRAINT malls_tradecategory_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.malls_unit (
    origin character varying(12) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    area_dm2 integer NOT NULL,
    geometry jsonb NOT NULL,
    floor_id uuid NOT NULL,
    CONSTRAINT malls_unit_area_dm2_check CHECK ((area_dm2 >= 0)),
    CONSTRAINT malls_unit_has_an_area CHECK ((area_dm2 > 0))
);
CREATE TABLE public.members_consent (
    id uuid NOT NULL,
    purpose character varying(20) NOT NULL,
    channel character varying(8) NOT NULL,
    is_granted boolean NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source character varying(40) NOT NULL,
    proof_sealed bytea,
    origin character varying(12) NOT NULL,
    member_id uuid NOT NULL
);
CREATE TABLE public.members_identity (
    id uuid NOT NULL,
    kind character varying(8) NOT NULL,
    value_sealed bytea,
    blind_full bytea,
    blind_last_four bytea,
    verified_at timestamp with time zone,
    origin character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    member_id uuid NOT NULL,
    CONSTRAINT members_open_identity_has_value CHECK (((closed_at IS NOT NULL) OR ((blind_full IS NOT NULL) AND (value_sealed IS NOT NULL))))
);
CREATE TABLE public.members_member (
    id uuid NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(8) NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    language character varying(10) NOT NULL,
    profile_sealed bytea,
    origin character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    enrolled_mall_id uuid,
    enrolled_store_id uuid,
    merged_into_id uuid,
    CONSTRAINT members_closed_when_not_open CHECK ((((closed_at IS NULL) AND ((status)::text = 'open'::text)) OR ((closed_at IS NOT NULL) AND ((status)::text = ANY ((ARRAY['closed'::character varying, 'erased'::character varying])::text[]))))),
    CONSTRAINT members_erased_without_profile CHECK (((NOT ((status)::text = 'erased'::text)) OR (profile_sealed IS NULL))),
    CONSTRAINT members_not_merged_into_itself CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL))))
);
CREATE SEQUENCE public.members_member_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.members_memberpresence (
    id uuid NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    receipts integer NOT NULL,
    member_id uuid NOT NULL,
    store_id uuid NOT NULL,
    CONSTRAINT members_memberpresence_receipts_check CHECK ((receipts >= 0)),
    CONSTRAINT members_presence_in_order CHECK ((last_at >= first_at))
);
CREATE TABLE public.members_membersearch (
    member_id uuid NOT NULL,
    terms tsvector NOT NULL,
    birth_month smallint,
    birth_day smallint
);
CREATE TABLE public.members_membertag (
    id uuid NOT NULL,
    origin character varying(12) NOT NULL,
    tagged_at timestamp with time zone NOT NULL,
    member_id uuid NOT NULL,
    tag_id uuid NOT NULL
);
CREATE TABLE public.members_note (
    id uuid NOT NULL,
    body_sealed bytea NOT NULL,
    origin character varying(12) NOT NULL,
    written_at timestamp with time zone NOT NULL,
    author_id uuid,
    member_id uuid NOT NULL
);
CREATE TABLE public.members_tag (
    name_en character varying(200) NOT NULL,
    name_zh character varying(200) NOT NULL,
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT members_tag_has_a_name CHECK ((NOT (((name_en)::text = ''::text) AND ((name_zh)::text = ''::text))))
);
CREATE TABLE public.outbox_cursor (
    name character varying(100) NOT NULL,
    after_transaction bigint NOT NULL,
    after_id uuid NOT NULL,
    failures integer NOT NULL,
    retry_at timestamp with time zone,
    last_error character varying(200) NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT outbox_cursor_after_transaction_check CHECK ((after_transaction >= 0)),
    CONSTRAINT outbox_cursor_failures_check CHECK ((failures >= 0))
);
CREATE TABLE public.outbox_event (
    id uuid NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    name character varying(100) NOT NULL,
    subject_id uuid NOT NULL,
    payload jsonb NOT NULL,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    request_id character varying(64) NOT NULL
);
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sales_memberday (
    business_day date NOT NULL,
    visits bigint NOT NULL,
    receipts bigint NOT NULL,
    net_minor bigint NOT NULL,
    refund_minor bigint NOT NULL,
    mall_id uuid NOT NULL,
    member_id uuid NOT NULL
);
CREATE TABLE public.sales_pendingreturn (
    id uuid NOT NULL,
    number character varying(64) NOT NULL,
    receipt_number character varying(64) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    lines jsonb,
    fingerprint bytea NOT NULL,
    source character varying(8) NOT NULL,
    problem character varying(64),
    store_id uuid NOT NULL
);
CREATE TABLE public.sales_receipt (
    id uuid NOT NULL,
    number character varying(64) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    business_day date NOT NULL,
    currency character varying(3) NOT NULL,
    net_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    eligible_minor bigint NOT NULL,
    fingerprint bytea NOT NULL,
    source character varying(8) NOT NULL,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    member_id uuid,
    store_id uuid NOT NULL,
    visit_id uuid,
    CONSTRAINT receipt_eligible_within_net CHECK ((eligible_minor <= net_minor))
);
CREATE TABLE public.sales_receiptline (
    line_no integer NOT NULL,
    sku character varying(64),
    name character varying(200) NOT NULL,
    quantity_milli bigint NOT NULL,
    amount_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    restricted character varying(16),
    receipt_id uuid NOT NULL,
    variant_id uuid,
    CONSTRAINT sales_receiptline_line_no_check CHECK ((line_no >= 0))
);
CREATE TABLE public.sales_return (
    id uuid NOT NULL,
    number character varying(64) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    business_day date NOT NULL,
    refund_minor bigint NOT NULL,
    fingerprint bytea NOT NULL,
    source character varying(8) NOT NULL,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    receipt_id uuid NOT NULL,
    store_id uuid NOT NULL
);
CREATE TABLE public.sales_returnline (
    line_no integer NOT NULL,
    quantity_milli bigint NOT NULL,
    amount_minor bigint NOT NULL,
    goods_return_id uuid NOT NULL,
    CONSTRAINT sales_returnline_line_no_check CHECK ((line_no >= 0))
);
CREATE TABLE public.sales_storeday (
    business_day date NOT NULL,
    receipts bigint NOT NULL,
    member_receipts bigint NOT NULL,
    net_minor bigint NOT NULL,
    member_net_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    returns bigint NOT NULL,
    refund_minor bigint NOT NULL,
    member_refund_minor bigint NOT NULL,
    store_id uuid NOT NULL
);
CREATE TABLE public.sales_tender (
    "position" smallint NOT NULL,
    kind character varying(16) NOT NULL,
    amount_minor bigint NOT NULL,
    receipt_id uuid NOT NULL,
    CONSTRAINT sales_tender_position_check CHECK (("position" >= 0))
);
CREATE TABLE public.sales_visit (
    id uuid NOT NULL,
    business_day date NOT NULL,
    started_at timestamp with time zone NOT NULL,
    reference character varying(64),
    mall_id uuid NOT NULL,
    member_id uuid
);
CREATE TABLE public.secrets_erasure (
    subject_id uuid NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    actor_kind character varying(8) NOT NULL,
    actor_id uuid,
    actor_label character varying(200) NOT NULL,
    request_id character varying(64) NOT NULL
);
CREATE TABLE public.secrets_ring_mark (
    id smallint NOT NULL,
    fingerprint character varying(64) NOT NULL,
    marked_at timestamp with time zone NOT NULL,
    CONSTRAINT secrets_ring_mark_id_check CHECK ((id >= 0)),
    CONSTRAINT secrets_ring_mark_one_row CHECK ((id = 1))
);
CREATE TABLE public.secrets_wrapped_key (
    subject_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    ring_version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT secrets_wrapped_key_ring_version_check CHECK ((ring_version >= 0))
);
CREATE TABLE public.staff_apikey (
    is_group boolean NOT NULL,
    mall_ids uuid[] NOT NULL,
    tenant_ids uuid[] NOT NULL,
    store_ids uuid[] NOT NULL,
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    prefix character varying(16) NOT NULL,
    secret_hash bytea NOT NULL,
    permissions character varying(80)[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_on date,
    CONSTRAINT staff_api_key_reaches_somewhere CHECK ((is_group OR (
CASE
    WHEN (mall_ids IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(mall_ids, 1), 0)
END > 0) OR (
CASE
    WHEN (tenant_ids IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(tenant_ids, 1), 0)
END > 0) OR (
CASE
    WHEN (store_ids IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(store_ids, 1), 0)
END > 0)))
);
CREATE TABLE public.staff_resetlink (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    user_id uuid NOT NULL
);
CREATE TABLE public.staff_roleassignment (
    is_group boolean NOT NULL,
    mall_ids uuid[] NOT NULL,
    tenant_ids uuid[] NOT NULL,
    store_ids uuid[] NOT NULL,
    id uuid NOT NULL,
    role character varying(40) NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT staff_assignment_reaches_somewhere CHECK ((is_group OR (
CASE
    WHEN (mall_ids IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(mall_ids, 1), 0)
END > 0) OR (
CASE
    WHEN (tenant_ids IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(tenant_ids, 1), 0)
END > 0) OR (
CASE
    WHEN (store_ids IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(store_ids, 1), 0)
END > 0)))
);
CREATE TABLE public.staff_staffuser (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(80) NOT NULL,
    language character varying(10) NOT NULL,
    theme character varying(10) NOT NULL,
    is_active boolean NOT NULL,
    origin character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_email_is_lower_case CHECK (((email)::text = lower((email)::text)))
);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
\unrestrict Gh91r0Yv6IwHMHmkg5fJ5WJYcNt9B319XRwGqdaNvoZ9Q5ANlCpRcUe2uRJQqgO
