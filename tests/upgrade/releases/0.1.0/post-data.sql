\restrict gHGD6avGwiytWA7zYGP9SeM7ImN7YoUb90NUL1hehY8dbsh0bpI48NpAO5F3fNu
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
SET default_tablespace = '';
ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq UNIQUE (username, ip_address, user_agent);
ALTER TABLE ONLY public.axes_accessattemptexpiration
    ADD CONSTRAINT axes_accessattemptexpiration_pkey PRIMARY KEY (access_attempt_id);
ALTER TABLE ONLY public.axes_accessfailurelog
    ADD CONSTRAINT axes_accessfailurelog_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.axes_accesslog
    ADD CONSTRAINT axes_accesslog_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalog_barcode
    ADD CONSTRAINT catalog_barcode_code_key UNIQUE (code);
ALTER TABLE ONLY public.catalog_barcode
    ADD CONSTRAINT catalog_barcode_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalog_category
    ADD CONSTRAINT catalog_category_code_key UNIQUE (code);
ALTER TABLE ONLY public.catalog_category
    ADD CONSTRAINT catalog_category_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalog_product
    ADD CONSTRAINT catalog_product_code_key UNIQUE (code);
ALTER TABLE ONLY public.catalog_product
    ADD CONSTRAINT catalog_product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalog_productbrand
    ADD CONSTRAINT catalog_productbrand_code_key UNIQUE (code);
ALTER TABLE ONLY public.catalog_productbrand
    ADD CONSTRAINT catalog_productbrand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalog_variant
    ADD CONSTRAINT catalog_variant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalog_variant
    ADD CONSTRAINT catalog_variant_sku_key UNIQUE (sku);
ALTER TABLE ONLY public.demo_demofeed
    ADD CONSTRAINT demo_demofeed_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.demo_demoload
    ADD CONSTRAINT demo_demoload_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.loyalty_earningrule
    ADD CONSTRAINT earning_rule_version_once UNIQUE (programme_id, code, version);
ALTER TABLE ONLY public.http_idempotency_key
    ADD CONSTRAINT http_idempotency_key_pkey PRIMARY KEY (caller, route, key);
ALTER TABLE ONLY public.http_rate_bucket
    ADD CONSTRAINT http_rate_bucket_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_once UNIQUE NULLS NOT DISTINCT (member_id, kind, unit, owner_kind, owner_id);
ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_unit UNIQUE (id, unit);
ALTER TABLE ONLY public.ledger_funderday
    ADD CONSTRAINT ledger_funderday_pkey PRIMARY KEY (funder_id, day, kind);
ALTER TABLE ONLY public.ledger_hold
    ADD CONSTRAINT ledger_hold_key_key UNIQUE (key);
ALTER TABLE ONLY public.ledger_hold
    ADD CONSTRAINT ledger_hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_holdlot
    ADD CONSTRAINT ledger_holdlot_pkey PRIMARY KEY (hold_id, lot_id);
ALTER TABLE ONLY public.ledger_lot
    ADD CONSTRAINT ledger_lot_pkey PRIMARY KEY (transfer_id);
ALTER TABLE ONLY public.ledger_lotuse
    ADD CONSTRAINT ledger_lotuse_pkey PRIMARY KEY (transfer_id, lot_id);
ALTER TABLE ONLY public.ledger_receivable
    ADD CONSTRAINT ledger_receivable_once UNIQUE (member_id, unit, funder_id);
ALTER TABLE ONLY public.ledger_receivable
    ADD CONSTRAINT ledger_receivable_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY public.ledger_rollupcursor
    ADD CONSTRAINT ledger_rollupcursor_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_key UNIQUE (key, part);
ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_wallet
    ADD CONSTRAINT ledger_wallet_once UNIQUE (member_id, unit);
ALTER TABLE ONLY public.ledger_wallet
    ADD CONSTRAINT ledger_wallet_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY public.loyalty_assessment
    ADD CONSTRAINT loyalty_assessment_pkey PRIMARY KEY (receipt_id, revision);
ALTER TABLE ONLY public.loyalty_earningrule
    ADD CONSTRAINT loyalty_earningrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.loyalty_programme
    ADD CONSTRAINT loyalty_programme_code_key UNIQUE (code);
ALTER TABLE ONLY public.loyalty_programme
    ADD CONSTRAINT loyalty_programme_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.loyalty_tier
    ADD CONSTRAINT loyalty_tier_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mail
    ADD CONSTRAINT mail_mail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_brand
    ADD CONSTRAINT malls_brand_code_key UNIQUE (code);
ALTER TABLE ONLY public.malls_brand
    ADD CONSTRAINT malls_brand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_floor
    ADD CONSTRAINT malls_floor_code_once_a_mall UNIQUE (mall_id, code);
ALTER TABLE ONLY public.malls_floor
    ADD CONSTRAINT malls_floor_level_once_a_mall UNIQUE (mall_id, level);
ALTER TABLE ONLY public.malls_floor
    ADD CONSTRAINT malls_floor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_group
    ADD CONSTRAINT malls_group_code_key UNIQUE (code);
ALTER TABLE ONLY public.malls_group
    ADD CONSTRAINT malls_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_lease
    ADD CONSTRAINT malls_lease_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_lease
    ADD CONSTRAINT malls_lease_unit_from_day UNIQUE (unit_id, starts_on);
ALTER TABLE ONLY public.malls_mall
    ADD CONSTRAINT malls_mall_code_key UNIQUE (code);
ALTER TABLE ONLY public.malls_mall
    ADD CONSTRAINT malls_mall_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_code_key UNIQUE (code);
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_tenant
    ADD CONSTRAINT malls_tenant_code_key UNIQUE (code);
ALTER TABLE ONLY public.malls_tenant
    ADD CONSTRAINT malls_tenant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_tradecategory
    ADD CONSTRAINT malls_tradecategory_code_key UNIQUE (code);
ALTER TABLE ONLY public.malls_tradecategory
    ADD CONSTRAINT malls_tradecategory_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.malls_unit
    ADD CONSTRAINT malls_unit_code_once_a_floor UNIQUE (floor_id, code);
ALTER TABLE ONLY public.malls_unit
    ADD CONSTRAINT malls_unit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_consent
    ADD CONSTRAINT members_consent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_identity
    ADD CONSTRAINT members_identity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_member
    ADD CONSTRAINT members_member_number_key UNIQUE (number);
ALTER TABLE ONLY public.members_member
    ADD CONSTRAINT members_member_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_memberpresence
    ADD CONSTRAINT members_memberpresence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_membersearch
    ADD CONSTRAINT members_membersearch_pkey PRIMARY KEY (member_id);
ALTER TABLE ONLY public.members_membertag
    ADD CONSTRAINT members_membertag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_note
    ADD CONSTRAINT members_note_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members_memberpresence
    ADD CONSTRAINT members_presence_once UNIQUE (member_id, store_id);
ALTER TABLE ONLY public.members_tag
    ADD CONSTRAINT members_tag_code_key UNIQUE (code);
ALTER TABLE ONLY public.members_membertag
    ADD CONSTRAINT members_tag_once UNIQUE (member_id, tag_id);
ALTER TABLE ONLY public.members_tag
    ADD CONSTRAINT members_tag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox_cursor
    ADD CONSTRAINT outbox_cursor_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.outbox_event
    ADD CONSTRAINT outbox_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_pendingreturn
    ADD CONSTRAINT pending_return_once UNIQUE (store_id, number);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_receipt
    ADD CONSTRAINT receipt_number_once UNIQUE (store_id, number);
ALTER TABLE ONLY public.sales_return
    ADD CONSTRAINT return_number_once UNIQUE (store_id, number);
ALTER TABLE ONLY public.sales_memberday
    ADD CONSTRAINT sales_memberday_pkey PRIMARY KEY (member_id, business_day, mall_id);
ALTER TABLE ONLY public.sales_pendingreturn
    ADD CONSTRAINT sales_pendingreturn_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_receipt
    ADD CONSTRAINT sales_receipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_receiptline
    ADD CONSTRAINT sales_receiptline_pkey PRIMARY KEY (receipt_id, line_no);
ALTER TABLE ONLY public.sales_return
    ADD CONSTRAINT sales_return_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_returnline
    ADD CONSTRAINT sales_returnline_pkey PRIMARY KEY (goods_return_id, line_no);
ALTER TABLE ONLY public.sales_storeday
    ADD CONSTRAINT sales_storeday_pkey PRIMARY KEY (store_id, business_day);
ALTER TABLE ONLY public.sales_tender
    ADD CONSTRAINT sales_tender_pkey PRIMARY KEY (receipt_id, "position");
ALTER TABLE ONLY public.sales_visit
    ADD CONSTRAINT sales_visit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.secrets_erasure
    ADD CONSTRAINT secrets_erasure_pkey PRIMARY KEY (subject_id);
ALTER TABLE ONLY public.secrets_ring_mark
    ADD CONSTRAINT secrets_ring_mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.secrets_wrapped_key
    ADD CONSTRAINT secrets_wrapped_key_pkey PRIMARY KEY (subject_id);
ALTER TABLE ONLY public.staff_apikey
    ADD CONSTRAINT staff_apikey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_apikey
    ADD CONSTRAINT staff_apikey_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.staff_resetlink
    ADD CONSTRAINT staff_resetlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_resetlink
    ADD CONSTRAINT staff_resetlink_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.staff_roleassignment
    ADD CONSTRAINT staff_roleassignment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_staffuser
    ADD CONSTRAINT staff_staffuser_email_key UNIQUE (email);
ALTER TABLE ONLY public.staff_staffuser
    ADD CONSTRAINT staff_staffuser_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.loyalty_tier
    ADD CONSTRAINT tier_code_once UNIQUE (programme_id, code);
ALTER TABLE ONLY public.loyalty_tier
    ADD CONSTRAINT tier_rank_once UNIQUE (programme_id, rank);
CREATE INDEX assessment_by_member_day ON public.loyalty_assessment USING btree (member_id, business_day) WHERE (member_id IS NOT NULL);
CREATE INDEX audit_entry_actor ON public.audit_entry USING btree (actor_id, id DESC);
CREATE INDEX audit_entry_cursor ON public.audit_entry USING btree (transaction_id, id);
CREATE INDEX audit_entry_personal ON public.audit_entry USING btree (personal_of, id DESC) WHERE (personal_of IS NOT NULL);
CREATE INDEX audit_entry_subject ON public.audit_entry USING btree (subject_type, subject_id, id DESC);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX axes_accessattempt_ip_address_10922d9c ON public.axes_accessattempt USING btree (ip_address);
CREATE INDEX axes_accessattempt_user_agent_ad89678b ON public.axes_accessattempt USING btree (user_agent);
CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON public.axes_accessattempt USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON public.axes_accessattempt USING btree (username);
CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON public.axes_accessattempt USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON public.axes_accessfailurelog USING btree (ip_address);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON public.axes_accessfailurelog USING btree (user_agent);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON public.axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON public.axes_accessfailurelog USING btree (username);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON public.axes_accessfailurelog USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accesslog_ip_address_86b417e5 ON public.axes_accesslog USING btree (ip_address);
CREATE INDEX axes_accesslog_user_agent_0e659004 ON public.axes_accesslog USING btree (user_agent);
CREATE INDEX axes_accesslog_user_agent_0e659004_like ON public.axes_accesslog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accesslog_username_df93064b ON public.axes_accesslog USING btree (username);
CREATE INDEX axes_accesslog_username_df93064b_like ON public.axes_accesslog USING btree (username varchar_pattern_ops);
CREATE INDEX catalog_barcode_code_1edaa158_like ON public.catalog_barcode USING btree (code varchar_pattern_ops);
CREATE INDEX catalog_barcode_variant_id_f6de32e8 ON public.catalog_barcode USING btree (variant_id);
CREATE INDEX catalog_category_code_4ebdd232_like ON public.catalog_category USING btree (code varchar_pattern_ops);
CREATE INDEX catalog_category_lineage ON public.catalog_category USING gin (lineage);
CREATE INDEX catalog_category_parent_id_f61bd017 ON public.catalog_category USING btree (parent_id);
CREATE INDEX catalog_product_brand_id_bb0c7890 ON public.catalog_product USING btree (brand_id);
CREATE INDEX catalog_product_category_id_35bf920b ON public.catalog_product USING btree (category_id);
CREATE INDEX catalog_product_code_e2e89c4b_like ON public.catalog_product USING btree (code varchar_pattern_ops);
CREATE INDEX catalog_product_search ON public.catalog_product USING gin (search);
CREATE INDEX catalog_productbrand_code_1ae025f6_like ON public.catalog_productbrand USING btree (code varchar_pattern_ops);
CREATE INDEX catalog_variant_product_id_8a21d193 ON public.catalog_variant USING btree (product_id);
CREATE INDEX catalog_variant_sku_92777037_like ON public.catalog_variant USING btree (sku varchar_pattern_ops);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX http_idempotency_expiring ON public.http_idempotency_key USING btree (recorded_at) WHERE (NOT is_kept);
CREATE INDEX http_rate_bucket_key_d7ffc1b1_like ON public.http_rate_bucket USING btree (key varchar_pattern_ops);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX ledger_account_member_id_02137926 ON public.ledger_account USING btree (member_id);
CREATE INDEX ledger_funder_day_by_day ON public.ledger_funderday USING btree (day);
CREATE INDEX ledger_hold_due ON public.ledger_hold USING btree (deadline_at) WHERE ((status)::text = 'open'::text);
CREATE INDEX ledger_hold_key_cb71ccd9_like ON public.ledger_hold USING btree (key varchar_pattern_ops);
CREATE INDEX ledger_hold_member_id_6f0ab215 ON public.ledger_hold USING btree (member_id);
CREATE INDEX ledger_holdlot_lot_id_3a223cc5 ON public.ledger_holdlot USING btree (lot_id);
CREATE INDEX ledger_lot_to_expire ON public.ledger_lot USING btree (expires_at) WHERE (remaining > 0);
CREATE INDEX ledger_lot_to_spend ON public.ledger_lot USING btree (member_id, expires_at) WHERE (remaining > 0);
CREATE INDEX ledger_lotuse_lot_id_94ec95c3 ON public.ledger_lotuse USING btree (lot_id);
CREATE INDEX ledger_receivable_funder_id_9a41eb83 ON public.ledger_receivable USING btree (funder_id);
CREATE INDEX ledger_rollupcursor_name_01daa0e6_like ON public.ledger_rollupcursor USING btree (name varchar_pattern_ops);
CREATE INDEX ledger_transfer_by_group ON public.ledger_transfer USING btree (group_id);
CREATE INDEX ledger_transfer_by_member ON public.ledger_transfer USING btree (member_id, id DESC);
CREATE INDEX ledger_transfer_by_source ON public.ledger_transfer USING btree (source_id);
CREATE INDEX ledger_transfer_reversing ON public.ledger_transfer USING btree (reverses_id) WHERE (reverses_id IS NOT NULL);
CREATE INDEX ledger_transfer_tail ON public.ledger_transfer USING brin (transaction) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX loyalty_earningrule_category_id_672a9d91 ON public.loyalty_earningrule USING btree (category_id);
CREATE INDEX loyalty_earningrule_programme_id_ded4de6c ON public.loyalty_earningrule USING btree (programme_id);
CREATE INDEX loyalty_earningrule_store_id_0657347f ON public.loyalty_earningrule USING btree (store_id);
CREATE INDEX loyalty_earningrule_trade_category_id_ad490351 ON public.loyalty_earningrule USING btree (trade_category_id);
CREATE INDEX loyalty_programme_code_3b7d8ffc_like ON public.loyalty_programme USING btree (code varchar_pattern_ops);
CREATE INDEX loyalty_tier_programme_id_ecd3bc11 ON public.loyalty_tier USING btree (programme_id);
CREATE INDEX mail_waiting ON public.mail_mail USING btree (next_try_at) WHERE ((status)::text = 'queued'::text);
CREATE INDEX malls_brand_code_62abf701_like ON public.malls_brand USING btree (code varchar_pattern_ops);
CREATE INDEX malls_brand_tenant_id_58de2192 ON public.malls_brand USING btree (tenant_id);
CREATE INDEX malls_floor_mall_id_2ffa2974 ON public.malls_floor USING btree (mall_id);
CREATE INDEX malls_group_code_74441169_like ON public.malls_group USING btree (code varchar_pattern_ops);
CREATE INDEX malls_lease_store_id_954012ba ON public.malls_lease USING btree (store_id);
CREATE INDEX malls_lease_tenant_id_75ed15bb ON public.malls_lease USING btree (tenant_id);
CREATE INDEX malls_lease_unit_id_40842f12 ON public.malls_lease USING btree (unit_id);
CREATE INDEX malls_mall_code_b1148e8c_like ON public.malls_mall USING btree (code varchar_pattern_ops);
CREATE INDEX malls_mall_group_id_4aaa89ca ON public.malls_mall USING btree (group_id);
CREATE INDEX malls_store_brand_id_124f7ae5 ON public.malls_store USING btree (brand_id);
CREATE INDEX malls_store_code_43cf04c4_like ON public.malls_store USING btree (code varchar_pattern_ops);
CREATE INDEX malls_store_mall_id_80f6cc9c ON public.malls_store USING btree (mall_id);
CREATE INDEX malls_store_tenant_id_fdc9af1b ON public.malls_store USING btree (tenant_id);
CREATE INDEX malls_store_trade_category_id_670c2b9c ON public.malls_store USING btree (trade_category_id);
CREATE INDEX malls_store_unit_id_13851f4f ON public.malls_store USING btree (unit_id);
CREATE INDEX malls_tenant_code_cef7db16_like ON public.malls_tenant USING btree (code varchar_pattern_ops);
CREATE INDEX malls_tradecategory_code_326aeab8_like ON public.malls_tradecategory USING btree (code varchar_pattern_ops);
CREATE INDEX malls_tradecategory_parent_id_7e8d6f0d ON public.malls_tradecategory USING btree (parent_id);
CREATE INDEX malls_unit_floor_id_84ec819b ON public.malls_unit USING btree (floor_id);
CREATE INDEX members_by_birthday ON public.members_membersearch USING btree (birth_month, birth_day);
CREATE INDEX members_by_joined ON public.members_member USING btree (joined_at DESC, id DESC);
CREATE INDEX members_consent_member_id_29b1d445 ON public.members_consent USING btree (member_id);
CREATE UNIQUE INDEX members_identity_belongs_to_one ON public.members_identity USING btree (kind, blind_full) WHERE (closed_at IS NULL);
CREATE INDEX members_identity_by_full ON public.members_identity USING btree (blind_full);
CREATE INDEX members_identity_by_last_four ON public.members_identity USING btree (blind_last_four);
CREATE INDEX members_identity_member_id_d8b48448 ON public.members_identity USING btree (member_id);
CREATE INDEX members_latest_consent ON public.members_consent USING btree (member_id, purpose, channel, occurred_at DESC, id DESC);
CREATE INDEX members_member_enrolled_mall_id_6f60dd37 ON public.members_member USING btree (enrolled_mall_id);
CREATE INDEX members_member_enrolled_store_id_c4fd6984 ON public.members_member USING btree (enrolled_store_id);
CREATE INDEX members_member_merged_into_id_ee42ca14 ON public.members_member USING btree (merged_into_id);
CREATE INDEX members_member_number_47656b26_like ON public.members_member USING btree (number varchar_pattern_ops);
CREATE INDEX members_memberpresence_member_id_c377ab06 ON public.members_memberpresence USING btree (member_id);
CREATE INDEX members_memberpresence_store_id_cfe75208 ON public.members_memberpresence USING btree (store_id);
CREATE INDEX members_membertag_member_id_e853b34a ON public.members_membertag USING btree (member_id);
CREATE INDEX members_membertag_tag_id_e3a689d0 ON public.members_membertag USING btree (tag_id);
CREATE INDEX members_note_author_id_e13dd703 ON public.members_note USING btree (author_id);
CREATE INDEX members_note_member_id_6080dc60 ON public.members_note USING btree (member_id);
CREATE INDEX members_presence_by_store ON public.members_memberpresence USING btree (store_id, last_at DESC);
CREATE INDEX members_search_terms ON public.members_membersearch USING gin (terms);
CREATE INDEX members_tag_code_45442dca_like ON public.members_tag USING btree (code varchar_pattern_ops);
CREATE INDEX outbox_cursor_name_4fc1e967_like ON public.outbox_cursor USING btree (name varchar_pattern_ops);
CREATE INDEX outbox_event_cursor ON public.outbox_event USING btree (transaction_id, id);
CREATE INDEX pending_return_by_sale ON public.sales_pendingreturn USING btree (store_id, receipt_number);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE INDEX receipt_by_member ON public.sales_receipt USING btree (member_id, occurred_at);
CREATE INDEX receipt_by_store ON public.sales_receipt USING btree (store_id, occurred_at);
CREATE INDEX receipt_by_time ON public.sales_receipt USING btree (occurred_at, id);
CREATE INDEX return_by_store ON public.sales_return USING btree (store_id, occurred_at);
CREATE INDEX sales_receipt_visit_id_72d7c65c ON public.sales_receipt USING btree (visit_id);
CREATE INDEX sales_receiptline_variant_id_702e1627 ON public.sales_receiptline USING btree (variant_id);
CREATE INDEX sales_return_receipt_id_be94ea32 ON public.sales_return USING btree (receipt_id);
CREATE INDEX sales_storeday_business_day_dbe419e3 ON public.sales_storeday USING btree (business_day);
CREATE INDEX sales_visit_mall_id_8b2223a4 ON public.sales_visit USING btree (mall_id);
CREATE INDEX sales_visit_member_id_8845aeca ON public.sales_visit USING btree (member_id);
CREATE INDEX secrets_wrapped_key_ring_version_26d746c6 ON public.secrets_wrapped_key USING btree (ring_version);
CREATE INDEX staff_apikey_prefix_2de7c640_like ON public.staff_apikey USING btree (prefix varchar_pattern_ops);
CREATE INDEX staff_resetlink_user_id_71dc1989 ON public.staff_resetlink USING btree (user_id);
CREATE INDEX staff_roleassignment_user_id_4bb4c8ce ON public.staff_roleassignment USING btree (user_id);
CREATE INDEX staff_staffuser_email_cefed612_like ON public.staff_staffuser USING btree (email varchar_pattern_ops);
CREATE INDEX visit_by_member ON public.sales_visit USING btree (member_id, business_day);
CREATE UNIQUE INDEX visit_one_a_day_without_reference ON public.sales_visit USING btree (member_id, mall_id, business_day) WHERE (reference IS NULL);
CREATE UNIQUE INDEX visit_reference_once_per_mall ON public.sales_visit USING btree (mall_id, reference, member_id) NULLS NOT DISTINCT WHERE (reference IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_lotuse FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transfer FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.loyalty_assessment FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.members_consent FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sales_receipt FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sales_receiptline FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sales_return FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sales_returnline FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sales_tender FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.secrets_erasure FOR EACH STATEMENT EXECUTE FUNCTION public.mallard_refuse_edit();
CREATE TRIGGER catalog_category_lineage AFTER INSERT OR UPDATE OF parent_id, restricted ON public.catalog_category FOR EACH STATEMENT EXECUTE FUNCTION public.catalog_category_lineage();
CREATE TRIGGER malls_tradecategory_two_levels BEFORE INSERT OR UPDATE OF parent_id ON public.malls_tradecategory FOR EACH ROW EXECUTE FUNCTION public.malls_tradecategory_two_levels();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.axes_accessattemptexpiration
    ADD CONSTRAINT axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce FOREIGN KEY (access_attempt_id) REFERENCES public.axes_accessattempt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalog_barcode
    ADD CONSTRAINT catalog_barcode_variant_id_f6de32e8_fk_catalog_variant_id FOREIGN KEY (variant_id) REFERENCES public.catalog_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalog_category
    ADD CONSTRAINT catalog_category_parent_id_f61bd017_fk_catalog_category_id FOREIGN KEY (parent_id) REFERENCES public.catalog_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalog_product
    ADD CONSTRAINT catalog_product_brand_id_bb0c7890_fk_catalog_productbrand_id FOREIGN KEY (brand_id) REFERENCES public.catalog_productbrand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalog_product
    ADD CONSTRAINT catalog_product_category_id_35bf920b_fk_catalog_category_id FOREIGN KEY (category_id) REFERENCES public.catalog_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalog_variant
    ADD CONSTRAINT catalog_variant_product_id_8a21d193_fk_catalog_product_id FOREIGN KEY (product_id) REFERENCES public.catalog_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_member_id_02137926_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_funderday
    ADD CONSTRAINT ledger_funderday_funder_id_fc64e489_fk_ledger_account_id FOREIGN KEY (funder_id) REFERENCES public.ledger_account(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_hold
    ADD CONSTRAINT ledger_hold_member_id_6f0ab215_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_hold
    ADD CONSTRAINT ledger_hold_redemption_account_id_878a77ca_fk_ledger_account_id FOREIGN KEY (redemption_account_id) REFERENCES public.ledger_account(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_holdlot
    ADD CONSTRAINT ledger_holdlot_hold_id_0937c8f0_fk_ledger_hold_id FOREIGN KEY (hold_id) REFERENCES public.ledger_hold(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_holdlot
    ADD CONSTRAINT ledger_holdlot_lot_id_3a223cc5_fk_ledger_lot_transfer_id FOREIGN KEY (lot_id) REFERENCES public.ledger_lot(transfer_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_lot
    ADD CONSTRAINT ledger_lot_transfer_id_0a56610c_fk_ledger_transfer_id FOREIGN KEY (transfer_id) REFERENCES public.ledger_transfer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_lotuse
    ADD CONSTRAINT ledger_lotuse_lot_id_94ec95c3_fk_ledger_lot_transfer_id FOREIGN KEY (lot_id) REFERENCES public.ledger_lot(transfer_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_lotuse
    ADD CONSTRAINT ledger_lotuse_transfer_id_88125ca9_fk_ledger_transfer_id FOREIGN KEY (transfer_id) REFERENCES public.ledger_transfer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_receivable
    ADD CONSTRAINT ledger_receivable_account_id_acb74076_fk_ledger_account_id FOREIGN KEY (account_id) REFERENCES public.ledger_account(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_receivable
    ADD CONSTRAINT ledger_receivable_funder_id_9a41eb83_fk_ledger_account_id FOREIGN KEY (funder_id) REFERENCES public.ledger_account(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_receivable
    ADD CONSTRAINT ledger_receivable_member_id_a458f358_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_credit_unit FOREIGN KEY (credit_account_id, unit) REFERENCES public.ledger_account(id, unit) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_debit_unit FOREIGN KEY (debit_account_id, unit) REFERENCES public.ledger_account(id, unit) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_reverses_id_d2a125b2_fk_ledger_transfer_id FOREIGN KEY (reverses_id) REFERENCES public.ledger_transfer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_wallet
    ADD CONSTRAINT ledger_wallet_account_id_2d0e75ce_fk_ledger_account_id FOREIGN KEY (account_id) REFERENCES public.ledger_account(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_wallet
    ADD CONSTRAINT ledger_wallet_member_id_1f237a54_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_assessment
    ADD CONSTRAINT loyalty_assessment_member_id_290f120a_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_assessment
    ADD CONSTRAINT loyalty_assessment_receipt_id_23b2ef75_fk_sales_receipt_id FOREIGN KEY (receipt_id) REFERENCES public.sales_receipt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_earningrule
    ADD CONSTRAINT loyalty_earningrule_category_id_672a9d91_fk_catalog_category_id FOREIGN KEY (category_id) REFERENCES public.catalog_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_earningrule
    ADD CONSTRAINT loyalty_earningrule_programme_id_ded4de6c_fk_loyalty_p FOREIGN KEY (programme_id) REFERENCES public.loyalty_programme(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_earningrule
    ADD CONSTRAINT loyalty_earningrule_store_id_0657347f_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_earningrule
    ADD CONSTRAINT loyalty_earningrule_trade_category_id_ad490351_fk_malls_tra FOREIGN KEY (trade_category_id) REFERENCES public.malls_tradecategory(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.loyalty_tier
    ADD CONSTRAINT loyalty_tier_programme_id_ecd3bc11_fk_loyalty_programme_id FOREIGN KEY (programme_id) REFERENCES public.loyalty_programme(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_brand
    ADD CONSTRAINT malls_brand_tenant_id_58de2192_fk_malls_tenant_id FOREIGN KEY (tenant_id) REFERENCES public.malls_tenant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_floor
    ADD CONSTRAINT malls_floor_mall_id_2ffa2974_fk_malls_mall_id FOREIGN KEY (mall_id) REFERENCES public.malls_mall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_lease
    ADD CONSTRAINT malls_lease_store_id_954012ba_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_lease
    ADD CONSTRAINT malls_lease_tenant_id_75ed15bb_fk_malls_tenant_id FOREIGN KEY (tenant_id) REFERENCES public.malls_tenant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_lease
    ADD CONSTRAINT malls_lease_unit_id_40842f12_fk_malls_unit_id FOREIGN KEY (unit_id) REFERENCES public.malls_unit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_mall
    ADD CONSTRAINT malls_mall_group_id_4aaa89ca_fk_malls_group_id FOREIGN KEY (group_id) REFERENCES public.malls_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_brand_id_124f7ae5_fk_malls_brand_id FOREIGN KEY (brand_id) REFERENCES public.malls_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_mall_id_80f6cc9c_fk_malls_mall_id FOREIGN KEY (mall_id) REFERENCES public.malls_mall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_tenant_id_fdc9af1b_fk_malls_tenant_id FOREIGN KEY (tenant_id) REFERENCES public.malls_tenant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_trade_category_id_670c2b9c_fk_malls_tra FOREIGN KEY (trade_category_id) REFERENCES public.malls_tradecategory(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_store
    ADD CONSTRAINT malls_store_unit_id_13851f4f_fk_malls_unit_id FOREIGN KEY (unit_id) REFERENCES public.malls_unit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_tradecategory
    ADD CONSTRAINT malls_tradecategory_parent_id_7e8d6f0d_fk_malls_tra FOREIGN KEY (parent_id) REFERENCES public.malls_tradecategory(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.malls_unit
    ADD CONSTRAINT malls_unit_floor_id_84ec819b_fk_malls_floor_id FOREIGN KEY (floor_id) REFERENCES public.malls_floor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_consent
    ADD CONSTRAINT members_consent_member_id_29b1d445_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_identity
    ADD CONSTRAINT members_identity_member_id_d8b48448_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_member
    ADD CONSTRAINT members_member_enrolled_mall_id_6f60dd37_fk_malls_mall_id FOREIGN KEY (enrolled_mall_id) REFERENCES public.malls_mall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_member
    ADD CONSTRAINT members_member_enrolled_store_id_c4fd6984_fk_malls_store_id FOREIGN KEY (enrolled_store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_member
    ADD CONSTRAINT members_member_merged_into_id_ee42ca14_fk_members_member_id FOREIGN KEY (merged_into_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_memberpresence
    ADD CONSTRAINT members_memberpresence_member_id_c377ab06_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_memberpresence
    ADD CONSTRAINT members_memberpresence_store_id_cfe75208_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_membersearch
    ADD CONSTRAINT members_membersearch_member_id_d2bc5552_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_membertag
    ADD CONSTRAINT members_membertag_member_id_e853b34a_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_membertag
    ADD CONSTRAINT members_membertag_tag_id_e3a689d0_fk_members_tag_id FOREIGN KEY (tag_id) REFERENCES public.members_tag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_note
    ADD CONSTRAINT members_note_author_id_e13dd703_fk_staff_staffuser_id FOREIGN KEY (author_id) REFERENCES public.staff_staffuser(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.members_note
    ADD CONSTRAINT members_note_member_id_6080dc60_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
ALTER TABLE ONLY public.sales_memberday
    ADD CONSTRAINT sales_memberday_mall_id_b03625f0_fk_malls_mall_id FOREIGN KEY (mall_id) REFERENCES public.malls_mall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_memberday
    ADD CONSTRAINT sales_memberday_member_id_deaaa586_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_pendingreturn
    ADD CONSTRAINT sales_pendingreturn_store_id_44d23018_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_receipt
    ADD CONSTRAINT sales_receipt_member_id_36f70fd5_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_receipt
    ADD CONSTRAINT sales_receipt_store_id_6568d2cf_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_receipt
    ADD CONSTRAINT sales_receipt_visit_id_72d7c65c_fk_sales_visit_id FOREIGN KEY (visit_id) REFERENCES public.sales_visit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_receiptline
    ADD CONSTRAINT sales_receiptline_receipt_id_f4bbb4c1_fk_sales_receipt_id FOREIGN KEY (receipt_id) REFERENCES public.sales_receipt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_receiptline
    ADD CONSTRAINT sales_receiptline_variant_id_702e1627_fk_catalog_variant_id FOREIGN KEY (variant_id) REFERENCES public.catalog_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_return
    ADD CONSTRAINT sales_return_receipt_id_be94ea32_fk_sales_receipt_id FOREIGN KEY (receipt_id) REFERENCES public.sales_receipt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_return
    ADD CONSTRAINT sales_return_store_id_2b1b3d40_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_returnline
    ADD CONSTRAINT sales_returnline_goods_return_id_d4067598_fk_sales_return_id FOREIGN KEY (goods_return_id) REFERENCES public.sales_return(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_storeday
    ADD CONSTRAINT sales_storeday_store_id_3db90f32_fk_malls_store_id FOREIGN KEY (store_id) REFERENCES public.malls_store(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_tender
    ADD CONSTRAINT sales_tender_receipt_id_5e02d0a6_fk_sales_receipt_id FOREIGN KEY (receipt_id) REFERENCES public.sales_receipt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_visit
    ADD CONSTRAINT sales_visit_mall_id_8b2223a4_fk_malls_mall_id FOREIGN KEY (mall_id) REFERENCES public.malls_mall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sales_visit
    ADD CONSTRAINT sales_visit_member_id_8845aeca_fk_members_member_id FOREIGN KEY (member_id) REFERENCES public.members_member(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_resetlink
    ADD CONSTRAINT staff_resetlink_user_id_71dc1989_fk_staff_staffuser_id FOREIGN KEY (user_id) REFERENCES public.staff_staffuser(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_roleassignment
    ADD CONSTRAINT staff_roleassignment_user_id_4bb4c8ce_fk_staff_staffuser_id FOREIGN KEY (user_id) REFERENCES public.staff_staffuser(id) DEFERRABLE INITIALLY DEFERRED;
\unrestrict gHGD6avGwiytWA7zYGP9SeM7ImN7YoUb90NUL1hehY8dbsh0bpI48NpAO5F3fNu
