\restrict QRn6DdGAeoNCMTDhThJyGV47o7ddpkdg08NSggOqPQKPq3jkfomZqOF2Grh6ZcN
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
COPY public.audit_entry (id, transaction_id, recorded_at, action, subject_type, subject_id, ids, before, after, personal_of, sealed, actor_kind, actor_id, actor_label, request_id, address) FROM stdin;
01a21540-be77-761f-8cc3-1fd02f0bd887	917	2026-11-26 00:28:14.32736+00	catalog.category_batch_saved	category	\N	{01a21540-be33-7382-916c-a88bdf858316,01a21540-be33-7382-916c-a88cba8f52bc,01a21540-be33-7382-916c-a88db7761db5}	\N	{"changed": 0, "created": 3}	\N	\N	system	\N	drill		
01a21540-bf75-7023-85a0-d0797846fe1b	919	2026-11-26 00:28:14.581916+00	catalog.products_saved	product	\N	{01a21540-bf25-7339-810b-ca5b249745b7,01a21540-bf25-7339-810b-ca5c3d433f9b,01a21540-bf25-7339-810b-ca5d91a3e451,01a21540-bf25-7339-810b-ca5e56b14556,01a21540-bf25-7339-810b-ca5f618fa231,01a21540-bf26-72f3-9577-69bd8413ef5e,01a21540-bf26-72f3-9577-69beb62afc64,01a21540-bf26-72f3-9577-69bf06937c2a,01a21540-bf26-72f3-9577-69c0668db0b6,01a21540-bf26-72f3-9577-69c1285529ab,01a21540-bf26-72f3-9577-69c272cf315b,01a21540-bf26-72f3-9577-69c36a4f0552,01a21540-bf26-72f3-9577-69c4c095b9f3,01a21540-bf26-72f3-9577-69c52b8a382f,01a21540-bf26-72f3-9577-69c68a05cb1b,01a21540-bf26-72f3-9577-69c7a34d34f5,01a21540-bf26-72f3-9577-69c82d73a63f,01a21540-bf26-72f3-9577-69c9d319a474,01a21540-bf26-72f3-9577-69cabeda14e6,01a21540-bf26-72f3-9577-69cb94f86183,01a21540-bf26-72f3-9577-69cc84fab0df,01a21540-bf26-72f3-9577-69cdcb1ee256,01a21540-bf26-72f3-9577-69ce62b5d8ff,01a21540-bf26-72f3-9577-69cfde08ff6b,01a21540-bf26-72f3-9577-69d0df45c20e,01a21540-bf3f-70ac-a7ad-9eab5baa8ee9}	\N	{"changed": 0, "created": 26}	\N	\N	system	\N	drill		
01a21540-c068-778f-a238-e3155681de32	920	2026-11-26 00:28:14.82411+00	malls.group_created	group	01a21540-c04f-7757-927b-7e9069d37aea	{}	\N	{"id": "01a21540-c04f-7757-927b-7e9069d37aea", "code": "DRILL", "origin": "staff", "name_en": "Drill", "name_zh": ""}	\N	\N	system	\N	drill		
01a21540-c1d3-713e-891e-04596b3da2cd	922	2026-11-26 00:28:15.187365+00	malls.mall_batch_saved	mall	\N	{01a21540-c19b-738b-8a77-ba1d3c61588a,01a21540-c19c-714f-8a3e-fd81c6cb6710}	\N	{"changed": 0, "created": 2}	\N	\N	system	\N	drill		
01a21540-c227-70fc-83bb-fe45969551af	924	2026-11-26 00:28:15.271241+00	malls.trade_category_created	trade_category	01a21540-c21f-779f-b1c4-5ef310d36f47	{}	\N	{"id": "01a21540-c21f-779f-b1c4-5ef310d36f47", "code": "DFOOD", "origin": "staff", "name_en": "Food", "name_zh": "", "parent_id": null}	\N	\N	system	\N	drill		
01a21540-c28b-7356-a80a-21b5d5a38581	926	2026-11-26 00:28:15.371428+00	malls.tenant_batch_saved	tenant	\N	{01a21540-c265-77b7-807c-1cf9118cd4c6,01a21540-c265-77b7-807c-1cfa3796b711}	\N	{"changed": 0, "created": 2}	\N	\N	system	\N	drill		
01a21540-c38b-74f1-8df0-06397a544980	928	2026-11-26 00:28:15.627516+00	malls.store_batch_saved	store	\N	{01a21540-c341-7462-b714-06a0495e3641,01a21540-c341-7462-b714-06a129467dbe}	\N	{"changed": 0, "created": 2}	\N	\N	system	\N	drill		
01a21540-c3e1-7295-9e71-c107bc69f5bb	930	2026-11-26 00:28:15.713966+00	loyalty.set_up_programme	programme	01a21540-c3c6-76b7-ae09-eda786da3432	{}	\N	{"code": "drill"}	\N	\N	system	\N	drill		
01a21540-c435-75d2-aa07-4bae690919cb	931	2026-11-26 00:28:15.797332+00	loyalty.set_earning_rule	earning_rule	01a21540-c42e-71e4-836b-335c23e5116c	{}	\N	{"code": "base", "points": 1, "version": 1}	\N	\N	system	\N	drill		
01a21540-c46f-7454-961c-9e35085be151	932	2026-11-26 00:28:15.855744+00	loyalty.set_earning_rule	earning_rule	01a21540-c468-75c0-98b3-895b8a4b5804	{}	\N	{"code": "tea", "points": 3, "version": 1}	\N	\N	system	\N	drill		
01a21540-c4f6-7495-9e21-caa97997b7b6	933	2026-11-26 00:28:15.990466+00	members.members_enrolled	member	\N	{01a21540-c47b-73b5-bf7f-9b2297130bf6,01a21540-c47b-73b5-bf7f-9b2395abd500,01a21540-c47b-73b5-bf7f-9b246537fcb6,01a21540-c47b-73b5-bf7f-9b25cafb8981,01a21540-c47b-73b5-bf7f-9b263c71dcca,01a21540-c47b-73b5-bf7f-9b27fb681a9c}	\N	\N	\N	\N	system	\N	drill		
01a21540-c694-718e-aaf5-cf45ba3a80d9	934	2026-11-26 00:28:16.404048+00	sales.record_receipts	receipt	\N	{01a21540-c55e-7626-86a4-9ec1e5056290,01a21540-c569-75c1-af7a-ada95e22ff0e,01a21540-c569-75c1-af7a-adaa9712a203,01a21540-c569-75c1-af7a-adab3b3c02ba,01a21540-c569-75c1-af7a-adac6e92634d,01a21540-c569-75c1-af7a-adad4143a6b9,01a21540-c569-75c1-af7a-adae50368dab,01a21540-c569-75c1-af7a-adafc900a5c4}	\N	\N	\N	\N	system	\N	drill deliveries		
01a21540-c82d-7207-84d4-44947b1c1c60	935	2026-11-26 00:28:16.813774+00	sales.record_returns	return	\N	{01a21540-c75b-72e1-bc11-44d6ffa09011}	\N	\N	\N	\N	system	\N	drill deliveries		
01a21540-c9f3-70a7-b035-1f9ab4fa850f	936	2026-11-26 00:28:17.267332+00	sales.record_receipts	receipt	\N	{01a21540-c8e7-743e-99c7-911807f92ec2,01a21540-c8e8-730e-b023-8347067a1dec,01a21540-c8e8-730e-b023-8348b75aba29,01a21540-c8e8-730e-b023-8349c9b9246f,01a21540-c8e8-730e-b023-834ac2c9bb12,01a21540-c8e8-730e-b023-834b0a623f13,01a21540-c8e8-730e-b023-834c91d270d0,01a21540-c8e8-730e-b023-834dc5b1cc31,01a21540-c8e8-730e-b023-834e68528d1e,01a21540-c8e8-730e-b023-834f6aed76f3,01a21540-c8e8-730e-b023-8350c99865e6,01a21540-c8e8-730e-b023-8351a6347422,01a21540-c8e8-730e-b023-8352caf79d7f,01a21540-c8e8-730e-b023-8353e0f94a38,01a21540-c8e8-730e-b023-8354686b0379,01a21540-c8e8-730e-b023-835525b46ed3,01a21540-c8e8-730e-b023-8356e2780d8c,01a21540-c8e9-7231-9c97-f6f4a620ec46,01a21540-c8e9-7231-9c97-f6f5a9e32945,01a21540-c8f7-76fa-b641-2008dc301cdb,01a21540-c8f7-76fa-b641-2009d5b6e7d3,01a21540-c8f7-76fa-b641-200a6bb25877,01a21540-c8f7-76fa-b641-200b37ab1186,01a21540-c8f7-76fa-b641-200c4746407b,01a21540-c8f7-76fa-b641-200d05fe3638}	\N	\N	\N	\N	system	\N	drill deliveries		
01a21540-cbdc-75be-b129-46ea383d3495	937	2026-11-26 00:28:17.7563+00	sales.record_returns	return	\N	{01a21540-caaf-75cb-bdf3-623360e4d6fa,01a21540-caaf-75cb-bdf3-6234420b76cf,01a21540-caaf-75cb-bdf3-62356ea23aaa,01a21540-cab0-7142-ae31-ee3c969bde82,01a21540-cab0-7142-ae31-ee3d3c794296,01a21540-cab0-7142-ae31-ee3e70a8919e,01a21540-cab0-7142-ae31-ee3f09ebe5c8}	\N	\N	\N	\N	system	\N	drill deliveries		
01a21540-cc64-76a2-8194-c77041a1070b	938	2026-11-26 00:28:17.892716+00	members.member_enrolled	member	01a21540-cc06-73cc-b464-ca9490fde53c	{}	\N	{"number": "M00000075"}	\N	\N	system	\N	release		
01a21540-cce0-71c4-afd3-a9fcc26182de	939	2026-11-26 00:28:18.016692+00	members.member_enrolled	member	01a21540-cc8b-73ef-b7d8-0ed8b3eefe24	{}	\N	{"number": "M00000083"}	\N	\N	system	\N	release		
01a21540-cdc9-7251-98de-f2684b45f640	940	2026-11-26 00:28:18.249356+00	members.member_erased	member	01a21540-cc8b-73ef-b7d8-0ed8b3eefe24	{01a21540-cc8b-73ef-b7d8-0ed8b3eefe24}	\N	\N	\N	\N	system	\N	release		
\.
COPY public.audit_seal (number, up_to_transaction, up_to_id, entries, previous, digest, sealed_at) FROM stdin;
\.
COPY public.auth_group (id, name) FROM stdin;
\.
COPY public.auth_group_permissions (id, group_id, permission_id) FROM stdin;
\.
COPY public.auth_permission (id, name, content_type_id, codename) FROM stdin;
1	Can add permission	1	add_permission
2	Can change permission	1	change_permission
3	Can delete permission	1	delete_permission
4	Can view permission	1	view_permission
5	Can add group	2	add_group
6	Can change group	2	change_group
7	Can delete group	2	delete_group
8	Can view group	2	view_group
9	Can add content type	3	add_contenttype
10	Can change content type	3	change_contenttype
11	Can delete content type	3	delete_contenttype
12	Can view content type	3	view_contenttype
13	Can add session	4	add_session
14	Can change session	4	change_session
15	Can delete session	4	delete_session
16	Can view session	4	view_session
17	Can add access attempt	5	add_accessattempt
18	Can change access attempt	5	change_accessattempt
19	Can delete access attempt	5	delete_accessattempt
20	Can view access attempt	5	view_accessattempt
21	Can add access log	6	add_accesslog
22	Can change access log	6	change_accesslog
23	Can delete access log	6	delete_accesslog
24	Can view access log	6	view_accesslog
25	Can add access failure	7	add_accessfailurelog
26	Can change access failure	7	change_accessfailurelog
27	Can delete access failure	7	delete_accessfailurelog
28	Can view access failure	7	view_accessfailurelog
29	Can add access attempt expiration	8	add_accessattemptexpiration
30	Can change access attempt expiration	8	change_accessattemptexpiration
31	Can delete access attempt expiration	8	delete_accessattemptexpiration
32	Can view access attempt expiration	8	view_accessattemptexpiration
33	Can add procrastinate event	9	add_procrastinateevent
34	Can change procrastinate event	9	change_procrastinateevent
35	Can delete procrastinate event	9	delete_procrastinateevent
36	Can view procrastinate event	9	view_procrastinateevent
37	Can add procrastinate job	10	add_procrastinatejob
38	Can change procrastinate job	10	change_procrastinatejob
39	Can delete procrastinate job	10	delete_procrastinatejob
40	Can view procrastinate job	10	view_procrastinatejob
41	Can add procrastinate periodic defer	11	add_procrastinateperiodicdefer
42	Can change procrastinate periodic defer	11	change_procrastinateperiodicdefer
43	Can delete procrastinate periodic defer	11	delete_procrastinateperiodicdefer
44	Can view procrastinate periodic defer	11	view_procrastinateperiodicdefer
45	Can add procrastinate worker	12	add_procrastinateworker
46	Can change procrastinate worker	12	change_procrastinateworker
47	Can delete procrastinate worker	12	delete_procrastinateworker
48	Can view procrastinate worker	12	view_procrastinateworker
49	Can add consumer cursor	13	add_consumercursor
50	Can change consumer cursor	13	change_consumercursor
51	Can delete consumer cursor	13	delete_consumercursor
52	Can view consumer cursor	13	view_consumercursor
53	Can add outbox event	14	add_outboxevent
54	Can change outbox event	14	change_outboxevent
55	Can delete outbox event	14	delete_outboxevent
56	Can view outbox event	14	view_outboxevent
57	Can add seal	15	add_seal
58	Can change seal	15	change_seal
59	Can delete seal	15	delete_seal
60	Can view seal	15	view_seal
61	Can add entry	16	add_entry
62	Can change entry	16	change_entry
63	Can delete entry	16	delete_entry
64	Can view entry	16	view_entry
65	Can add erasure	17	add_erasure
66	Can change erasure	17	change_erasure
67	Can delete erasure	17	delete_erasure
68	Can view erasure	17	view_erasure
69	Can add wrapped key	18	add_wrappedkey
70	Can change wrapped key	18	change_wrappedkey
71	Can delete wrapped key	18	delete_wrappedkey
72	Can view wrapped key	18	view_wrappedkey
73	Can add ring mark	19	add_ringmark
74	Can change ring mark	19	change_ringmark
75	Can delete ring mark	19	delete_ringmark
76	Can view ring mark	19	view_ringmark
77	Can add mail	20	add_mail
78	Can change mail	20	change_mail
79	Can delete mail	20	delete_mail
80	Can view mail	20	view_mail
81	Can add rate bucket	21	add_ratebucket
82	Can change rate bucket	21	change_ratebucket
83	Can delete rate bucket	21	delete_ratebucket
84	Can view rate bucket	21	view_ratebucket
85	Can add idempotency key	22	add_idempotencykey
86	Can change idempotency key	22	change_idempotencykey
87	Can delete idempotency key	22	delete_idempotencykey
88	Can view idempotency key	22	view_idempotencykey
89	Can add group	23	add_group
90	Can change group	23	change_group
91	Can delete group	23	delete_group
92	Can view group	23	view_group
93	Can add mall	24	add_mall
94	Can change mall	24	change_mall
95	Can delete mall	24	delete_mall
96	Can view mall	24	view_mall
97	Can add floor	25	add_floor
98	Can change floor	25	change_floor
99	Can delete floor	25	delete_floor
100	Can view floor	25	view_floor
101	Can add tenant	26	add_tenant
102	Can change tenant	26	change_tenant
103	Can delete tenant	26	delete_tenant
104	Can view tenant	26	view_tenant
105	Can add brand	27	add_brand
106	Can change brand	27	change_brand
107	Can delete brand	27	delete_brand
108	Can view brand	27	view_brand
109	Can add trade category	28	add_tradecategory
110	Can change trade category	28	change_tradecategory
111	Can delete trade category	28	delete_tradecategory
112	Can view trade category	28	view_tradecategory
113	Can add unit	29	add_unit
114	Can change unit	29	change_unit
115	Can delete unit	29	delete_unit
116	Can view unit	29	view_unit
117	Can add store	30	add_store
118	Can change store	30	change_store
119	Can delete store	30	delete_store
120	Can view store	30	view_store
121	Can add lease	31	add_lease
122	Can change lease	31	change_lease
123	Can delete lease	31	delete_lease
124	Can view lease	31	view_lease
125	Can add category	32	add_category
126	Can change category	32	change_category
127	Can delete category	32	delete_category
128	Can view category	32	view_category
129	Can add product brand	33	add_productbrand
130	Can change product brand	33	change_productbrand
131	Can delete product brand	33	delete_productbrand
132	Can view product brand	33	view_productbrand
133	Can add product	34	add_product
134	Can change product	34	change_product
135	Can delete product	34	delete_product
136	Can view product	34	view_product
137	Can add variant	35	add_variant
138	Can change variant	35	change_variant
139	Can delete variant	35	delete_variant
140	Can view variant	35	view_variant
141	Can add barcode	36	add_barcode
142	Can change barcode	36	change_barcode
143	Can delete barcode	36	delete_barcode
144	Can view barcode	36	view_barcode
145	Can add staff user	37	add_staffuser
146	Can change staff user	37	change_staffuser
147	Can delete staff user	37	delete_staffuser
148	Can view staff user	37	view_staffuser
149	Can add api key	38	add_apikey
150	Can change api key	38	change_apikey
151	Can delete api key	38	delete_apikey
152	Can view api key	38	view_apikey
153	Can add reset link	39	add_resetlink
154	Can change reset link	39	change_resetlink
155	Can delete reset link	39	delete_resetlink
156	Can view reset link	39	view_resetlink
157	Can add role assignment	40	add_roleassignment
158	Can change role assignment	40	change_roleassignment
159	Can delete role assignment	40	delete_roleassignment
160	Can view role assignment	40	view_roleassignment
161	Can add member	41	add_member
162	Can change member	41	change_member
163	Can delete member	41	delete_member
164	Can view member	41	view_member
165	Can add identity	42	add_identity
166	Can change identity	42	change_identity
167	Can delete identity	42	delete_identity
168	Can view identity	42	view_identity
169	Can add consent	43	add_consent
170	Can change consent	43	change_consent
171	Can delete consent	43	delete_consent
172	Can view consent	43	view_consent
173	Can add member presence	44	add_memberpresence
174	Can change member presence	44	change_memberpresence
175	Can delete member presence	44	delete_memberpresence
176	Can view member presence	44	view_memberpresence
177	Can add note	45	add_note
178	Can change note	45	change_note
179	Can delete note	45	delete_note
180	Can view note	45	view_note
181	Can add tag	46	add_tag
182	Can change tag	46	change_tag
183	Can delete tag	46	delete_tag
184	Can view tag	46	view_tag
185	Can add member tag	47	add_membertag
186	Can change member tag	47	change_membertag
187	Can delete member tag	47	delete_membertag
188	Can view member tag	47	view_membertag
189	Can add member search	48	add_membersearch
190	Can change member search	48	change_membersearch
191	Can delete member search	48	delete_membersearch
192	Can view member search	48	view_membersearch
193	Can add account	49	add_account
194	Can change account	49	change_account
195	Can delete account	49	delete_account
196	Can view account	49	view_account
197	Can add transfer	50	add_transfer
198	Can change transfer	50	change_transfer
199	Can delete transfer	50	delete_transfer
200	Can view transfer	50	view_transfer
201	Can add wallet	51	add_wallet
202	Can change wallet	51	change_wallet
203	Can delete wallet	51	delete_wallet
204	Can view wallet	51	view_wallet
205	Can add receivable	52	add_receivable
206	Can change receivable	52	change_receivable
207	Can delete receivable	52	delete_receivable
208	Can view receivable	52	view_receivable
209	Can add lot	53	add_lot
210	Can change lot	53	change_lot
211	Can delete lot	53	delete_lot
212	Can view lot	53	view_lot
213	Can add lot use	54	add_lotuse
214	Can change lot use	54	change_lotuse
215	Can delete lot use	54	delete_lotuse
216	Can view lot use	54	view_lotuse
217	Can add hold	55	add_hold
218	Can change hold	55	change_hold
219	Can delete hold	55	delete_hold
220	Can view hold	55	view_hold
221	Can add hold lot	56	add_holdlot
222	Can change hold lot	56	change_holdlot
223	Can delete hold lot	56	delete_holdlot
224	Can view hold lot	56	view_holdlot
225	Can add funder day	57	add_funderday
226	Can change funder day	57	change_funderday
227	Can delete funder day	57	delete_funderday
228	Can view funder day	57	view_funderday
229	Can add rollup cursor	58	add_rollupcursor
230	Can change rollup cursor	58	change_rollupcursor
231	Can delete rollup cursor	58	delete_rollupcursor
232	Can view rollup cursor	58	view_rollupcursor
233	Can add member day	59	add_memberday
234	Can change member day	59	change_memberday
235	Can delete member day	59	delete_memberday
236	Can view member day	59	view_memberday
237	Can add receipt	60	add_receipt
238	Can change receipt	60	change_receipt
239	Can delete receipt	60	delete_receipt
240	Can view receipt	60	view_receipt
241	Can add receipt line	61	add_receiptline
242	Can change receipt line	61	change_receiptline
243	Can delete receipt line	61	delete_receiptline
244	Can view receipt line	61	view_receiptline
245	Can add return	62	add_return
246	Can change return	62	change_return
247	Can delete return	62	delete_return
248	Can view return	62	view_return
249	Can add return line	63	add_returnline
250	Can change return line	63	change_returnline
251	Can delete return line	63	delete_returnline
252	Can view return line	63	view_returnline
253	Can add store day	64	add_storeday
254	Can change store day	64	change_storeday
255	Can delete store day	64	delete_storeday
256	Can view store day	64	view_storeday
257	Can add tender	65	add_tender
258	Can change tender	65	change_tender
259	Can delete tender	65	delete_tender
260	Can view tender	65	view_tender
261	Can add visit	66	add_visit
262	Can change visit	66	change_visit
263	Can delete visit	66	delete_visit
264	Can view visit	66	view_visit
265	Can add pending return	67	add_pendingreturn
266	Can change pending return	67	change_pendingreturn
267	Can delete pending return	67	delete_pendingreturn
268	Can view pending return	67	view_pendingreturn
269	Can add programme	68	add_programme
270	Can change programme	68	change_programme
271	Can delete programme	68	delete_programme
272	Can view programme	68	view_programme
273	Can add assessment	69	add_assessment
274	Can change assessment	69	change_assessment
275	Can delete assessment	69	delete_assessment
276	Can view assessment	69	view_assessment
277	Can add earning rule	70	add_earningrule
278	Can change earning rule	70	change_earningrule
279	Can delete earning rule	70	delete_earningrule
280	Can view earning rule	70	view_earningrule
281	Can add tier	71	add_tier
282	Can change tier	71	change_tier
283	Can delete tier	71	delete_tier
284	Can view tier	71	view_tier
285	Can add demo load	72	add_demoload
286	Can change demo load	72	change_demoload
287	Can delete demo load	72	delete_demoload
288	Can view demo load	72	view_demoload
289	Can add demo feed	73	add_demofeed
290	Can change demo feed	73	change_demofeed
291	Can delete demo feed	73	delete_demofeed
292	Can view demo feed	73	view_demofeed
\.
COPY public.axes_accessattempt (id, user_agent, ip_address, username, http_accept, path_info, attempt_time, get_data, post_data, failures_since_start) FROM stdin;
\.
COPY public.axes_accessattemptexpiration (access_attempt_id, expires_at) FROM stdin;
\.
COPY public.axes_accessfailurelog (id, user_agent, ip_address, username, http_accept, path_info, attempt_time, locked_out) FROM stdin;
\.
COPY public.axes_accesslog (id, user_agent, ip_address, username, http_accept, path_info, attempt_time, logout_time, session_hash) FROM stdin;
\.
COPY public.catalog_barcode (id, code, variant_id) FROM stdin;
\.
COPY public.catalog_category (name_en, name_zh, origin, id, code, restricted, lineage, restriction, parent_id) FROM stdin;
bread		staff	01a21540-be33-7382-916c-a88bdf858316	bread	\N	{01a21540-be33-7382-916c-a88bdf858316}	\N	\N
tea		staff	01a21540-be33-7382-916c-a88cba8f52bc	tea	\N	{01a21540-be33-7382-916c-a88cba8f52bc}	\N	\N
tobacco		staff	01a21540-be33-7382-916c-a88db7761db5	tobacco	tobacco	{01a21540-be33-7382-916c-a88db7761db5}	tobacco	\N
\.
COPY public.catalog_product (name_en, name_zh, origin, id, code, restricted, closed_on, search, category_id, brand_id) FROM stdin;
D-bread-0		staff	01a21540-bf25-7339-810b-ca5b249745b7	D-bread-0	\N	\N	'0' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-1		staff	01a21540-bf25-7339-810b-ca5c3d433f9b	D-bread-1	\N	\N	'1' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-2		staff	01a21540-bf25-7339-810b-ca5d91a3e451	D-bread-2	\N	\N	'2' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-3		staff	01a21540-bf25-7339-810b-ca5e56b14556	D-bread-3	\N	\N	'3' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-4		staff	01a21540-bf25-7339-810b-ca5f618fa231	D-bread-4	\N	\N	'4' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-5		staff	01a21540-bf26-72f3-9577-69bd8413ef5e	D-bread-5	\N	\N	'5' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-6		staff	01a21540-bf26-72f3-9577-69beb62afc64	D-bread-6	\N	\N	'6' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-7		staff	01a21540-bf26-72f3-9577-69bf06937c2a	D-bread-7	\N	\N	'7' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-8		staff	01a21540-bf26-72f3-9577-69c0668db0b6	D-bread-8	\N	\N	'8' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-9		staff	01a21540-bf26-72f3-9577-69c1285529ab	D-bread-9	\N	\N	'9' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-10		staff	01a21540-bf26-72f3-9577-69c272cf315b	D-bread-10	\N	\N	'10' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-bread-11		staff	01a21540-bf26-72f3-9577-69c36a4f0552	D-bread-11	\N	\N	'11' 'bread' 'd'	01a21540-be33-7382-916c-a88bdf858316	\N
D-tea-0		staff	01a21540-bf26-72f3-9577-69c4c095b9f3	D-tea-0	\N	\N	'0' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-1		staff	01a21540-bf26-72f3-9577-69c52b8a382f	D-tea-1	\N	\N	'1' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-2		staff	01a21540-bf26-72f3-9577-69c68a05cb1b	D-tea-2	\N	\N	'2' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-3		staff	01a21540-bf26-72f3-9577-69c7a34d34f5	D-tea-3	\N	\N	'3' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-4		staff	01a21540-bf26-72f3-9577-69c82d73a63f	D-tea-4	\N	\N	'4' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-5		staff	01a21540-bf26-72f3-9577-69c9d319a474	D-tea-5	\N	\N	'5' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-6		staff	01a21540-bf26-72f3-9577-69cabeda14e6	D-tea-6	\N	\N	'6' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-7		staff	01a21540-bf26-72f3-9577-69cb94f86183	D-tea-7	\N	\N	'7' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-8		staff	01a21540-bf26-72f3-9577-69cc84fab0df	D-tea-8	\N	\N	'8' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-9		staff	01a21540-bf26-72f3-9577-69cdcb1ee256	D-tea-9	\N	\N	'9' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-10		staff	01a21540-bf26-72f3-9577-69ce62b5d8ff	D-tea-10	\N	\N	'10' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tea-11		staff	01a21540-bf26-72f3-9577-69cfde08ff6b	D-tea-11	\N	\N	'11' 'd' 'tea'	01a21540-be33-7382-916c-a88cba8f52bc	\N
D-tobacco-0		staff	01a21540-bf26-72f3-9577-69d0df45c20e	D-tobacco-0	\N	\N	'0' 'd' 'tobacco'	01a21540-be33-7382-916c-a88db7761db5	\N
D-tobacco-1		staff	01a21540-bf3f-70ac-a7ad-9eab5baa8ee9	D-tobacco-1	\N	\N	'1' 'd' 'tobacco'	01a21540-be33-7382-916c-a88db7761db5	\N
\.
COPY public.catalog_productbrand (name_en, name_zh, origin, id, code) FROM stdin;
\.
COPY public.catalog_variant (name_en, name_zh, origin, id, sku, product_id) FROM stdin;
D-bread-0		staff	01a21540-bf63-769c-88f6-e1776b472377	D-bread-0	01a21540-bf25-7339-810b-ca5b249745b7
D-bread-1		staff	01a21540-bf63-769c-88f6-e1785e671e57	D-bread-1	01a21540-bf25-7339-810b-ca5c3d433f9b
D-bread-2		staff	01a21540-bf63-769c-88f6-e1796cf2bb84	D-bread-2	01a21540-bf25-7339-810b-ca5d91a3e451
D-bread-3		staff	01a21540-bf63-769c-88f6-e17a8f16b8ca	D-bread-3	01a21540-bf25-7339-810b-ca5e56b14556
D-bread-4		staff	01a21540-bf63-769c-88f6-e17b594abce6	D-bread-4	01a21540-bf25-7339-810b-ca5f618fa231
D-bread-5		staff	01a21540-bf63-769c-88f6-e17cf2dcfe41	D-bread-5	01a21540-bf26-72f3-9577-69bd8413ef5e
D-bread-6		staff	01a21540-bf63-769c-88f6-e17d72b66855	D-bread-6	01a21540-bf26-72f3-9577-69beb62afc64
D-bread-7		staff	01a21540-bf63-769c-88f6-e17e0d98f897	D-bread-7	01a21540-bf26-72f3-9577-69bf06937c2a
D-bread-8		staff	01a21540-bf63-769c-88f6-e17f4f4775f2	D-bread-8	01a21540-bf26-72f3-9577-69c0668db0b6
D-bread-9		staff	01a21540-bf63-769c-88f6-e1801e4b2d6a	D-bread-9	01a21540-bf26-72f3-9577-69c1285529ab
D-bread-10		staff	01a21540-bf63-769c-88f6-e181eb929705	D-bread-10	01a21540-bf26-72f3-9577-69c272cf315b
D-bread-11		staff	01a21540-bf63-769c-88f6-e182eaa6a7dd	D-bread-11	01a21540-bf26-72f3-9577-69c36a4f0552
D-tea-0		staff	01a21540-bf63-769c-88f6-e183e0249732	D-tea-0	01a21540-bf26-72f3-9577-69c4c095b9f3
D-tea-1		staff	01a21540-bf63-769c-88f6-e18487082372	D-tea-1	01a21540-bf26-72f3-9577-69c52b8a382f
D-tea-2		staff	01a21540-bf63-769c-88f6-e185eda3e4af	D-tea-2	01a21540-bf26-72f3-9577-69c68a05cb1b
D-tea-3		staff	01a21540-bf63-769c-88f6-e186e1d9747d	D-tea-3	01a21540-bf26-72f3-9577-69c7a34d34f5
D-tea-4		staff	01a21540-bf63-769c-88f6-e1878ecf8585	D-tea-4	01a21540-bf26-72f3-9577-69c82d73a63f
D-tea-5		staff	01a21540-bf63-769c-88f6-e18870989150	D-tea-5	01a21540-bf26-72f3-9577-69c9d319a474
D-tea-6		staff	01a21540-bf63-769c-88f6-e189d2e2d044	D-tea-6	01a21540-bf26-72f3-9577-69cabeda14e6
D-tea-7		staff	01a21540-bf63-769c-88f6-e18ab358ad12	D-tea-7	01a21540-bf26-72f3-9577-69cb94f86183
D-tea-8		staff	01a21540-bf63-769c-88f6-e18bfb1f9382	D-tea-8	01a21540-bf26-72f3-9577-69cc84fab0df
D-tea-9		staff	01a21540-bf63-769c-88f6-e18cb9b4c8b0	D-tea-9	01a21540-bf26-72f3-9577-69cdcb1ee256
D-tea-10		staff	01a21540-bf63-769c-88f6-e18d063c66fd	D-tea-10	01a21540-bf26-72f3-9577-69ce62b5d8ff
D-tea-11		staff	01a21540-bf63-769c-88f6-e18e26903cc9	D-tea-11	01a21540-bf26-72f3-9577-69cfde08ff6b
D-tobacco-0		staff	01a21540-bf63-769c-88f6-e18f018cafeb	D-tobacco-0	01a21540-bf26-72f3-9577-69d0df45c20e
D-tobacco-1		staff	01a21540-bf63-769c-88f6-e190e95aaa21	D-tobacco-1	01a21540-bf3f-70ac-a7ad-9eab5baa8ee9
\.
COPY public.demo_demofeed (number, done_visits) FROM stdin;
\.
COPY public.demo_demoload (id, weeks, password, stage, started_at, finished_at) FROM stdin;
\.
COPY public.django_content_type (id, app_label, model) FROM stdin;
1	auth	permission
2	auth	group
3	contenttypes	contenttype
4	sessions	session
5	axes	accessattempt
6	axes	accesslog
7	axes	accessfailurelog
8	axes	accessattemptexpiration
9	procrastinate	procrastinateevent
10	procrastinate	procrastinatejob
11	procrastinate	procrastinateperiodicdefer
12	procrastinate	procrastinateworker
13	outbox	consumercursor
14	outbox	outboxevent
15	audit	seal
16	audit	entry
17	secrets	erasure
18	secrets	wrappedkey
19	secrets	ringmark
20	mail	mail
21	http	ratebucket
22	http	idempotencykey
23	malls	group
24	malls	mall
25	malls	floor
26	malls	tenant
27	malls	brand
28	malls	tradecategory
29	malls	unit
30	malls	store
31	malls	lease
32	catalog	category
33	catalog	productbrand
34	catalog	product
35	catalog	variant
36	catalog	barcode
37	staff	staffuser
38	staff	apikey
39	staff	resetlink
40	staff	roleassignment
41	members	member
42	members	identity
43	members	consent
44	members	memberpresence
45	members	note
46	members	tag
47	members	membertag
48	members	membersearch
49	ledger	account
50	ledger	transfer
51	ledger	wallet
52	ledger	receivable
53	ledger	lot
54	ledger	lotuse
55	ledger	hold
56	ledger	holdlot
57	ledger	funderday
58	ledger	rollupcursor
59	sales	memberday
60	sales	receipt
61	sales	receiptline
62	sales	return
63	sales	returnline
64	sales	storeday
65	sales	tender
66	sales	visit
67	sales	pendingreturn
68	loyalty	programme
69	loyalty	assessment
70	loyalty	earningrule
71	loyalty	tier
72	demo	demoload
73	demo	demofeed
\.
COPY public.django_migrations (id, app, name, applied) FROM stdin;
1	audit	0001_initial	2026-11-26 00:26:34.441095+00
2	audit	0002_append_only	2026-11-26 00:26:34.471808+00
3	contenttypes	0001_initial	2026-11-26 00:26:34.516+00
4	contenttypes	0002_remove_content_type_name	2026-11-26 00:26:34.599961+00
5	auth	0001_initial	2026-11-26 00:26:34.871737+00
6	auth	0002_alter_permission_name_max_length	2026-11-26 00:26:35.020645+00
7	auth	0003_alter_user_email_max_length	2026-11-26 00:26:35.148754+00
8	auth	0004_alter_user_username_opts	2026-11-26 00:26:35.326084+00
9	auth	0005_alter_user_last_login_null	2026-11-26 00:26:35.421484+00
10	auth	0006_require_contenttypes_0002	2026-11-26 00:26:35.429737+00
11	auth	0007_alter_validators_add_error_messages	2026-11-26 00:26:35.627191+00
12	auth	0008_alter_user_username_max_length	2026-11-26 00:26:35.757953+00
13	auth	0009_alter_user_last_name_max_length	2026-11-26 00:26:35.923235+00
14	auth	0010_alter_group_name_max_length	2026-11-26 00:26:36.025686+00
15	auth	0011_update_proxy_permissions	2026-11-26 00:26:36.114693+00
16	auth	0012_alter_user_first_name_max_length	2026-11-26 00:26:36.204061+00
17	axes	0001_initial	2026-11-26 00:26:36.270526+00
18	axes	0002_auto_20151217_2044	2026-11-26 00:26:36.662411+00
19	axes	0003_auto_20160322_0929	2026-11-26 00:26:37.029159+00
20	axes	0004_auto_20181024_1538	2026-11-26 00:26:37.350194+00
21	axes	0005_remove_accessattempt_trusted	2026-11-26 00:26:37.461536+00
22	axes	0006_remove_accesslog_trusted	2026-11-26 00:26:37.535572+00
23	axes	0007_alter_accessattempt_unique_together	2026-11-26 00:26:37.947636+00
24	axes	0008_accessfailurelog	2026-11-26 00:26:38.277986+00
25	axes	0009_add_session_hash	2026-11-26 00:26:38.306417+00
26	axes	0010_accessattemptexpiration	2026-11-26 00:26:38.38555+00
27	catalog	0001_initial	2026-11-26 00:26:39.732848+00
28	catalog	0002_category_lineage	2026-11-26 00:26:39.783615+00
29	demo	0001_initial	2026-11-26 00:26:39.857552+00
30	http	0001_initial	2026-11-26 00:26:39.975981+00
31	http	0002_unlogged_buckets	2026-11-26 00:26:40.017544+00
32	staff	0001_initial	2026-11-26 00:26:40.379921+00
33	malls	0001_initial	2026-11-26 00:26:44.015442+00
34	malls	0002_two_levels	2026-11-26 00:26:44.059493+00
35	members	0001_initial	2026-11-26 00:26:50.113841+00
36	ledger	0001_initial	2026-11-26 00:27:01.843845+00
37	members	0002_numbers_and_consents	2026-11-26 00:27:01.916143+00
38	sales	0001_initial	2026-11-26 00:27:19.36941+00
39	sales	0002_append_only	2026-11-26 00:27:19.47519+00
40	loyalty	0001_initial	2026-11-26 00:27:22.305983+00
41	loyalty	0002_append_only	2026-11-26 00:27:22.359844+00
42	mail	0001_initial	2026-11-26 00:27:22.521532+00
43	outbox	0001_initial	2026-11-26 00:27:22.724506+00
44	procrastinate	0001_initial	2026-11-26 00:27:22.889424+00
45	procrastinate	0002_drop_started_at_column	2026-11-26 00:27:22.952915+00
46	procrastinate	0003_drop_started_at_column	2026-11-26 00:27:23.023547+00
47	procrastinate	0004_drop_procrastinate_version_table	2026-11-26 00:27:23.072651+00
48	procrastinate	0005_fix_procrastinate_fetch_job	2026-11-26 00:27:23.125198+00
49	procrastinate	0006_fix_trigger_status_events_insert	2026-11-26 00:27:23.167448+00
50	procrastinate	0007_add_queueing_lock_column	2026-11-26 00:27:23.243915+00
51	procrastinate	0008_close_fetch_job_race_condition	2026-11-26 00:27:23.290971+00
52	procrastinate	0009_add_defer_job_function	2026-11-26 00:27:23.367606+00
53	procrastinate	0010_add_procrastinate_periodic_defers	2026-11-26 00:27:23.442411+00
54	procrastinate	0011_add_foreign_key_index	2026-11-26 00:27:23.491567+00
55	procrastinate	0012_add_locks_to_periodic_defer	2026-11-26 00:27:23.551543+00
56	procrastinate	0013_fix_procrastinate_defer_periodic_job	2026-11-26 00:27:23.611476+00
57	procrastinate	0014_add_finish_job_and_retry_job_functions	2026-11-26 00:27:23.648338+00
58	procrastinate	0015_add_trigger_on_job_deletion	2026-11-26 00:27:23.700463+00
59	procrastinate	0016_delete_finished_jobs	2026-11-26 00:27:23.762973+00
60	procrastinate	0017_add_checks_to_finish_job	2026-11-26 00:27:23.84367+00
61	procrastinate	0018_add_checks_to_retry_job	2026-11-26 00:27:23.888236+00
62	procrastinate	0019_fix_finish_job_compat_issue	2026-11-26 00:27:23.944008+00
63	procrastinate	0020_add_index_on_procrastinate_jobs	2026-11-26 00:27:23.98198+00
64	procrastinate	0021_add_kwargs_to_defer_periodic_job	2026-11-26 00:27:24.043544+00
65	procrastinate	0022_null_locks_excluded	2026-11-26 00:27:24.091957+00
66	procrastinate	0023_remove_old_finish_job_function	2026-11-26 00:27:24.139565+00
67	procrastinate	0024_job_id_bigint	2026-11-26 00:27:24.215735+00
68	procrastinate	0025_add_models	2026-11-26 00:27:24.32203+00
69	procrastinate	0026_add_job_priority	2026-11-26 00:27:24.4251+00
70	procrastinate	0027_add_periodic_job_priority	2026-11-26 00:27:24.499736+00
71	procrastinate	0028_add_cancel_states	2026-11-26 00:27:24.67659+00
72	procrastinate	0029_add_additional_params_to_retry_job	2026-11-26 00:27:24.739582+00
73	procrastinate	0030_alter_procrastinateevent_options	2026-11-26 00:27:24.828959+00
74	procrastinate	0031_add_indexes_for_fetch_job	2026-11-26 00:27:24.894624+00
75	procrastinate	0032_pre_cancel_notification	2026-11-26 00:27:25.032462+00
76	procrastinate	0033_post_cancel_notification	2026-11-26 00:27:25.262577+00
77	procrastinate	0034_pre_add_heartbeat	2026-11-26 00:27:25.403731+00
78	procrastinate	0035_post_add_heartbeat	2026-11-26 00:27:25.466537+00
79	procrastinate	0036_add_worker_model	2026-11-26 00:27:25.558906+00
80	procrastinate	0037_pre_batch_defer_jobs	2026-11-26 00:27:25.651606+00
81	procrastinate	0038_post_batch_defer_jobs	2026-11-26 00:27:25.713832+00
82	procrastinate	0039_pre_priority_lock_fetch_job	2026-11-26 00:27:25.775625+00
83	procrastinate	0040_pre_retry_failed_job	2026-11-26 00:27:25.851482+00
84	procrastinate	0041_post_retry_failed_job	2026-11-26 00:27:25.923578+00
85	secrets	0001_initial	2026-11-26 00:27:26.175417+00
86	secrets	0002_register_is_append_only	2026-11-26 00:27:26.223583+00
87	sessions	0001_initial	2026-11-26 00:27:26.363482+00
\.
COPY public.django_session (session_key, session_data, expire_date) FROM stdin;
\.
COPY public.http_idempotency_key (caller, route, key, content_digest, status, reply, personal_of, is_kept, recorded_at) FROM stdin;
\.
COPY public.http_rate_bucket (key, tokens, granted, refilled_at) FROM stdin;
\.
COPY public.ledger_account (id, kind, unit, owner_kind, owner_id, opened_at, member_id) FROM stdin;
01a21540-c60a-72e9-9adb-2881780c627a	funder	points	mall	01a21540-c19b-738b-8a77-ba1d3c61588a	2026-11-26 00:28:16.266886+00	\N
01a21540-c614-75b9-a590-0b3a068aaa51	funder	points	mall	01a21540-c19c-714f-8a3e-fd81c6cb6710	2026-11-26 00:28:16.276898+00	\N
01a21540-c615-7629-9e1d-230bf8bd2f06	funder	points	tenant	01a21540-c265-77b7-807c-1cf9118cd4c6	2026-11-26 00:28:16.277824+00	\N
01a21540-c652-70cd-b3a0-f9ace90a2554	wallet	points	\N	\N	2026-11-26 00:28:16.33846+00	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c652-70cd-b3a0-f9aedefb0ed8	wallet	points	\N	\N	2026-11-26 00:28:16.33846+00	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c652-70cd-b3a0-f9ad934d9923	wallet	points	\N	\N	2026-11-26 00:28:16.33846+00	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c652-70cd-b3a0-f9b0ea6979a7	wallet	points	\N	\N	2026-11-26 00:28:16.33846+00	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c652-70cd-b3a0-f9af7ca2abd5	wallet	points	\N	\N	2026-11-26 00:28:16.33846+00	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c652-70cd-b3a0-f9b1d3e50cab	wallet	points	\N	\N	2026-11-26 00:28:16.33846+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c
\.
COPY public.ledger_funderday (day, kind, points, transfers, funder_id) FROM stdin;
\.
COPY public.ledger_hold (id, key, fingerprint, unit, points, status, source_kind, source_id, reason, placed_at, deadline_at, closed_at, group_id, actor_kind, actor_id, member_id, redemption_account_id) FROM stdin;
\.
COPY public.ledger_holdlot (amount, hold_id, lot_id) FROM stdin;
\.
COPY public.ledger_lot (transfer_id, amount, remaining, held, matures_at, expires_at, account_id, funder_id, member_id) FROM stdin;
01a21540-c61d-7597-b02d-b388424e0b45	173	173	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c61d-7597-b02d-b389ec6007ec	25	25	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c61d-7597-b02d-b38aa15e74a8	487	487	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c61d-7597-b02d-b38b20b0d592	47	47	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c61d-7597-b02d-b38ed3495a9d	25	25	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c61d-7597-b02d-b38f21cb33a5	10	10	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c61d-7597-b02d-b39019c3b14a	301	301	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b0ea6979a7	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c61d-7597-b02d-b39128d144bf	129	129	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b0ea6979a7	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c61d-7597-b02d-b39333d5efe3	19	19	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c61d-7597-b02d-b394db038b20	246	246	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c61d-7597-b02d-b38793be077d	45	0	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c61d-7597-b02d-b38647fa297d	280	0	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98b-748a-bf51-73a7f96d1440	358	358	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98b-748a-bf51-73a84ca2b6b9	67	67	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98b-748a-bf51-73a9a96c5d6c	188	188	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c98b-748a-bf51-73aa4989070a	49	49	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c98b-748a-bf51-73ab2e72ae0b	406	406	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98b-748a-bf51-73ac3371eab9	14	14	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98b-748a-bf51-73ada4c12e9f	111	111	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98b-748a-bf51-73aecc1a53b4	332	332	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73afb6707a60	469	469	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c98b-748a-bf51-73b05a398cc5	137	137	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73b1c4f5f7b1	23	23	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73b2f5f58ea9	302	302	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73b3ed0adc6b	101	101	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73b4559d5d5b	108	108	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9b0ea6979a7	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c98b-748a-bf51-73b719a32b21	380	380	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c98b-748a-bf51-73b8cf29c7ae	110	110	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73b99292e2de	47	47	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73ba98fc0cf3	45	45	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98b-748a-bf51-73bbd1436bd3	19	19	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98b-748a-bf51-73bc11d20e6d	400	400	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73bd6424b892	45	45	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73be44ebb096	59	59	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98b-748a-bf51-73bf22f1cc80	13	13	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98b-748a-bf51-73c0fd78612c	126	126	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98b-748a-bf51-73c11b6d99bc	556	556	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98b-748a-bf51-73c2f3feb150	57	57	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c98c-77ba-8b32-4059bcb82d16	19	19	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c98c-77ba-8b32-405adc5da1fa	14	14	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98c-77ba-8b32-405bfef4dcb0	6	6	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c98c-77ba-8b32-405c4ec87241	77	77	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98c-77ba-8b32-405d1d0daee4	21	21	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98c-77ba-8b32-405fe5c14f0e	285	285	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98c-77ba-8b32-40606eb1c678	4	4	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98c-77ba-8b32-406143cfa957	171	171	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c98c-77ba-8b32-40620661a52e	26	26	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c98c-77ba-8b32-405e5cc37843	80	0	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c61d-7597-b02d-b395c35cad41	106	105	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c61d-7597-b02d-b392524a5871	156	58	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c61d-7597-b02d-b38cb953ce28	141	0	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c98b-748a-bf51-73b640fbfd4d	89	0	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c98b-748a-bf51-73b57d39bd5a	207	0	0	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c61d-7597-b02d-b38df7c5b1cf	49	0	0	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b263c71dcca
\.
COPY public.ledger_lotuse (amount, transfer_id, lot_id) FROM stdin;
280	01a21540-c7f6-71e4-a619-1e79f88af63a	01a21540-c61d-7597-b02d-b38647fa297d
45	01a21540-c7f6-71e4-a619-1e7ae7cd2caf	01a21540-c61d-7597-b02d-b38793be077d
141	01a21540-cb99-706e-8e5e-1ecb6e51199f	01a21540-c61d-7597-b02d-b38cb953ce28
49	01a21540-cb99-706e-8e5e-1eccafd6d609	01a21540-c61d-7597-b02d-b38df7c5b1cf
98	01a21540-cb99-706e-8e5e-1ecd6fa955be	01a21540-c61d-7597-b02d-b392524a5871
1	01a21540-cb99-706e-8e5e-1ece8b77813a	01a21540-c61d-7597-b02d-b395c35cad41
207	01a21540-cb99-706e-8e5e-1ecf084bb3db	01a21540-c98b-748a-bf51-73b57d39bd5a
89	01a21540-cb99-706e-8e5e-1ed0fa205eee	01a21540-c98b-748a-bf51-73b640fbfd4d
80	01a21540-cb99-706e-8e5e-1ed164d2a4ba	01a21540-c98c-77ba-8b32-405e5cc37843
\.
COPY public.ledger_receivable (account_id, unit, owed, funder_id, member_id) FROM stdin;
\.
COPY public.ledger_rollupcursor (name, transaction) FROM stdin;
\.
COPY public.ledger_transfer (id, group_id, amount, unit, kind, source_kind, source_id, reason, key, part, fingerprint, occurred_at, recorded_at, matures_at, expires_at, actor_kind, actor_id, transaction, credit_account_id, debit_account_id, member_id, reverses_id) FROM stdin;
01a21540-c61d-7597-b02d-b38647fa297d	01a21540-c61c-771b-a686-dfe356a58e73	280	points	accrue	receipt	01a21540-c55e-7626-86a4-9ec1e5056290	purchase	receipt:01a21540-c55e-7626-86a4-9ec1e5056290:1:tenant	0	-8261459360858699030	2026-11-25 06:09:16.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c61d-7597-b02d-b38793be077d	01a21540-c61c-771b-a686-dfe356a58e73	45	points	accrue	receipt	01a21540-c55e-7626-86a4-9ec1e5056290	purchase	receipt:01a21540-c55e-7626-86a4-9ec1e5056290:1:mall	0	-2908227922844568263	2026-11-25 06:09:16.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c61d-7597-b02d-b388424e0b45	01a21540-c61c-771b-a686-dfe5d8cdf8c9	173	points	accrue	receipt	01a21540-c569-75c1-af7a-ada95e22ff0e	purchase	receipt:01a21540-c569-75c1-af7a-ada95e22ff0e:1:tenant	0	-4328245980570821431	2026-11-25 18:27:15.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c61d-7597-b02d-b389ec6007ec	01a21540-c61c-771b-a686-dfe5d8cdf8c9	25	points	accrue	receipt	01a21540-c569-75c1-af7a-ada95e22ff0e	purchase	receipt:01a21540-c569-75c1-af7a-ada95e22ff0e:1:mall	0	-6129836159233915162	2026-11-25 18:27:15.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c61d-7597-b02d-b38aa15e74a8	01a21540-c61c-771b-a686-dfe7b19c0be3	487	points	accrue	receipt	01a21540-c569-75c1-af7a-adaa9712a203	purchase	receipt:01a21540-c569-75c1-af7a-adaa9712a203:1:tenant	0	-5623557460069801184	2026-11-25 18:41:34.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c61d-7597-b02d-b38b20b0d592	01a21540-c61c-771b-a686-dfe7b19c0be3	47	points	accrue	receipt	01a21540-c569-75c1-af7a-adaa9712a203	purchase	receipt:01a21540-c569-75c1-af7a-adaa9712a203:1:mall	0	6090312937898554085	2026-11-25 18:41:34.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c61d-7597-b02d-b38cb953ce28	01a21540-c61c-771b-a686-dfe93c90e273	141	points	accrue	receipt	01a21540-c569-75c1-af7a-adab3b3c02ba	purchase	receipt:01a21540-c569-75c1-af7a-adab3b3c02ba:1:tenant	0	2959415192949409145	2026-11-25 19:22:24.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b263c71dcca	\N
01a21540-c61d-7597-b02d-b38df7c5b1cf	01a21540-c61c-771b-a686-dfe93c90e273	49	points	accrue	receipt	01a21540-c569-75c1-af7a-adab3b3c02ba	purchase	receipt:01a21540-c569-75c1-af7a-adab3b3c02ba:1:mall	0	-9019995618230051298	2026-11-25 19:22:24.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b263c71dcca	\N
01a21540-c61d-7597-b02d-b38ed3495a9d	01a21540-c61c-771b-a686-dfeb65d7730d	25	points	accrue	receipt	01a21540-c569-75c1-af7a-adac6e92634d	purchase	receipt:01a21540-c569-75c1-af7a-adac6e92634d:1:tenant	0	9154389428645009845	2026-11-25 19:43:37.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c61d-7597-b02d-b38f21cb33a5	01a21540-c61c-771b-a686-dfeb65d7730d	10	points	accrue	receipt	01a21540-c569-75c1-af7a-adac6e92634d	purchase	receipt:01a21540-c569-75c1-af7a-adac6e92634d:1:mall	0	7488277598867028370	2026-11-25 19:43:37.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c61d-7597-b02d-b39019c3b14a	01a21540-c61c-771b-a686-dfed67772c1e	301	points	accrue	receipt	01a21540-c569-75c1-af7a-adad4143a6b9	purchase	receipt:01a21540-c569-75c1-af7a-adad4143a6b9:1:tenant	0	-8528476842613027678	2026-11-25 19:45:15.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9b0ea6979a7	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b25cafb8981	\N
01a21540-c61d-7597-b02d-b39128d144bf	01a21540-c61c-771b-a686-dfed67772c1e	129	points	accrue	receipt	01a21540-c569-75c1-af7a-adad4143a6b9	purchase	receipt:01a21540-c569-75c1-af7a-adad4143a6b9:1:mall	0	1705822638756967797	2026-11-25 19:45:15.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9b0ea6979a7	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b25cafb8981	\N
01a21540-c61d-7597-b02d-b392524a5871	01a21540-c61c-771b-a686-dfef30348137	156	points	accrue	receipt	01a21540-c569-75c1-af7a-adae50368dab	purchase	receipt:01a21540-c569-75c1-af7a-adae50368dab:1:tenant	0	8173643361162914581	2026-11-25 19:51:17.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c61d-7597-b02d-b39333d5efe3	01a21540-c61c-771b-a686-dfef30348137	19	points	accrue	receipt	01a21540-c569-75c1-af7a-adae50368dab	purchase	receipt:01a21540-c569-75c1-af7a-adae50368dab:1:mall	0	-5820531237962302218	2026-11-25 19:51:17.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c61d-7597-b02d-b394db038b20	01a21540-c61c-771b-a686-dff17aa84d5f	246	points	accrue	receipt	01a21540-c569-75c1-af7a-adafc900a5c4	purchase	receipt:01a21540-c569-75c1-af7a-adafc900a5c4:1:tenant	0	-3931082069590718458	2026-11-25 19:52:00.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b263c71dcca	\N
01a21540-c61d-7597-b02d-b395c35cad41	01a21540-c61c-771b-a686-dff17aa84d5f	106	points	accrue	receipt	01a21540-c569-75c1-af7a-adafc900a5c4	purchase	receipt:01a21540-c569-75c1-af7a-adafc900a5c4:1:mall	0	-6003987982472088188	2026-11-25 19:52:00.007304+00	2026-11-26 00:28:16.041529+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	934	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b263c71dcca	\N
01a21540-c7f6-71e4-a619-1e79f88af63a	01a21540-c7c7-7577-a5af-f90b7acf639a	280	points	reverse	receipt	01a21540-c55e-7626-86a4-9ec1e5056290	return	receipt:01a21540-c55e-7626-86a4-9ec1e5056290:2:tenant	0	-3017006058428530271	2026-11-25 13:52:37.007304+00	2026-11-26 00:28:16.495282+00	\N	\N	system	\N	935	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c61d-7597-b02d-b38647fa297d
01a21540-c7f6-71e4-a619-1e7ae7cd2caf	01a21540-c7c7-7577-a5af-f90b7acf639a	45	points	reverse	receipt	01a21540-c55e-7626-86a4-9ec1e5056290	return	receipt:01a21540-c55e-7626-86a4-9ec1e5056290:2:mall	0	-4358018438295891883	2026-11-25 13:52:37.007304+00	2026-11-26 00:28:16.495282+00	\N	\N	system	\N	935	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c61d-7597-b02d-b38793be077d
01a21540-c98b-748a-bf51-73a7f96d1440	01a21540-c98a-74f4-ab70-4a403af76334	358	points	accrue	receipt	01a21540-c8e7-743e-99c7-911807f92ec2	purchase	receipt:01a21540-c8e7-743e-99c7-911807f92ec2:1:tenant	0	-123293184107652962	2026-11-25 19:54:13.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98b-748a-bf51-73a84ca2b6b9	01a21540-c98a-74f4-ab70-4a403af76334	67	points	accrue	receipt	01a21540-c8e7-743e-99c7-911807f92ec2	purchase	receipt:01a21540-c8e7-743e-99c7-911807f92ec2:1:mall	0	-1188270542160311513	2026-11-25 19:54:13.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98b-748a-bf51-73a9a96c5d6c	01a21540-c98a-74f4-ab70-4a4242352042	188	points	accrue	receipt	01a21540-c8e8-730e-b023-8347067a1dec	purchase	receipt:01a21540-c8e8-730e-b023-8347067a1dec:1:tenant	0	7085982991300111822	2026-11-25 19:59:06.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c98b-748a-bf51-73aa4989070a	01a21540-c98a-74f4-ab70-4a4242352042	49	points	accrue	receipt	01a21540-c8e8-730e-b023-8347067a1dec	purchase	receipt:01a21540-c8e8-730e-b023-8347067a1dec:1:mall	0	2584415640752228300	2026-11-25 19:59:06.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c98b-748a-bf51-73ab2e72ae0b	01a21540-c98a-74f4-ab70-4a448f8d8eda	406	points	accrue	receipt	01a21540-c8e8-730e-b023-8348b75aba29	purchase	receipt:01a21540-c8e8-730e-b023-8348b75aba29:1:tenant	0	-1860189672074549536	2026-11-25 20:00:08.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c98b-748a-bf51-73ac3371eab9	01a21540-c98a-74f4-ab70-4a448f8d8eda	14	points	accrue	receipt	01a21540-c8e8-730e-b023-8348b75aba29	purchase	receipt:01a21540-c8e8-730e-b023-8348b75aba29:1:mall	0	9158991766914508684	2026-11-25 20:00:08.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c98b-748a-bf51-73ada4c12e9f	01a21540-c98a-74f4-ab70-4a46b1967a97	111	points	accrue	receipt	01a21540-c8e8-730e-b023-8349c9b9246f	purchase	receipt:01a21540-c8e8-730e-b023-8349c9b9246f:1:tenant	0	3031801701110019104	2026-11-25 20:07:29.007304+00	2026-11-26 00:28:16.948019+00	2026-11-27 21:00:00+00	2036-11-24 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98b-748a-bf51-73aecc1a53b4	01a21540-c98a-74f4-ab70-4a4776337d1a	332	points	accrue	receipt	01a21540-c8e8-730e-b023-834ac2c9bb12	purchase	receipt:01a21540-c8e8-730e-b023-834ac2c9bb12:1:tenant	0	-7324863911293291887	2026-11-25 21:13:00.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73afb6707a60	01a21540-c98b-748a-bf51-7389eb24fbac	469	points	accrue	receipt	01a21540-c8e8-730e-b023-834b0a623f13	purchase	receipt:01a21540-c8e8-730e-b023-834b0a623f13:1:tenant	0	-4596771532009237440	2026-11-25 21:42:02.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c98b-748a-bf51-73b05a398cc5	01a21540-c98b-748a-bf51-738a097616bb	137	points	accrue	receipt	01a21540-c8e8-730e-b023-834c91d270d0	purchase	receipt:01a21540-c8e8-730e-b023-834c91d270d0:1:tenant	0	3976123386711410043	2026-11-25 21:43:26.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b1c4f5f7b1	01a21540-c98b-748a-bf51-738a097616bb	23	points	accrue	receipt	01a21540-c8e8-730e-b023-834c91d270d0	purchase	receipt:01a21540-c8e8-730e-b023-834c91d270d0:1:mall	0	-1393945661687391069	2026-11-25 21:43:26.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b2f5f58ea9	01a21540-c98b-748a-bf51-738c5bc81b57	302	points	accrue	receipt	01a21540-c8e8-730e-b023-834dc5b1cc31	purchase	receipt:01a21540-c8e8-730e-b023-834dc5b1cc31:1:tenant	0	-8610714340178476360	2026-11-25 21:44:55.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b3ed0adc6b	01a21540-c98b-748a-bf51-738c5bc81b57	101	points	accrue	receipt	01a21540-c8e8-730e-b023-834dc5b1cc31	purchase	receipt:01a21540-c8e8-730e-b023-834dc5b1cc31:1:mall	0	1397878619600573447	2026-11-25 21:44:55.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b4559d5d5b	01a21540-c98b-748a-bf51-738eb7c0994a	108	points	accrue	receipt	01a21540-c8e8-730e-b023-834e68528d1e	purchase	receipt:01a21540-c8e8-730e-b023-834e68528d1e:1:tenant	0	1369229831893204897	2026-11-25 22:04:59.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b0ea6979a7	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b25cafb8981	\N
01a21540-c98b-748a-bf51-73b57d39bd5a	01a21540-c98b-748a-bf51-738faa715001	207	points	accrue	receipt	01a21540-c8e8-730e-b023-834f6aed76f3	purchase	receipt:01a21540-c8e8-730e-b023-834f6aed76f3:1:tenant	0	1678876228344185903	2026-11-25 22:06:15.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b640fbfd4d	01a21540-c98b-748a-bf51-738faa715001	89	points	accrue	receipt	01a21540-c8e8-730e-b023-834f6aed76f3	purchase	receipt:01a21540-c8e8-730e-b023-834f6aed76f3:1:mall	0	-6184151273250719383	2026-11-25 22:06:15.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b719a32b21	01a21540-c98b-748a-bf51-73914270e730	380	points	accrue	receipt	01a21540-c8e8-730e-b023-8350c99865e6	purchase	receipt:01a21540-c8e8-730e-b023-8350c99865e6:1:tenant	0	-2417910076489063613	2026-11-25 22:11:42.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b263c71dcca	\N
01a21540-c98b-748a-bf51-73b8cf29c7ae	01a21540-c98b-748a-bf51-7392ce634ba9	110	points	accrue	receipt	01a21540-c8e8-730e-b023-8351a6347422	purchase	receipt:01a21540-c8e8-730e-b023-8351a6347422:1:tenant	0	7201837811091709970	2026-11-25 22:13:41.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73b99292e2de	01a21540-c98b-748a-bf51-7392ce634ba9	47	points	accrue	receipt	01a21540-c8e8-730e-b023-8351a6347422	purchase	receipt:01a21540-c8e8-730e-b023-8351a6347422:1:mall	0	7238381651043509540	2026-11-25 22:13:41.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73ba98fc0cf3	01a21540-c98b-748a-bf51-73949c8fa288	45	points	accrue	receipt	01a21540-c8e8-730e-b023-8352caf79d7f	purchase	receipt:01a21540-c8e8-730e-b023-8352caf79d7f:1:tenant	0	-6210914814582377860	2026-11-25 22:23:22.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c98b-748a-bf51-73bbd1436bd3	01a21540-c98b-748a-bf51-73949c8fa288	19	points	accrue	receipt	01a21540-c8e8-730e-b023-8352caf79d7f	purchase	receipt:01a21540-c8e8-730e-b023-8352caf79d7f:1:mall	0	-8646718862367553779	2026-11-25 22:23:22.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c98b-748a-bf51-73bc11d20e6d	01a21540-c98b-748a-bf51-7396c2495976	400	points	accrue	receipt	01a21540-c8e8-730e-b023-8353e0f94a38	purchase	receipt:01a21540-c8e8-730e-b023-8353e0f94a38:1:tenant	0	5417544644982447942	2026-11-25 22:31:39.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73bd6424b892	01a21540-c98b-748a-bf51-7396c2495976	45	points	accrue	receipt	01a21540-c8e8-730e-b023-8353e0f94a38	purchase	receipt:01a21540-c8e8-730e-b023-8353e0f94a38:1:mall	0	6509331842596388609	2026-11-25 22:31:39.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98b-748a-bf51-73be44ebb096	01a21540-c98b-748a-bf51-7398e8f789d7	59	points	accrue	receipt	01a21540-c8e8-730e-b023-8354686b0379	purchase	receipt:01a21540-c8e8-730e-b023-8354686b0379:1:tenant	0	4419922011686861957	2026-11-25 22:33:34.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98b-748a-bf51-73bf22f1cc80	01a21540-c98b-748a-bf51-7398e8f789d7	13	points	accrue	receipt	01a21540-c8e8-730e-b023-8354686b0379	purchase	receipt:01a21540-c8e8-730e-b023-8354686b0379:1:mall	0	8962481014618233949	2026-11-25 22:33:34.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98b-748a-bf51-73c0fd78612c	01a21540-c98b-748a-bf51-739a4b21d1c7	126	points	accrue	receipt	01a21540-c8e8-730e-b023-835525b46ed3	purchase	receipt:01a21540-c8e8-730e-b023-835525b46ed3:1:tenant	0	-1047246827545968757	2026-11-25 22:34:24.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98b-748a-bf51-73c11b6d99bc	01a21540-c98b-748a-bf51-739be1eadb25	556	points	accrue	receipt	01a21540-c8e8-730e-b023-8356e2780d8c	purchase	receipt:01a21540-c8e8-730e-b023-8356e2780d8c:1:tenant	0	-3188891374223196695	2026-11-25 23:09:34.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c98b-748a-bf51-73c2f3feb150	01a21540-c98b-748a-bf51-739be1eadb25	57	points	accrue	receipt	01a21540-c8e8-730e-b023-8356e2780d8c	purchase	receipt:01a21540-c8e8-730e-b023-8356e2780d8c:1:mall	0	446001254962420709	2026-11-25 23:09:34.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ace90a2554	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b2297130bf6	\N
01a21540-c98c-77ba-8b32-4059bcb82d16	01a21540-c98b-748a-bf51-739d41a5de1b	19	points	accrue	receipt	01a21540-c8e9-7231-9c97-f6f4a620ec46	purchase	receipt:01a21540-c8e9-7231-9c97-f6f4a620ec46:1:tenant	0	3716586838445133898	2026-11-25 23:18:21.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c98c-77ba-8b32-405adc5da1fa	01a21540-c98b-748a-bf51-739e6f018ca4	14	points	accrue	receipt	01a21540-c8e9-7231-9c97-f6f5a9e32945	purchase	receipt:01a21540-c8e9-7231-9c97-f6f5a9e32945:1:tenant	0	1485457088962810235	2026-11-25 23:33:14.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98c-77ba-8b32-405bfef4dcb0	01a21540-c98b-748a-bf51-739e6f018ca4	6	points	accrue	receipt	01a21540-c8e9-7231-9c97-f6f5a9e32945	purchase	receipt:01a21540-c8e9-7231-9c97-f6f5a9e32945:1:mall	0	-4484566684441645112	2026-11-25 23:33:14.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b27fb681a9c	\N
01a21540-c98c-77ba-8b32-405c4ec87241	01a21540-c98b-748a-bf51-73a0430af9ee	77	points	accrue	receipt	01a21540-c8f7-76fa-b641-200a6bb25877	purchase	receipt:01a21540-c8f7-76fa-b641-200a6bb25877:1:tenant	0	-2955973639576838430	2026-11-25 23:56:03.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98c-77ba-8b32-405d1d0daee4	01a21540-c98b-748a-bf51-73a0430af9ee	21	points	accrue	receipt	01a21540-c8f7-76fa-b641-200a6bb25877	purchase	receipt:01a21540-c8f7-76fa-b641-200a6bb25877:1:mall	0	-851327944443385748	2026-11-25 23:56:03.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98c-77ba-8b32-405e5cc37843	01a21540-c98b-748a-bf51-73a24c76d89b	80	points	accrue	receipt	01a21540-c8f7-76fa-b641-200b37ab1186	purchase	receipt:01a21540-c8f7-76fa-b641-200b37ab1186:1:tenant	0	-7233128795464883058	2026-11-25 23:59:55.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98c-77ba-8b32-405fe5c14f0e	01a21540-c98b-748a-bf51-73a30e55c7e9	285	points	accrue	receipt	01a21540-c8f7-76fa-b641-200c4746407b	purchase	receipt:01a21540-c8f7-76fa-b641-200c4746407b:1:tenant	0	7538166057403114722	2026-11-26 00:04:31.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98c-77ba-8b32-40606eb1c678	01a21540-c98b-748a-bf51-73a30e55c7e9	4	points	accrue	receipt	01a21540-c8f7-76fa-b641-200c4746407b	purchase	receipt:01a21540-c8f7-76fa-b641-200c4746407b:1:mall	0	5356529998007544870	2026-11-26 00:04:31.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b246537fcb6	\N
01a21540-c98c-77ba-8b32-406143cfa957	01a21540-c98b-748a-bf51-73a5dffa56a3	171	points	accrue	receipt	01a21540-c8f7-76fa-b641-200d05fe3638	purchase	receipt:01a21540-c8f7-76fa-b641-200d05fe3638:1:tenant	0	4942671661977637137	2026-11-26 00:07:25.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-c98c-77ba-8b32-40620661a52e	01a21540-c98b-748a-bf51-73a5dffa56a3	26	points	accrue	receipt	01a21540-c8f7-76fa-b641-200d05fe3638	purchase	receipt:01a21540-c8f7-76fa-b641-200d05fe3638:1:mall	0	-7058177599425671047	2026-11-26 00:07:25.007304+00	2026-11-26 00:28:16.948019+00	2026-11-28 21:00:00+00	2036-11-25 21:00:00+00	system	\N	936	01a21540-c652-70cd-b3a0-f9aedefb0ed8	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c47b-73b5-bf7f-9b2395abd500	\N
01a21540-cb99-706e-8e5e-1ecb6e51199f	01a21540-cb63-716a-ba38-efaf67d95af6	141	points	reverse	receipt	01a21540-c569-75c1-af7a-adab3b3c02ba	return	receipt:01a21540-c569-75c1-af7a-adab3b3c02ba:2:tenant	0	-6502684914157016107	2026-11-25 20:41:40.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c61d-7597-b02d-b38cb953ce28
01a21540-cb99-706e-8e5e-1eccafd6d609	01a21540-cb63-716a-ba38-efaf67d95af6	49	points	reverse	receipt	01a21540-c569-75c1-af7a-adab3b3c02ba	return	receipt:01a21540-c569-75c1-af7a-adab3b3c02ba:2:mall	0	-1148504826753651813	2026-11-25 20:41:40.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c61d-7597-b02d-b38df7c5b1cf
01a21540-cb99-706e-8e5e-1ecd6fa955be	01a21540-cb63-716a-ba38-efb16a3d7288	98	points	reverse	receipt	01a21540-c569-75c1-af7a-adae50368dab	return	receipt:01a21540-c569-75c1-af7a-adae50368dab:2:tenant	0	-1334782188512277943	2026-11-25 20:30:15.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c652-70cd-b3a0-f9b1d3e50cab	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c61d-7597-b02d-b392524a5871
01a21540-cb99-706e-8e5e-1ece8b77813a	01a21540-cb63-716a-ba38-efb2665edf0b	1	points	reverse	receipt	01a21540-c569-75c1-af7a-adafc900a5c4	return	receipt:01a21540-c569-75c1-af7a-adafc900a5c4:2:mall	0	2091008485606792088	2026-11-25 22:19:57.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c614-75b9-a590-0b3a068aaa51	01a21540-c652-70cd-b3a0-f9af7ca2abd5	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c61d-7597-b02d-b395c35cad41
01a21540-cb99-706e-8e5e-1ecf084bb3db	01a21540-cb63-716a-ba38-efb36de2c143	207	points	reverse	receipt	01a21540-c8e8-730e-b023-834f6aed76f3	return	receipt:01a21540-c8e8-730e-b023-834f6aed76f3:2:tenant	0	-4072880067282885689	2026-11-26 00:05:57.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c98b-748a-bf51-73b57d39bd5a
01a21540-cb99-706e-8e5e-1ed0fa205eee	01a21540-cb63-716a-ba38-efb36de2c143	89	points	reverse	receipt	01a21540-c8e8-730e-b023-834f6aed76f3	return	receipt:01a21540-c8e8-730e-b023-834f6aed76f3:2:mall	0	-8142378140988943866	2026-11-26 00:05:57.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c60a-72e9-9adb-2881780c627a	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c98b-748a-bf51-73b640fbfd4d
01a21540-cb99-706e-8e5e-1ed164d2a4ba	01a21540-cb63-716a-ba38-efb53751a2ec	80	points	reverse	receipt	01a21540-c8f7-76fa-b641-200b37ab1186	return	receipt:01a21540-c8f7-76fa-b641-200b37ab1186:2:tenant	0	2497901612249257157	2026-11-26 00:08:26.007304+00	2026-11-26 00:28:17.317792+00	\N	\N	system	\N	937	01a21540-c615-7629-9e1d-230bf8bd2f06	01a21540-c652-70cd-b3a0-f9ad934d9923	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c98c-77ba-8b32-405e5cc37843
\.
COPY public.ledger_wallet (account_id, unit, balance, held, owed, member_id) FROM stdin;
01a21540-c652-70cd-b3a0-f9aedefb0ed8	points	1456	0	0	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c652-70cd-b3a0-f9b0ea6979a7	points	538	0	0	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c652-70cd-b3a0-f9ace90a2554	points	1097	0	0	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c652-70cd-b3a0-f9af7ca2abd5	points	731	0	0	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c652-70cd-b3a0-f9b1d3e50cab	points	831	0	0	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c652-70cd-b3a0-f9ad934d9923	points	2117	0	0	01a21540-c47b-73b5-bf7f-9b246537fcb6
\.
COPY public.loyalty_assessment (revision, business_day, tier_code, reason, tenant_points, mall_points, bonus_points, explanation, assessed_at, member_id, receipt_id) FROM stdin;
1	2026-11-25	member	earned	280	45	0	[["tea", 1, [1], 11694, 175, 175], ["base", 1, [2], 15028, 150, 105]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c55e-7626-86a4-9ec1e5056290
1	2026-11-25	member	earned	173	25	0	[["tea", 1, [1, 4], 7747, 116, 116], ["base", 1, [2, 3], 8281, 82, 57]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c569-75c1-af7a-ada95e22ff0e
1	2026-11-25	member	earned	487	47	0	[["tea", 1, [2, 4], 25180, 377, 377], ["base", 1, [3], 15774, 157, 110]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c569-75c1-af7a-adaa9712a203
1	2026-11-25	member	earned	141	49	0	[["base", 1, [1], 16534, 165, 116], ["tea", 1, [2, 3], 1670, 25, 25]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c569-75c1-af7a-adab3b3c02ba
1	2026-11-25	member	earned	25	10	0	[["base", 1, [1], 3549, 35, 25]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c569-75c1-af7a-adac6e92634d
1	2026-11-25	member	earned	301	129	0	[["base", 1, [1, 2, 3], 43024, 430, 301]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b25cafb8981	01a21540-c569-75c1-af7a-adad4143a6b9
1	2026-11-25	member	earned	156	19	0	[["tea", 1, [1, 4], 7566, 113, 113], ["base", 1, [3], 6243, 62, 43]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c569-75c1-af7a-adae50368dab
1	2026-11-25	member	earned	246	106	0	[["base", 1, [1, 2, 3, 4], 35250, 352, 246]]	2026-11-26 00:28:16.246453+00	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c569-75c1-af7a-adafc900a5c4
2	2026-11-25	member	returned	0	0	0	[["tea", 1, [1], 0, 0, 0], ["base", 1, [2], 0, 0, 0]]	2026-11-26 00:28:16.687518+00	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c55e-7626-86a4-9ec1e5056290
1	2026-11-25	member	earned	358	67	0	[["base", 1, [1, 3], 22206, 222, 155], ["tea", 1, [4], 13539, 203, 203]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c8e7-743e-99c7-911807f92ec2
1	2026-11-25	member	earned	188	49	0	[["tea", 1, [1, 2], 5030, 75, 75], ["base", 1, [3], 16286, 162, 113]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c8e8-730e-b023-8347067a1dec
1	2026-11-25	member	earned	406	14	0	[["base", 1, [1], 4702, 47, 33], ["tea", 1, [2, 3, 4], 24894, 373, 373]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c8e8-730e-b023-8348b75aba29
1	2026-11-25	member	earned	111	0	0	[["tea", 1, [1], 7447, 111, 111]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c8e8-730e-b023-8349c9b9246f
1	2026-11-26	member	earned	332	0	0	[["tea", 1, [1, 2], 22134, 332, 332]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-834ac2c9bb12
1	2026-11-26	member	earned	469	0	0	[["tea", 1, [1, 3], 31302, 469, 469]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c8e8-730e-b023-834b0a623f13
1	2026-11-26	member	earned	137	23	0	[["tea", 1, [1], 5472, 82, 82], ["base", 1, [2], 7887, 78, 55]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-834c91d270d0
1	2026-11-26	member	earned	302	101	0	[["tea", 1, [1], 4513, 67, 67], ["base", 1, [2, 3, 4], 33680, 336, 235]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-834dc5b1cc31
1	2026-11-26	member	earned	108	0	0	[["tea", 1, [1], 7240, 108, 108]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b25cafb8981	01a21540-c8e8-730e-b023-834e68528d1e
1	2026-11-26	member	earned	207	89	0	[["base", 1, [1, 2, 3], 29645, 296, 207]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-834f6aed76f3
1	2026-11-26	member	earned	380	0	0	[["tea", 1, [1, 2, 3, 4], 25397, 380, 380]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c8e8-730e-b023-8350c99865e6
1	2026-11-26	member	earned	110	47	0	[["base", 1, [1], 15774, 157, 110]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-8351a6347422
1	2026-11-26	member	earned	45	19	0	[["base", 1, [1, 2], 6410, 64, 45]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c8e8-730e-b023-8352caf79d7f
1	2026-11-26	member	earned	400	45	0	[["tea", 1, [1, 3], 19698, 295, 295], ["base", 1, [2], 15028, 150, 105]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-8353e0f94a38
1	2026-11-26	member	earned	59	13	0	[["tea", 1, [1], 1953, 29, 29], ["base", 1, [2], 4329, 43, 30]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c8e8-730e-b023-8354686b0379
1	2026-11-26	member	earned	126	0	0	[["tea", 1, [1, 3], 8411, 126, 126]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c8e8-730e-b023-835525b46ed3
1	2026-11-26	member	earned	556	57	0	[["tea", 1, [1, 2, 4], 28156, 422, 422], ["base", 1, [3], 19107, 191, 134]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c8e8-730e-b023-8356e2780d8c
1	2026-11-26	member	earned	19	0	0	[["tea", 1, [1], 1302, 19, 19]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c8e9-7231-9c97-f6f4a620ec46
1	2026-11-26	member	earned	14	6	0	[["base", 1, [1], 2081, 20, 14]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c8e9-7231-9c97-f6f5a9e32945
1	2026-11-26	\N	no_member	0	0	0	[]	2026-11-26 00:28:17.132581+00	\N	01a21540-c8f7-76fa-b641-2008dc301cdb
1	2026-11-26	\N	no_member	0	0	0	[]	2026-11-26 00:28:17.132581+00	\N	01a21540-c8f7-76fa-b641-2009d5b6e7d3
1	2026-11-26	member	earned	77	21	0	[["tea", 1, [1], 1824, 27, 27], ["base", 1, [2], 7178, 71, 50]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8f7-76fa-b641-200a6bb25877
1	2026-11-26	member	earned	80	0	0	[["tea", 1, [1], 5350, 80, 80]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8f7-76fa-b641-200b37ab1186
1	2026-11-26	member	earned	285	4	0	[["tea", 1, [1, 3, 4], 18515, 277, 277], ["base", 1, [2], 1228, 12, 8]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8f7-76fa-b641-200c4746407b
1	2026-11-26	member	earned	171	26	0	[["base", 1, [1], 8658, 86, 60], ["tea", 1, [2], 7447, 111, 111]]	2026-11-26 00:28:17.132581+00	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c8f7-76fa-b641-200d05fe3638
2	2026-11-25	member	returned	0	0	0	[["base", 1, [1], 0, 0, 0], ["tea", 1, [2, 3], 0, 0, 0]]	2026-11-26 00:28:17.617046+00	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c569-75c1-af7a-adab3b3c02ba
2	2026-11-25	member	earned	58	19	0	[["tea", 1, [1], 1030, 15, 15], ["base", 1, [3], 6243, 62, 43]]	2026-11-26 00:28:17.617046+00	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c569-75c1-af7a-adae50368dab
2	2026-11-25	member	earned	246	105	0	[["base", 1, [1, 2, 3, 4], 35119, 351, 246]]	2026-11-26 00:28:17.617046+00	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c569-75c1-af7a-adafc900a5c4
2	2026-11-26	member	returned	0	0	0	[["base", 1, [1, 2, 3], 0, 0, 0]]	2026-11-26 00:28:17.617046+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8e8-730e-b023-834f6aed76f3
2	2026-11-26	member	returned	0	0	0	[["tea", 1, [1], 0, 0, 0]]	2026-11-26 00:28:17.617046+00	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c8f7-76fa-b641-200b37ab1186
\.
COPY public.loyalty_earningrule (name_en, name_zh, id, code, version, starts_at, ends_at, points, per_minor, tenant_share_bp, category_id, store_id, trade_category_id, programme_id) FROM stdin;
base		01a21540-c42e-71e4-836b-335c23e5116c	base	1	2015-01-01 00:00:00+00	\N	1	100	7000	\N	\N	\N	01a21540-c3c6-76b7-ae09-eda786da3432
tea		01a21540-c468-75c0-98b3-895b8a4b5804	tea	1	2015-01-01 00:00:00+00	\N	3	200	10000	01a21540-be33-7382-916c-a88cba8f52bc	\N	\N	01a21540-c3c6-76b7-ae09-eda786da3432
\.
COPY public.loyalty_programme (name_en, name_zh, id, code, currency, maturing_days, expiry_months, point_cost_micro) FROM stdin;
Drill	演练	01a21540-c3c6-76b7-ae09-eda786da3432	drill	CNY	3	120	1000000
\.
COPY public.loyalty_tier (name_en, name_zh, id, code, rank, spend_minor, visits, bonus_bp, programme_id) FROM stdin;
member		01a21540-c3cc-733d-8977-b440321c4de1	member	1	0	0	0	01a21540-c3c6-76b7-ae09-eda786da3432
silver		01a21540-c3cc-733d-8977-b4412f953fd3	silver	2	60000	3	2500	01a21540-c3c6-76b7-ae09-eda786da3432
gold		01a21540-c3cf-7308-889e-7deb89afd982	gold	3	240000	8	10000	01a21540-c3c6-76b7-ae09-eda786da3432
\.
COPY public.mail_mail (id, kind, personal_of, content, status, attempts, next_try_at, leased_until, queued_at, sent_at, last_error) FROM stdin;
\.
COPY public.malls_brand (name_en, name_zh, origin, id, code, tenant_id) FROM stdin;
\.
COPY public.malls_floor (name_en, name_zh, origin, id, code, level, mall_id) FROM stdin;
\.
COPY public.malls_group (name_en, name_zh, origin, id, code) FROM stdin;
Drill		staff	01a21540-c04f-7757-927b-7e9069d37aea	DRILL
\.
COPY public.malls_lease (origin, id, starts_on, ends_on, kind, area_dm2, base_rent_minor, percentage_bp, store_id, tenant_id, unit_id) FROM stdin;
\.
COPY public.malls_mall (name_en, name_zh, origin, id, code, time_zone, currency, business_day_cutoff_hour, address_en, address_zh, opened_on, closed_on, group_id) FROM stdin;
Mall 0		staff	01a21540-c19b-738b-8a77-ba1d3c61588a	DM0	Asia/Shanghai	CNY	5			\N	\N	01a21540-c04f-7757-927b-7e9069d37aea
Mall 1		staff	01a21540-c19c-714f-8a3e-fd81c6cb6710	DM1	Asia/Shanghai	CNY	5			\N	\N	01a21540-c04f-7757-927b-7e9069d37aea
\.
COPY public.malls_store (name_en, name_zh, origin, id, code, opened_on, closed_on, brand_id, mall_id, tenant_id, trade_category_id, unit_id) FROM stdin;
Store 0		staff	01a21540-c341-7462-b714-06a0495e3641	DS0	\N	\N	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c265-77b7-807c-1cf9118cd4c6	01a21540-c21f-779f-b1c4-5ef310d36f47	\N
Store 1		staff	01a21540-c341-7462-b714-06a129467dbe	DS1	\N	\N	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c265-77b7-807c-1cf9118cd4c6	01a21540-c21f-779f-b1c4-5ef310d36f47	\N
\.
COPY public.malls_tenant (name_en, name_zh, origin, id, code, status) FROM stdin;
Tenant 0		staff	01a21540-c265-77b7-807c-1cf9118cd4c6	DT0	active
Tenant 1		staff	01a21540-c265-77b7-807c-1cfa3796b711	DT1	active
\.
COPY public.malls_tradecategory (name_en, name_zh, origin, id, code, parent_id) FROM stdin;
Food		staff	01a21540-c21f-779f-b1c4-5ef310d36f47	DFOOD	\N
\.
COPY public.malls_unit (origin, id, code, area_dm2, geometry, floor_id) FROM stdin;
\.
COPY public.members_consent (id, purpose, channel, is_granted, occurred_at, recorded_at, source, proof_sealed, origin, member_id) FROM stdin;
\.
COPY public.members_identity (id, kind, value_sealed, blind_full, blind_last_four, verified_at, origin, created_at, closed_at, member_id) FROM stdin;
01a21540-c4d0-731f-a95e-86f8ef0813c5	phone	\\x014e5d020a3788def8c27b3e17bdcab18ccf5353040e1dd1cb20563f1e5fc811a70313db5c99b6373975bd	\\x0e3b51c3186553a3e0f0491fd3fc62338d86697be9efe784ecaf301f612fea3c	\\x8cad266df9bd2e760cc020abf0799023b987dfb1071b8348fb9bf3a654d73762	\N	import	2026-11-26 00:28:15.86781+00	\N	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c4dc-7402-8541-0dc4381579f5	phone	\\x01eebd336864c3e72ac78b216058e0c439c71f223f713b84c1caa4f57eb13c78e7ba73bf8d4d79175ff35d	\\xce59ca25313de5597948d655b2c57ca8c976f34ed6064a7309303831733264bf	\\x997d3f764fd6d4a0095082fa935a6d4175bd7f0e22843978a68a6a9163735309	\N	import	2026-11-26 00:28:15.86781+00	\N	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c4dc-7402-8541-0dc5bdc1a304	phone	\\x01374f7208866c101f9f5450e9bd43f52ee28f6626adfb2cca737e812bf4feebc36a71c02fb405486131b4	\\xf069de99a38d043b98e9b32217f97a1413d827efb5b3eb2757cae1b933ae77b7	\\xe3311d7f40e3ae0432f6734655c5256bee1a472343b8b48c3799bbaaeeed0fe2	\N	import	2026-11-26 00:28:15.86781+00	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c4dc-7402-8541-0dc6228fab0d	phone	\\x016f822ae8977926ef263c46e1c380e888aa9645a931459444dd7d2231d885afe8b295256aa811b8df3586	\\xe49a3b03eeff713a9d3b0eec809b689df7721c06ed5e5808b575dc0b389183aa	\\xe370c26d5ae556376e6b4bd06b5a9ef7578b3d83b2affcb4406e7e191014670f	\N	import	2026-11-26 00:28:15.86781+00	\N	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c4dc-7402-8541-0dc7bcb17ab6	phone	\\x01f9af89805ab987266503ef3f4c699cdc46a6f5b528fa2ca90be39d83d5a87aa40046257e4c071f595be8	\\x0fbe14aff28c73cb0572e7a842ec50bad3fc60dafcba0e96f7b2cab69ab4f82f	\\x5ad5ac409d2bc2ddc1631b62c229721a585d245538081ec3eb8d044c2ab6c337	\N	import	2026-11-26 00:28:15.86781+00	\N	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c4dc-7402-8541-0dc8627deb8f	phone	\\x019fa123cc8ad5332f322b3a1c1970c61c8dee6ba6d1fda28942cf478e504db0984d6554e8beb62e2677cd	\\x37c1f6d01782e000f4627cd5926f9c02cf146171659b939f3e5a053832507ae4	\\xe7790c2dbfe6b44714a53ba5a512f801ee2dbc8588f0d571f37c5161f19e5dda	\N	import	2026-11-26 00:28:15.86781+00	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-cc2b-76bc-b281-1d3c2ae2ca6f	phone	\\x010875718b4d1270a8dea16602161a0a1fd67231b872e694b164c46035dc30665a5a816938245c576e7d02	\\x706bf9099260e2c9b656cc196d91963b1b3ebe507c0a8086afa7af5fc18ada6a	\\x997d3f764fd6d4a0095082fa935a6d4175bd7f0e22843978a68a6a9163735309	\N	import	2026-11-26 00:28:17.798204+00	\N	01a21540-cc06-73cc-b464-ca9490fde53c
01a21540-cca2-77a4-a1d3-51fd288c170a	phone	\N	\N	\N	\N	import	2026-11-26 00:28:17.93146+00	2026-11-26 00:28:18.107557+00	01a21540-cc8b-73ef-b7d8-0ed8b3eefe24
\.
COPY public.members_member (id, number, status, joined_at, language, profile_sealed, origin, created_at, recorded_at, closed_at, enrolled_mall_id, enrolled_store_id, merged_into_id) FROM stdin;
01a21540-c47b-73b5-bf7f-9b2297130bf6	M00000018	open	2016-01-01 00:00:00+00	zh-hans	\\x018a3010edd6481cf58636ecf566a676fb1bd5d6fe2a906f81ca85aa544272d63d0e1dba61fabf04cd21cd8ff930e59388c9c5929e4696f47cc25101ad0dc9c4ec82ad89487aa9abe081db77c070b34c371fa72910d75a567d4a94b6ef71dc216622df6fccf04641a36beedf30684b5c	import	2026-11-26 00:28:15.86781+00	2026-11-26 00:28:15.86781+00	\N	\N	\N	\N
01a21540-c47b-73b5-bf7f-9b2395abd500	M00000026	open	2016-01-01 00:00:00+00	zh-hans	\\x011a01c97407fded1f0387bf248dda07203a29f54782eed0e5a98c466e4cb0c0110bff7757807de943e9f739dfcd8b9830d56f3d6c76cfbe93ece500ae7046f9cb6a1705ca0fe7388498d7a672fa89836c24fb8df92315a5374927801c324d946bfb5b3d6adcf11b6d551c670b3940ad	import	2026-11-26 00:28:15.86781+00	2026-11-26 00:28:15.86781+00	\N	\N	\N	\N
01a21540-c47b-73b5-bf7f-9b246537fcb6	M00000034	open	2016-01-01 00:00:00+00	zh-hans	\\x01a9399cdb7a97defe7d6e2735712c16ee4a58dd54bcceb307d803cdc5c5a87c627348bb14ba89bd8ad0f6fcc984a4b0012f6cd806cf34a24c21192813e01e29b8490f794a400c6fbf388c8ffce174160d92af397c2ac09a051c173a0a835a9c53805fe0b4a50a9942c51ed05368e6b8	import	2026-11-26 00:28:15.86781+00	2026-11-26 00:28:15.86781+00	\N	\N	\N	\N
01a21540-c47b-73b5-bf7f-9b25cafb8981	M00000042	open	2016-01-01 00:00:00+00	zh-hans	\\x013d2eea81f021e7e9398ab2074cecf31b1e95f15da29759bc6a79fd4bc31867ee127deaa56d86f74c7cc1415b2af3d7acdc1ff7f55a5c7ea39fc73ccbcba8f8dda2ab3008a51c00d6562cedcf238cd8c071aca9f3ee2e3b9801c4a43fdf38ef15c65c91a6eb704358162c4dd4bdeb75	import	2026-11-26 00:28:15.86781+00	2026-11-26 00:28:15.86781+00	\N	\N	\N	\N
01a21540-c47b-73b5-bf7f-9b263c71dcca	M00000059	open	2016-01-01 00:00:00+00	zh-hans	\\x0183af4844affa43ded993c6e5ad937f1a327ee40db983af4b9af64ff8ff625b31ed18ee79b7a9a0280a1219d03a325416312019330686e095ec3e6bd583e8d3d6bcaf49d40aca0e8e2c0ebf34cdee6c6adcffe3ab3b3297e3babd884029fce2c554280739f8bc3b4f180d638db96930	import	2026-11-26 00:28:15.86781+00	2026-11-26 00:28:15.86781+00	\N	\N	\N	\N
01a21540-c47b-73b5-bf7f-9b27fb681a9c	M00000067	open	2016-01-01 00:00:00+00	zh-hans	\\x01b61ee94115ae5b026e6418ab74eddd290158037da2d70762daa67fe798ee692610b1fb1f605cccc21b30066a5f48daf7a4ad8e153fc899638f1a3ad50d10a87659e6102af8287f8b7ef37c0ec32b4e9362ef0ad0c06efe6fc70da9397dec02ee1b9249fca7b26d76685860256897ff	import	2026-11-26 00:28:15.86781+00	2026-11-26 00:28:15.86781+00	\N	\N	\N	\N
01a21540-cc06-73cc-b464-ca9490fde53c	M00000075	open	2026-11-26 00:28:17.796072+00	zh-hans	\\x01bca2d5d16e6e6c7b7c17b5103516c072c33f7135331bbd0b3e62659bdb8d211b500ab87147cdba582703fea1d72338720534b467c6cca4d216620677bd7b73421f5a1a51a4e028a2364542c9c4927b8b0c4a6af5bc6d4edd15386e62afe96e64a9782c70e676797ca8e3f24575d95443	import	2026-11-26 00:28:17.798204+00	2026-11-26 00:28:17.798204+00	\N	\N	\N	\N
01a21540-cc8b-73ef-b7d8-0ed8b3eefe24	M00000083	erased	2026-11-26 00:28:17.931247+00	zh-hans	\N	import	2026-11-26 00:28:17.93146+00	2026-11-26 00:28:17.93146+00	2026-11-26 00:28:18.107557+00	\N	\N	\N
\.
COPY public.members_memberpresence (id, first_at, last_at, receipts, member_id, store_id) FROM stdin;
01a21540-c672-7204-9d40-4c2a5759d985	2026-11-25 19:45:15.007304+00	2026-11-25 19:45:15.007304+00	1	01a21540-c47b-73b5-bf7f-9b25cafb8981	01a21540-c341-7462-b714-06a0495e3641
01a21540-c672-7204-9d40-4c2b39ade491	2026-11-25 19:22:24.007304+00	2026-11-25 19:22:24.007304+00	1	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c341-7462-b714-06a0495e3641
01a21540-c9d4-7454-8fe1-68114f5bac3f	2026-11-25 20:00:08.007304+00	2026-11-25 22:23:22.007304+00	2	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c341-7462-b714-06a0495e3641
01a21540-c672-7204-9d40-4c260302fff8	2026-11-25 06:09:16.007304+00	2026-11-25 23:09:34.007304+00	2	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c341-7462-b714-06a129467dbe
01a21540-c9d4-7454-8fe1-6813b5ce9776	2026-11-25 23:18:21.007304+00	2026-11-26 00:07:25.007304+00	2	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a0495e3641
01a21540-c672-7204-9d40-4c270ff5eb4b	2026-11-25 18:41:34.007304+00	2026-11-25 21:42:02.007304+00	3	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a129467dbe
01a21540-c672-7204-9d40-4c28bc1f8d3a	2026-11-25 18:27:15.007304+00	2026-11-26 00:04:31.007304+00	6	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641
01a21540-c672-7204-9d40-4c2933bee9ac	2026-11-25 19:43:37.007304+00	2026-11-25 23:56:03.007304+00	5	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a129467dbe
01a21540-c9d4-7454-8fe1-681768a14d48	2026-11-25 22:04:59.007304+00	2026-11-25 22:04:59.007304+00	1	01a21540-c47b-73b5-bf7f-9b25cafb8981	01a21540-c341-7462-b714-06a129467dbe
01a21540-c672-7204-9d40-4c2ca3d2dd63	2026-11-25 19:52:00.007304+00	2026-11-25 22:11:42.007304+00	2	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c341-7462-b714-06a129467dbe
01a21540-c672-7204-9d40-4c2d7feada78	2026-11-25 19:51:17.007304+00	2026-11-25 22:34:24.007304+00	4	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a0495e3641
01a21540-c9d4-7454-8fe1-681a254785c8	2026-11-25 22:33:34.007304+00	2026-11-25 23:33:14.007304+00	2	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a129467dbe
\.
COPY public.members_membersearch (member_id, terms, birth_month, birth_day) FROM stdin;
01a21540-c47b-73b5-bf7f-9b2297130bf6	'0' 'member'	\N	\N
01a21540-c47b-73b5-bf7f-9b2395abd500	'1' 'member'	\N	\N
01a21540-c47b-73b5-bf7f-9b246537fcb6	'2' 'member'	\N	\N
01a21540-c47b-73b5-bf7f-9b25cafb8981	'3' 'member'	\N	\N
01a21540-c47b-73b5-bf7f-9b263c71dcca	'4' 'member'	\N	\N
01a21540-c47b-73b5-bf7f-9b27fb681a9c	'5' 'member'	\N	\N
01a21540-cc06-73cc-b464-ca9490fde53c	'小' '小鸭' '王' '王小' '鸭'	\N	\N
\.
COPY public.members_membertag (id, origin, tagged_at, member_id, tag_id) FROM stdin;
\.
COPY public.members_note (id, body_sealed, origin, written_at, author_id, member_id) FROM stdin;
\.
COPY public.members_tag (name_en, name_zh, id, code, created_at) FROM stdin;
\.
COPY public.outbox_cursor (name, after_transaction, after_id, failures, retry_at, last_error, moved_at) FROM stdin;
\.
COPY public.outbox_event (id, transaction_id, recorded_at, name, subject_id, payload, actor_kind, actor_id, request_id) FROM stdin;
01a21540-c4fd-74a7-9bda-6e14bc2fc440	933	2026-11-26 00:28:15.997548+00	members.member_enrolled	01a21540-c47b-73b5-bf7f-9b2297130bf6	{"mall_id": null, "store_id": null}	system	\N	
01a21540-c4fd-74a7-9bda-6e1540ecb1d9	933	2026-11-26 00:28:15.997548+00	members.member_enrolled	01a21540-c47b-73b5-bf7f-9b2395abd500	{"mall_id": null, "store_id": null}	system	\N	
01a21540-c4fd-74a7-9bda-6e166f06c723	933	2026-11-26 00:28:15.997548+00	members.member_enrolled	01a21540-c47b-73b5-bf7f-9b246537fcb6	{"mall_id": null, "store_id": null}	system	\N	
01a21540-c4fd-74a7-9bda-6e179fc19cc3	933	2026-11-26 00:28:15.997548+00	members.member_enrolled	01a21540-c47b-73b5-bf7f-9b25cafb8981	{"mall_id": null, "store_id": null}	system	\N	
01a21540-c4fd-74a7-9bda-6e18b4c0f083	933	2026-11-26 00:28:15.997548+00	members.member_enrolled	01a21540-c47b-73b5-bf7f-9b263c71dcca	{"mall_id": null, "store_id": null}	system	\N	
01a21540-c503-743e-8b84-1fb932e44ac0	933	2026-11-26 00:28:15.997548+00	members.member_enrolled	01a21540-c47b-73b5-bf7f-9b27fb681a9c	{"mall_id": null, "store_id": null}	system	\N	
01a21540-c687-76c7-b405-7510daedf676	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c55e-7626-86a4-9ec1e5056290	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b2297130bf6", "net_minor": 26722, "business_day": "2026-11-25"}	system	\N	
01a21540-c687-76c7-b405-751132c7f9e8	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-ada95e22ff0e	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 16028, "business_day": "2026-11-25"}	system	\N	
01a21540-c687-76c7-b405-75128c5f703f	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-adaa9712a203	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b2395abd500", "net_minor": 60139, "business_day": "2026-11-25"}	system	\N	
01a21540-c687-76c7-b405-75134867d8e2	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-adab3b3c02ba	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b263c71dcca", "net_minor": 18204, "business_day": "2026-11-25"}	system	\N	
01a21540-c687-76c7-b405-751423bf11d6	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-adac6e92634d	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 22734, "business_day": "2026-11-25"}	system	\N	
01a21540-c689-71d6-a90f-7ca650b94976	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-adad4143a6b9	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b25cafb8981", "net_minor": 43024, "business_day": "2026-11-25"}	system	\N	
01a21540-c689-71d6-a90f-7ca7e1984a46	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-adae50368dab	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "net_minor": 26599, "business_day": "2026-11-25"}	system	\N	
01a21540-c689-71d6-a90f-7ca82b8f81ae	934	2026-11-26 00:28:16.391667+00	sales.receipt_recorded	01a21540-c569-75c1-af7a-adafc900a5c4	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b263c71dcca", "net_minor": 35250, "business_day": "2026-11-25"}	system	\N	
01a21540-c81d-73ae-bc12-0201aa5a301c	935	2026-11-26 00:28:16.79712+00	sales.return_recorded	01a21540-c75b-72e1-bc11-44d6ffa09011	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b2297130bf6", "receipt_id": "01a21540-c55e-7626-86a4-9ec1e5056290", "business_day": "2026-11-25", "refund_minor": 26722}	system	\N	
01a21540-c9e3-706e-a394-0be7b5bd419d	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e7-743e-99c7-911807f92ec2	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "net_minor": 46839, "business_day": "2026-11-25"}	system	\N	
01a21540-c9e4-76c0-870f-6d7e1d37f0dd	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8347067a1dec	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b2395abd500", "net_minor": 21316, "business_day": "2026-11-25"}	system	\N	
01a21540-c9e4-76c0-870f-6d7f26ef3333	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8348b75aba29	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b2297130bf6", "net_minor": 29596, "business_day": "2026-11-25"}	system	\N	
01a21540-c9e4-76c0-870f-6d80afdeced0	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8349c9b9246f	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "net_minor": 7447, "business_day": "2026-11-25"}	system	\N	
01a21540-c9e4-76c0-870f-6d8131f50e76	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-834ac2c9bb12	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 22134, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e5-778d-a46f-892a40e17c6f	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-834b0a623f13	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b2395abd500", "net_minor": 44092, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83cac32be458	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-834c91d270d0	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 13359, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83cb1f1b6224	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-834dc5b1cc31	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 38193, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83cc85da6995	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-834e68528d1e	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b25cafb8981", "net_minor": 7240, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83cd97ae1e4f	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-834f6aed76f3	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 29645, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83ce7f111280	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8350c99865e6	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b263c71dcca", "net_minor": 25397, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83cf3ed34e03	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8351a6347422	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 15774, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d0c80f61f9	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8352caf79d7f	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b2297130bf6", "net_minor": 6410, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d1365eeb77	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8353e0f94a38	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 34726, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d268760c25	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8354686b0379	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "net_minor": 6282, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d3b5df5bbc	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-835525b46ed3	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "net_minor": 15807, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d4a2c1356c	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e8-730e-b023-8356e2780d8c	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b2297130bf6", "net_minor": 47263, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d54f5ebeac	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e9-7231-9c97-f6f4a620ec46	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b2395abd500", "net_minor": 1302, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d687df406e	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8e9-7231-9c97-f6f5a9e32945	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "net_minor": 2081, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d751f9169a	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8f7-76fa-b641-2008dc301cdb	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": null, "net_minor": 16340, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d89cb8797f	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8f7-76fa-b641-2009d5b6e7d3	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": null, "net_minor": 19056, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83d99fe127e6	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8f7-76fa-b641-200a6bb25877	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 9002, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83daed8c77d6	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8f7-76fa-b641-200b37ab1186	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 5350, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83db52cf31e3	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8f7-76fa-b641-200c4746407b	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "net_minor": 19743, "business_day": "2026-11-26"}	system	\N	
01a21540-c9e6-73a1-b6f4-83dc84842e3a	936	2026-11-26 00:28:17.251932+00	sales.receipt_recorded	01a21540-c8f7-76fa-b641-200d05fe3638	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b2395abd500", "net_minor": 16105, "business_day": "2026-11-26"}	system	\N	
01a21540-cbc7-7576-ad23-b552a6fb8e35	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-caaf-75cb-bdf3-623360e4d6fa	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b27fb681a9c", "receipt_id": "01a21540-c569-75c1-af7a-adae50368dab", "business_day": "2026-11-25", "refund_minor": 6536}	system	\N	
01a21540-cbc7-7576-ad23-b553538c53b1	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-caaf-75cb-bdf3-6234420b76cf	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b263c71dcca", "receipt_id": "01a21540-c569-75c1-af7a-adab3b3c02ba", "business_day": "2026-11-25", "refund_minor": 18204}	system	\N	
01a21540-cbc7-7576-ad23-b554364ae2f2	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-caaf-75cb-bdf3-62356ea23aaa	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": "01a21540-c47b-73b5-bf7f-9b263c71dcca", "receipt_id": "01a21540-c569-75c1-af7a-adafc900a5c4", "business_day": "2026-11-26", "refund_minor": 131}	system	\N	
01a21540-cbc7-7576-ad23-b5558a19fafb	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-cab0-7142-ae31-ee3c969bde82	{"store_id": "01a21540-c341-7462-b714-06a129467dbe", "member_id": null, "receipt_id": "01a21540-c8f7-76fa-b641-2008dc301cdb", "business_day": "2026-11-26", "refund_minor": 15774}	system	\N	
01a21540-cbc7-7576-ad23-b556730b0f54	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-cab0-7142-ae31-ee3d3c794296	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "receipt_id": "01a21540-c8e8-730e-b023-834f6aed76f3", "business_day": "2026-11-26", "refund_minor": 29645}	system	\N	
01a21540-cbd3-7234-959f-0a54ca05fdd7	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-cab0-7142-ae31-ee3e70a8919e	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": "01a21540-c47b-73b5-bf7f-9b246537fcb6", "receipt_id": "01a21540-c8f7-76fa-b641-200b37ab1186", "business_day": "2026-11-26", "refund_minor": 5350}	system	\N	
01a21540-cbd3-7234-959f-0a553a86be04	937	2026-11-26 00:28:17.735003+00	sales.return_recorded	01a21540-cab0-7142-ae31-ee3f09ebe5c8	{"store_id": "01a21540-c341-7462-b714-06a0495e3641", "member_id": null, "receipt_id": "01a21540-c8f7-76fa-b641-2009d5b6e7d3", "business_day": "2026-11-26", "refund_minor": 4162}	system	\N	
01a21540-cc79-76e0-ad29-e0701c268d57	938	2026-11-26 00:28:17.913065+00	members.member_enrolled	01a21540-cc06-73cc-b464-ca9490fde53c	{"mall_id": null, "store_id": null}	system	\N	
01a21540-ccf5-706f-8791-3e7412810809	939	2026-11-26 00:28:18.037703+00	members.member_enrolled	01a21540-cc8b-73ef-b7d8-0ed8b3eefe24	{"mall_id": null, "store_id": null}	system	\N	
01a21540-cde6-754e-b1ac-54fe876b656c	940	2026-11-26 00:28:18.278191+00	members.member_erased	01a21540-cc8b-73ef-b7d8-0ed8b3eefe24	{}	system	\N	
\.
COPY public.procrastinate_events (id, job_id, type, at) FROM stdin;
\.
COPY public.procrastinate_jobs (id, queue_name, task_name, lock, args, status, scheduled_at, attempts, queueing_lock, priority, abort_requested, worker_id) FROM stdin;
\.
COPY public.procrastinate_periodic_defers (id, task_name, defer_timestamp, job_id, periodic_id) FROM stdin;
\.
COPY public.procrastinate_workers (id, last_heartbeat) FROM stdin;
\.
COPY public.sales_memberday (business_day, visits, receipts, net_minor, refund_minor, mall_id, member_id) FROM stdin;
2026-11-25	1	1	16028	0	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b246537fcb6
2026-11-25	1	1	22734	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b246537fcb6
2026-11-25	1	1	43024	0	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b25cafb8981
2026-11-25	1	1	35250	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b263c71dcca
2026-11-25	1	1	26722	26722	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2297130bf6
2026-11-25	1	1	29596	0	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b2297130bf6
2026-11-26	1	1	6410	0	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b2297130bf6
2026-11-26	1	1	47263	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2297130bf6
2026-11-25	1	2	81455	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2395abd500
2026-11-26	1	2	17407	0	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b2395abd500
2026-11-26	1	1	44092	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2395abd500
2026-11-26	1	4	72861	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b246537fcb6
2026-11-26	1	1	7240	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b25cafb8981
2026-11-26	1	1	15807	0	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b27fb681a9c
2026-11-26	1	2	8363	0	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b27fb681a9c
2026-11-26	1	5	115065	34995	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b246537fcb6
2026-11-25	1	1	18204	18204	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b263c71dcca
2026-11-26	1	1	25397	131	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b263c71dcca
2026-11-25	1	3	80885	6536	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b27fb681a9c
\.
COPY public.sales_pendingreturn (id, number, receipt_number, occurred_at, recorded_at, lines, fingerprint, source, problem, store_id) FROM stdin;
\.
COPY public.sales_receipt (id, number, occurred_at, recorded_at, business_day, currency, net_minor, discount_minor, eligible_minor, fingerprint, source, actor_kind, actor_id, member_id, store_id, visit_id) FROM stdin;
01a21540-c55e-7626-86a4-9ec1e5056290	R00-000003	2026-11-25 06:09:16.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	26722	0	26722	\\x0213680b623fb275aafcc0715bd56870	api	system	\N	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c56f-76be-bf90-7b9d0c91357e
01a21540-c569-75c1-af7a-ada95e22ff0e	R00-000021	2026-11-25 18:27:15.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	16028	50	16028	\\x9109be3911851e4d62b7418ea3b5f9d2	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c56f-76be-bf90-7b9e4da74972
01a21540-c569-75c1-af7a-adaa9712a203	R00-000012	2026-11-25 18:41:34.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	60139	0	40954	\\xbff20a8cfd5cfe9655016775f0279c61	api	system	\N	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a129467dbe	01a21540-c56f-76be-bf90-7b9f8bf10966
01a21540-c569-75c1-af7a-adab3b3c02ba	R00-000013	2026-11-25 19:22:24.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	18204	0	18204	\\x43a31afc41765714cb233fce60c8002d	api	system	\N	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c341-7462-b714-06a0495e3641	01a21540-c56f-76be-bf90-7ba073b6b321
01a21540-c569-75c1-af7a-adac6e92634d	R00-000022	2026-11-25 19:43:37.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	22734	100	3549	\\x1edfeb55c2ec0d4eaeb266cf4512f546	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c56f-76be-bf90-7ba1da8e8107
01a21540-c569-75c1-af7a-adad4143a6b9	R00-000011	2026-11-25 19:45:15.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	43024	0	43024	\\x1874cc5d82d188069964074baf62f340	api	system	\N	01a21540-c47b-73b5-bf7f-9b25cafb8981	01a21540-c341-7462-b714-06a0495e3641	01a21540-c56f-76be-bf90-7ba2fa759ce1
01a21540-c569-75c1-af7a-adae50368dab	R00-000001	2026-11-25 19:51:17.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	26599	50	13809	\\x88c4010bdd3d0d2ad50c70689f3eb1be	api	system	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a0495e3641	01a21540-c56f-76be-bf90-7ba3bd34eb1b
01a21540-c569-75c1-af7a-adafc900a5c4	R00-000038	2026-11-25 19:52:00.007304+00	2026-11-26 00:28:16.041529+00	2026-11-25	CNY	35250	100	35250	\\xa5c760ec5db0d5ee8fe3ac63d82956a2	api	system	\N	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c341-7462-b714-06a129467dbe	01a21540-c56f-76be-bf90-7ba4f4699ee1
01a21540-c8e7-743e-99c7-911807f92ec2	R00-000010	2026-11-25 19:54:13.007304+00	2026-11-26 00:28:16.948019+00	2026-11-25	CNY	46839	50	35745	\\xa9f84a9d8dd1861e212717b2b38af38e	api	system	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a0495e3641	01a21540-c56f-76be-bf90-7ba3bd34eb1b
01a21540-c8e8-730e-b023-8347067a1dec	R00-000031	2026-11-25 19:59:06.007304+00	2026-11-26 00:28:16.948019+00	2026-11-25	CNY	21316	0	21316	\\xc597dc43407054d89d4ed22d01d107f1	api	system	\N	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a129467dbe	01a21540-c56f-76be-bf90-7b9f8bf10966
01a21540-c8e8-730e-b023-8348b75aba29	R00-000034	2026-11-25 20:00:08.007304+00	2026-11-26 00:28:16.948019+00	2026-11-25	CNY	29596	100	29596	\\x4155168aa1a52b5acfcdc1261e4a4bd3	api	system	\N	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e06c94cb95
01a21540-c8e8-730e-b023-8349c9b9246f	R00-000020	2026-11-25 20:07:29.007304+00	2026-11-26 00:28:16.948019+00	2026-11-25	CNY	7447	0	7447	\\xc4e79ce4737c1e2d514c8c1b55b9a6f0	api	system	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a0495e3641	01a21540-c56f-76be-bf90-7ba3bd34eb1b
01a21540-c8e8-730e-b023-834ac2c9bb12	R00-000036	2026-11-25 21:13:00.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	22134	0	22134	\\xaa61e1284b4cf7acb4797a6a51fecae0	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e15e949b14
01a21540-c8e8-730e-b023-834b0a623f13	R00-000016	2026-11-25 21:42:02.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	44092	100	31302	\\xbfd883766f524a471603b541b87e70c8	api	system	\N	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e2198569ee
01a21540-c8e8-730e-b023-834c91d270d0	R00-000033	2026-11-25 21:43:26.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	13359	0	13359	\\x9c75a1aa34aaa9ce315400f5c48e2076	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e32b26e0b3
01a21540-c8e8-730e-b023-834dc5b1cc31	R00-000025	2026-11-25 21:44:55.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	38193	0	38193	\\xcfd1be6d3cde726e4dc361db5ebd7dcd	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e15e949b14
01a21540-c8e8-730e-b023-834e68528d1e	R00-000037	2026-11-25 22:04:59.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	7240	0	7240	\\x771662b84fc64d74942531cba2911964	api	system	\N	01a21540-c47b-73b5-bf7f-9b25cafb8981	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e4dd7c598d
01a21540-c8e8-730e-b023-834f6aed76f3	R00-000006	2026-11-25 22:06:15.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	29645	50	29645	\\xfdb526ac870044a5b3d477e7f2a113b4	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e15e949b14
01a21540-c8e8-730e-b023-8350c99865e6	R00-000040	2026-11-25 22:11:42.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	25397	0	25397	\\xa72bc2735c1aa3c32cb51402ba095f1d	api	system	\N	01a21540-c47b-73b5-bf7f-9b263c71dcca	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e57cd0938e
01a21540-c8e8-730e-b023-8351a6347422	R00-000004	2026-11-25 22:13:41.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	15774	50	15774	\\x3ee9829194eded06710c7e6cc002b772	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e32b26e0b3
01a21540-c8e8-730e-b023-8352caf79d7f	R00-000008	2026-11-25 22:23:22.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	6410	0	6410	\\x427deb47bef1679df40f02bedcca7d73	api	system	\N	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e64745dfb1
01a21540-c8e8-730e-b023-8353e0f94a38	R00-000027	2026-11-25 22:31:39.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	34726	50	34726	\\x8a8b4a80817b18ef6b1a70c0878ffa13	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e32b26e0b3
01a21540-c8e8-730e-b023-8354686b0379	R00-000032	2026-11-25 22:33:34.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	6282	50	6282	\\x3cca548a0bbe3c34326862e46e1d768d	api	system	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e7f93da11b
01a21540-c8e8-730e-b023-835525b46ed3	R00-000028	2026-11-25 22:34:24.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	15807	0	8411	\\x4a52194295cb305e2f9a0536641523fe	api	system	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e83a2adfba
01a21540-c8e8-730e-b023-8356e2780d8c	R00-000018	2026-11-25 23:09:34.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	47263	100	47263	\\xa84c1d956cbae6486b20788d6ef28d4e	api	system	\N	01a21540-c47b-73b5-bf7f-9b2297130bf6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e9f55dc339
01a21540-c8e9-7231-9c97-f6f4a620ec46	R00-000030	2026-11-25 23:18:21.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	1302	0	1302	\\x1fb85786ce53c7f6453bd50fb255e4ef	api	system	\N	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9ea1447ad60
01a21540-c8e9-7231-9c97-f6f5a9e32945	R00-000035	2026-11-25 23:33:14.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	2081	0	2081	\\xbdb5ad77ce3625dd53d0914fbc85cb19	api	system	\N	01a21540-c47b-73b5-bf7f-9b27fb681a9c	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e7f93da11b
01a21540-c8f7-76fa-b641-2008dc301cdb	R00-000015	2026-11-25 23:36:28.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	16340	50	16340	\\x15d40e3ee19b0d982078dfa15a6f23bf	api	system	\N	\N	01a21540-c341-7462-b714-06a129467dbe	\N
01a21540-c8f7-76fa-b641-2009d5b6e7d3	R00-000007	2026-11-25 23:52:15.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	19056	100	19056	\\xee5a059803f97f884524541784f1794e	api	system	\N	\N	01a21540-c341-7462-b714-06a0495e3641	\N
01a21540-c8f7-76fa-b641-200a6bb25877	R00-000041	2026-11-25 23:56:03.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	9002	50	9002	\\x9f57b290e36339474cab21ef54c5901d	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a129467dbe	01a21540-c903-72b3-b385-c9e32b26e0b3
01a21540-c8f7-76fa-b641-200b37ab1186	R00-000023	2026-11-25 23:59:55.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	5350	0	5350	\\x7694bf33c7f6c3b8e9c78207fc93beef	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e15e949b14
01a21540-c8f7-76fa-b641-200c4746407b	R00-000005	2026-11-26 00:04:31.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	19743	50	19743	\\x16fc396eeb6e7efd9f9f048c8031fd67	api	system	\N	01a21540-c47b-73b5-bf7f-9b246537fcb6	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9e15e949b14
01a21540-c8f7-76fa-b641-200d05fe3638	R00-000009	2026-11-26 00:07:25.007304+00	2026-11-26 00:28:16.948019+00	2026-11-26	CNY	16105	0	16105	\\x4daeb5f614ffaf8220fef40813e65f85	api	system	\N	01a21540-c47b-73b5-bf7f-9b2395abd500	01a21540-c341-7462-b714-06a0495e3641	01a21540-c903-72b3-b385-c9ea1447ad60
\.
COPY public.sales_receiptline (line_no, sku, name, quantity_milli, amount_minor, discount_minor, restricted, receipt_id, variant_id) FROM stdin;
1	\N		3000	11694	0	\N	01a21540-c55e-7626-86a4-9ec1e5056290	01a21540-bf63-769c-88f6-e18870989150
2	\N		2000	15028	0	\N	01a21540-c55e-7626-86a4-9ec1e5056290	01a21540-bf63-769c-88f6-e17cf2dcfe41
1	\N		1000	300	0	\N	01a21540-c569-75c1-af7a-ada95e22ff0e	01a21540-bf63-769c-88f6-e18e26903cc9
2	\N		3000	7053	50	\N	01a21540-c569-75c1-af7a-ada95e22ff0e	01a21540-bf63-769c-88f6-e1776b472377
3	\N		2000	1228	0	\N	01a21540-c569-75c1-af7a-ada95e22ff0e	01a21540-bf63-769c-88f6-e182eaa6a7dd
4	\N		1000	7447	0	\N	01a21540-c569-75c1-af7a-ada95e22ff0e	01a21540-bf63-769c-88f6-e186e1d9747d
1	\N		3000	19185	0	tobacco	01a21540-c569-75c1-af7a-adaa9712a203	01a21540-bf63-769c-88f6-e18f018cafeb
2	\N		2000	14480	0	\N	01a21540-c569-75c1-af7a-adaa9712a203	01a21540-bf63-769c-88f6-e18487082372
3	\N		2000	15774	0	\N	01a21540-c569-75c1-af7a-adaa9712a203	01a21540-bf63-769c-88f6-e17d72b66855
4	\N		2000	10700	0	\N	01a21540-c569-75c1-af7a-adaa9712a203	01a21540-bf63-769c-88f6-e18ab358ad12
1	\N		2000	16534	0	\N	01a21540-c569-75c1-af7a-adab3b3c02ba	01a21540-bf63-769c-88f6-e17b594abce6
2	\N		2000	368	0	\N	01a21540-c569-75c1-af7a-adab3b3c02ba	01a21540-bf63-769c-88f6-e185eda3e4af
3	\N		2000	1302	0	\N	01a21540-c569-75c1-af7a-adab3b3c02ba	01a21540-bf63-769c-88f6-e18bfb1f9382
1	\N		3000	3549	50	\N	01a21540-c569-75c1-af7a-adac6e92634d	01a21540-bf63-769c-88f6-e1785e671e57
2	\N		3000	19185	50	tobacco	01a21540-c569-75c1-af7a-adac6e92634d	01a21540-bf63-769c-88f6-e18f018cafeb
1	\N		2000	15774	0	\N	01a21540-c569-75c1-af7a-adad4143a6b9	01a21540-bf63-769c-88f6-e17d72b66855
2	\N		1000	8143	0	\N	01a21540-c569-75c1-af7a-adad4143a6b9	01a21540-bf63-769c-88f6-e181eb929705
3	\N		3000	19107	0	\N	01a21540-c569-75c1-af7a-adad4143a6b9	01a21540-bf63-769c-88f6-e17e0d98f897
1	\N		2000	1030	0	\N	01a21540-c569-75c1-af7a-adae50368dab	01a21540-bf63-769c-88f6-e18cb9b4c8b0
2	\N		2000	12790	0	tobacco	01a21540-c569-75c1-af7a-adae50368dab	01a21540-bf63-769c-88f6-e18f018cafeb
3	\N		3000	6243	50	\N	01a21540-c569-75c1-af7a-adae50368dab	01a21540-bf63-769c-88f6-e17a8f16b8ca
4	\N		1000	6536	0	\N	01a21540-c569-75c1-af7a-adae50368dab	01a21540-bf63-769c-88f6-e183e0249732
1	\N		3000	24429	50	\N	01a21540-c569-75c1-af7a-adafc900a5c4	01a21540-bf63-769c-88f6-e181eb929705
2	\N		1000	1687	50	\N	01a21540-c569-75c1-af7a-adafc900a5c4	01a21540-bf63-769c-88f6-e1801e4b2d6a
3	\N		3000	7053	0	\N	01a21540-c569-75c1-af7a-adafc900a5c4	01a21540-bf63-769c-88f6-e1776b472377
4	\N		1000	2081	0	\N	01a21540-c569-75c1-af7a-adafc900a5c4	01a21540-bf63-769c-88f6-e17a8f16b8ca
1	\N		2000	15028	0	\N	01a21540-c8e7-743e-99c7-911807f92ec2	01a21540-bf63-769c-88f6-e17cf2dcfe41
2	\N		3000	11094	0	tobacco	01a21540-c8e7-743e-99c7-911807f92ec2	01a21540-bf63-769c-88f6-e190e95aaa21
3	\N		2000	7178	0	\N	01a21540-c8e7-743e-99c7-911807f92ec2	01a21540-bf63-769c-88f6-e17f4f4775f2
4	\N		3000	13539	50	\N	01a21540-c8e7-743e-99c7-911807f92ec2	01a21540-bf63-769c-88f6-e1878ecf8585
1	\N		1000	3898	0	\N	01a21540-c8e8-730e-b023-8347067a1dec	01a21540-bf63-769c-88f6-e18870989150
2	\N		2000	1132	0	\N	01a21540-c8e8-730e-b023-8347067a1dec	01a21540-bf63-769c-88f6-e18d063c66fd
3	\N		2000	16286	0	\N	01a21540-c8e8-730e-b023-8347067a1dec	01a21540-bf63-769c-88f6-e181eb929705
1	\N		2000	4702	50	\N	01a21540-c8e8-730e-b023-8348b75aba29	01a21540-bf63-769c-88f6-e1776b472377
2	\N		3000	1953	0	\N	01a21540-c8e8-730e-b023-8348b75aba29	01a21540-bf63-769c-88f6-e18bfb1f9382
3	\N		3000	22341	0	\N	01a21540-c8e8-730e-b023-8348b75aba29	01a21540-bf63-769c-88f6-e186e1d9747d
4	\N		2000	600	50	\N	01a21540-c8e8-730e-b023-8348b75aba29	01a21540-bf63-769c-88f6-e18e26903cc9
1	\N		1000	7447	0	\N	01a21540-c8e8-730e-b023-8349c9b9246f	01a21540-bf63-769c-88f6-e186e1d9747d
1	\N		2000	14894	0	\N	01a21540-c8e8-730e-b023-834ac2c9bb12	01a21540-bf63-769c-88f6-e186e1d9747d
2	\N		1000	7240	0	\N	01a21540-c8e8-730e-b023-834ac2c9bb12	01a21540-bf63-769c-88f6-e18487082372
1	\N		3000	19608	50	\N	01a21540-c8e8-730e-b023-834b0a623f13	01a21540-bf63-769c-88f6-e183e0249732
2	\N		2000	12790	0	tobacco	01a21540-c8e8-730e-b023-834b0a623f13	01a21540-bf63-769c-88f6-e18f018cafeb
3	\N		3000	11694	50	\N	01a21540-c8e8-730e-b023-834b0a623f13	01a21540-bf63-769c-88f6-e18870989150
1	\N		3000	5472	0	\N	01a21540-c8e8-730e-b023-834c91d270d0	01a21540-bf63-769c-88f6-e189d2e2d044
2	\N		1000	7887	0	\N	01a21540-c8e8-730e-b023-834c91d270d0	01a21540-bf63-769c-88f6-e17d72b66855
1	\N		1000	4513	0	\N	01a21540-c8e8-730e-b023-834dc5b1cc31	01a21540-bf63-769c-88f6-e1878ecf8585
2	\N		2000	2366	0	\N	01a21540-c8e8-730e-b023-834dc5b1cc31	01a21540-bf63-769c-88f6-e1785e671e57
3	\N		2000	16286	0	\N	01a21540-c8e8-730e-b023-834dc5b1cc31	01a21540-bf63-769c-88f6-e181eb929705
4	\N		2000	15028	0	\N	01a21540-c8e8-730e-b023-834dc5b1cc31	01a21540-bf63-769c-88f6-e17cf2dcfe41
1	\N		1000	7240	0	\N	01a21540-c8e8-730e-b023-834e68528d1e	01a21540-bf63-769c-88f6-e18487082372
1	\N		3000	1842	50	\N	01a21540-c8e8-730e-b023-834f6aed76f3	01a21540-bf63-769c-88f6-e182eaa6a7dd
2	\N		3000	24429	0	\N	01a21540-c8e8-730e-b023-834f6aed76f3	01a21540-bf63-769c-88f6-e181eb929705
3	\N		2000	3374	0	\N	01a21540-c8e8-730e-b023-834f6aed76f3	01a21540-bf63-769c-88f6-e1801e4b2d6a
1	\N		2000	10700	0	\N	01a21540-c8e8-730e-b023-8350c99865e6	01a21540-bf63-769c-88f6-e18ab358ad12
2	\N		1000	4513	0	\N	01a21540-c8e8-730e-b023-8350c99865e6	01a21540-bf63-769c-88f6-e1878ecf8585
3	\N		2000	3648	0	\N	01a21540-c8e8-730e-b023-8350c99865e6	01a21540-bf63-769c-88f6-e189d2e2d044
4	\N		1000	6536	0	\N	01a21540-c8e8-730e-b023-8350c99865e6	01a21540-bf63-769c-88f6-e183e0249732
1	\N		2000	15774	50	\N	01a21540-c8e8-730e-b023-8351a6347422	01a21540-bf63-769c-88f6-e17d72b66855
1	\N		1000	2081	0	\N	01a21540-c8e8-730e-b023-8352caf79d7f	01a21540-bf63-769c-88f6-e17a8f16b8ca
2	\N		1000	4329	0	\N	01a21540-c8e8-730e-b023-8352caf79d7f	01a21540-bf63-769c-88f6-e1796cf2bb84
1	\N		2000	3648	50	\N	01a21540-c8e8-730e-b023-8353e0f94a38	01a21540-bf63-769c-88f6-e189d2e2d044
2	\N		2000	15028	0	\N	01a21540-c8e8-730e-b023-8353e0f94a38	01a21540-bf63-769c-88f6-e17cf2dcfe41
3	\N		3000	16050	0	\N	01a21540-c8e8-730e-b023-8353e0f94a38	01a21540-bf63-769c-88f6-e18ab358ad12
1	\N		3000	1953	50	\N	01a21540-c8e8-730e-b023-8354686b0379	01a21540-bf63-769c-88f6-e18bfb1f9382
2	\N		1000	4329	0	\N	01a21540-c8e8-730e-b023-8354686b0379	01a21540-bf63-769c-88f6-e1796cf2bb84
1	\N		1000	3898	0	\N	01a21540-c8e8-730e-b023-835525b46ed3	01a21540-bf63-769c-88f6-e18870989150
2	\N		2000	7396	0	tobacco	01a21540-c8e8-730e-b023-835525b46ed3	01a21540-bf63-769c-88f6-e190e95aaa21
3	\N		1000	4513	0	\N	01a21540-c8e8-730e-b023-835525b46ed3	01a21540-bf63-769c-88f6-e1878ecf8585
1	\N		2000	1302	0	\N	01a21540-c8e8-730e-b023-8356e2780d8c	01a21540-bf63-769c-88f6-e18bfb1f9382
2	\N		1000	4513	0	\N	01a21540-c8e8-730e-b023-8356e2780d8c	01a21540-bf63-769c-88f6-e1878ecf8585
3	\N		3000	19107	50	\N	01a21540-c8e8-730e-b023-8356e2780d8c	01a21540-bf63-769c-88f6-e17e0d98f897
4	\N		3000	22341	50	\N	01a21540-c8e8-730e-b023-8356e2780d8c	01a21540-bf63-769c-88f6-e186e1d9747d
1	\N		2000	1302	0	\N	01a21540-c8e9-7231-9c97-f6f4a620ec46	01a21540-bf63-769c-88f6-e18bfb1f9382
1	\N		1000	2081	0	\N	01a21540-c8e9-7231-9c97-f6f5a9e32945	01a21540-bf63-769c-88f6-e17a8f16b8ca
1	\N		1000	566	50	\N	01a21540-c8f7-76fa-b641-2008dc301cdb	01a21540-bf63-769c-88f6-e18d063c66fd
2	\N		2000	15774	0	\N	01a21540-c8f7-76fa-b641-2008dc301cdb	01a21540-bf63-769c-88f6-e17d72b66855
1	\N		2000	4162	50	\N	01a21540-c8f7-76fa-b641-2009d5b6e7d3	01a21540-bf63-769c-88f6-e17a8f16b8ca
2	\N		2000	14894	50	\N	01a21540-c8f7-76fa-b641-2009d5b6e7d3	01a21540-bf63-769c-88f6-e186e1d9747d
1	\N		1000	1824	50	\N	01a21540-c8f7-76fa-b641-200a6bb25877	01a21540-bf63-769c-88f6-e189d2e2d044
2	\N		2000	7178	0	\N	01a21540-c8f7-76fa-b641-200a6bb25877	01a21540-bf63-769c-88f6-e17f4f4775f2
1	\N		1000	5350	0	\N	01a21540-c8f7-76fa-b641-200b37ab1186	01a21540-bf63-769c-88f6-e18ab358ad12
1	\N		2000	368	50	\N	01a21540-c8f7-76fa-b641-200c4746407b	01a21540-bf63-769c-88f6-e185eda3e4af
2	\N		2000	1228	0	\N	01a21540-c8f7-76fa-b641-200c4746407b	01a21540-bf63-769c-88f6-e182eaa6a7dd
3	\N		1000	7447	0	\N	01a21540-c8f7-76fa-b641-200c4746407b	01a21540-bf63-769c-88f6-e186e1d9747d
4	\N		2000	10700	0	\N	01a21540-c8f7-76fa-b641-200c4746407b	01a21540-bf63-769c-88f6-e18ab358ad12
1	\N		2000	8658	0	\N	01a21540-c8f7-76fa-b641-200d05fe3638	01a21540-bf63-769c-88f6-e1796cf2bb84
2	\N		1000	7447	0	\N	01a21540-c8f7-76fa-b641-200d05fe3638	01a21540-bf63-769c-88f6-e186e1d9747d
\.
COPY public.sales_return (id, number, occurred_at, recorded_at, business_day, refund_minor, fingerprint, source, actor_kind, actor_id, receipt_id, store_id) FROM stdin;
01a21540-c75b-72e1-bc11-44d6ffa09011	B00-000029	2026-11-25 13:52:37.007304+00	2026-11-26 00:28:16.495282+00	2026-11-25	26722	\\xef191c783a9d6f0c4721be34330e3d12	api	system	\N	01a21540-c55e-7626-86a4-9ec1e5056290	01a21540-c341-7462-b714-06a129467dbe
01a21540-caaf-75cb-bdf3-623360e4d6fa	B00-000002	2026-11-25 20:30:15.007304+00	2026-11-26 00:28:17.317792+00	2026-11-25	6536	\\x48a5c86f13cd02de82b2c37391fa2535	api	system	\N	01a21540-c569-75c1-af7a-adae50368dab	01a21540-c341-7462-b714-06a0495e3641
01a21540-caaf-75cb-bdf3-6234420b76cf	B00-000014	2026-11-25 20:41:40.007304+00	2026-11-26 00:28:17.317792+00	2026-11-25	18204	\\x0b229e9a166204984558ffb890f5b5ca	api	system	\N	01a21540-c569-75c1-af7a-adab3b3c02ba	01a21540-c341-7462-b714-06a0495e3641
01a21540-caaf-75cb-bdf3-62356ea23aaa	B00-000039	2026-11-25 22:19:57.007304+00	2026-11-26 00:28:17.317792+00	2026-11-26	131	\\x97905edc9b8b4cfed52c94532bbf589a	api	system	\N	01a21540-c569-75c1-af7a-adafc900a5c4	01a21540-c341-7462-b714-06a129467dbe
01a21540-cab0-7142-ae31-ee3c969bde82	B00-000026	2026-11-26 00:01:47.007304+00	2026-11-26 00:28:17.317792+00	2026-11-26	15774	\\x2db039408173269847bf003f0d898023	api	system	\N	01a21540-c8f7-76fa-b641-2008dc301cdb	01a21540-c341-7462-b714-06a129467dbe
01a21540-cab0-7142-ae31-ee3d3c794296	B00-000017	2026-11-26 00:05:57.007304+00	2026-11-26 00:28:17.317792+00	2026-11-26	29645	\\xf75bffd3e80efeb96c2c6bbdbe546c87	api	system	\N	01a21540-c8e8-730e-b023-834f6aed76f3	01a21540-c341-7462-b714-06a0495e3641
01a21540-cab0-7142-ae31-ee3e70a8919e	B00-000024	2026-11-26 00:08:26.007304+00	2026-11-26 00:28:17.317792+00	2026-11-26	5350	\\x61b5e948a62033e1cd4a1d6f247253d6	api	system	\N	01a21540-c8f7-76fa-b641-200b37ab1186	01a21540-c341-7462-b714-06a0495e3641
01a21540-cab0-7142-ae31-ee3f09ebe5c8	B00-000019	2026-11-26 00:14:41.007304+00	2026-11-26 00:28:17.317792+00	2026-11-26	4162	\\x830eade86045473fb8ed2934600c39fd	api	system	\N	01a21540-c8f7-76fa-b641-2009d5b6e7d3	01a21540-c341-7462-b714-06a0495e3641
\.
COPY public.sales_returnline (line_no, quantity_milli, amount_minor, goods_return_id) FROM stdin;
1	3000	11694	01a21540-c75b-72e1-bc11-44d6ffa09011
2	2000	15028	01a21540-c75b-72e1-bc11-44d6ffa09011
4	1000	6536	01a21540-caaf-75cb-bdf3-623360e4d6fa
1	2000	16534	01a21540-caaf-75cb-bdf3-6234420b76cf
2	2000	368	01a21540-caaf-75cb-bdf3-6234420b76cf
3	2000	1302	01a21540-caaf-75cb-bdf3-6234420b76cf
3	1000	131	01a21540-caaf-75cb-bdf3-62356ea23aaa
2	2000	15774	01a21540-cab0-7142-ae31-ee3c969bde82
1	3000	1842	01a21540-cab0-7142-ae31-ee3d3c794296
2	3000	24429	01a21540-cab0-7142-ae31-ee3d3c794296
3	2000	3374	01a21540-cab0-7142-ae31-ee3d3c794296
1	1000	5350	01a21540-cab0-7142-ae31-ee3e70a8919e
1	2000	4162	01a21540-cab0-7142-ae31-ee3f09ebe5c8
\.
COPY public.sales_storeday (business_day, receipts, member_receipts, net_minor, member_net_minor, discount_minor, returns, refund_minor, member_refund_minor, store_id) FROM stdin;
2026-11-25	5	5	166161	166161	200	1	26722	26722	01a21540-c341-7462-b714-06a129467dbe
2026-11-25	7	7	187737	187737	250	2	24740	24740	01a21540-c341-7462-b714-06a0495e3641
2026-11-26	10	9	173745	154689	200	3	39157	34995	01a21540-c341-7462-b714-06a0495e3641
2026-11-26	11	10	221556	205216	450	2	15905	131	01a21540-c341-7462-b714-06a129467dbe
\.
COPY public.sales_tender ("position", kind, amount_minor, receipt_id) FROM stdin;
1	wechat	26722	01a21540-c55e-7626-86a4-9ec1e5056290
1	wechat	16028	01a21540-c569-75c1-af7a-ada95e22ff0e
1	wechat	60139	01a21540-c569-75c1-af7a-adaa9712a203
1	wechat	22734	01a21540-c569-75c1-af7a-adac6e92634d
1	wechat	43024	01a21540-c569-75c1-af7a-adad4143a6b9
1	wechat	26599	01a21540-c569-75c1-af7a-adae50368dab
1	wechat	35250	01a21540-c569-75c1-af7a-adafc900a5c4
1	wechat	46839	01a21540-c8e7-743e-99c7-911807f92ec2
1	wechat	21316	01a21540-c8e8-730e-b023-8347067a1dec
1	wechat	29596	01a21540-c8e8-730e-b023-8348b75aba29
1	wechat	7447	01a21540-c8e8-730e-b023-8349c9b9246f
1	wechat	22134	01a21540-c8e8-730e-b023-834ac2c9bb12
1	wechat	13359	01a21540-c8e8-730e-b023-834c91d270d0
1	wechat	38193	01a21540-c8e8-730e-b023-834dc5b1cc31
1	wechat	7240	01a21540-c8e8-730e-b023-834e68528d1e
1	wechat	25397	01a21540-c8e8-730e-b023-8350c99865e6
1	wechat	15774	01a21540-c8e8-730e-b023-8351a6347422
1	wechat	6410	01a21540-c8e8-730e-b023-8352caf79d7f
1	wechat	6282	01a21540-c8e8-730e-b023-8354686b0379
1	wechat	15807	01a21540-c8e8-730e-b023-835525b46ed3
1	wechat	47263	01a21540-c8e8-730e-b023-8356e2780d8c
1	wechat	1302	01a21540-c8e9-7231-9c97-f6f4a620ec46
1	wechat	2081	01a21540-c8e9-7231-9c97-f6f5a9e32945
1	wechat	16340	01a21540-c8f7-76fa-b641-2008dc301cdb
1	wechat	5350	01a21540-c8f7-76fa-b641-200b37ab1186
1	wechat	19743	01a21540-c8f7-76fa-b641-200c4746407b
\.
COPY public.sales_visit (id, business_day, started_at, reference, mall_id, member_id) FROM stdin;
01a21540-c56f-76be-bf90-7b9d0c91357e	2026-11-25	2026-11-25 06:09:16.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c56f-76be-bf90-7b9e4da74972	2026-11-25	2026-11-25 18:27:15.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c56f-76be-bf90-7b9f8bf10966	2026-11-25	2026-11-25 18:41:34.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c56f-76be-bf90-7ba073b6b321	2026-11-25	2026-11-25 19:22:24.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c56f-76be-bf90-7ba1da8e8107	2026-11-25	2026-11-25 19:43:37.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c56f-76be-bf90-7ba2fa759ce1	2026-11-25	2026-11-25 19:45:15.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c56f-76be-bf90-7ba3bd34eb1b	2026-11-25	2026-11-25 19:51:17.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c56f-76be-bf90-7ba4f4699ee1	2026-11-25	2026-11-25 19:52:00.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c903-72b3-b385-c9e06c94cb95	2026-11-25	2026-11-25 20:00:08.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c903-72b3-b385-c9e15e949b14	2026-11-26	2026-11-25 21:13:00.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c903-72b3-b385-c9e2198569ee	2026-11-26	2026-11-25 21:42:02.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2395abd500
01a21540-c903-72b3-b385-c9e32b26e0b3	2026-11-26	2026-11-25 21:43:26.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b246537fcb6
01a21540-c903-72b3-b385-c9e4dd7c598d	2026-11-26	2026-11-25 22:04:59.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b25cafb8981
01a21540-c903-72b3-b385-c9e57cd0938e	2026-11-26	2026-11-25 22:11:42.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b263c71dcca
01a21540-c903-72b3-b385-c9e64745dfb1	2026-11-26	2026-11-25 22:23:22.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c903-72b3-b385-c9e7f93da11b	2026-11-26	2026-11-25 22:33:34.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c903-72b3-b385-c9e83a2adfba	2026-11-26	2026-11-25 22:34:24.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b27fb681a9c
01a21540-c903-72b3-b385-c9e9f55dc339	2026-11-26	2026-11-25 23:09:34.007304+00	\N	01a21540-c19c-714f-8a3e-fd81c6cb6710	01a21540-c47b-73b5-bf7f-9b2297130bf6
01a21540-c903-72b3-b385-c9ea1447ad60	2026-11-26	2026-11-25 23:18:21.007304+00	\N	01a21540-c19b-738b-8a77-ba1d3c61588a	01a21540-c47b-73b5-bf7f-9b2395abd500
\.
COPY public.secrets_erasure (subject_id, erased_at, actor_kind, actor_id, actor_label, request_id) FROM stdin;
01a21540-cc8b-73ef-b7d8-0ed8b3eefe24	2026-11-26 00:28:18.107626+00	system	\N	release	
\.
COPY public.secrets_ring_mark (id, fingerprint, marked_at) FROM stdin;
1	2ba7713dc0eed95ce45d1fbc2d81da65d290397c228dfee4260be63708fbfe3d	2026-11-26 00:28:15.91372+00
\.
COPY public.secrets_wrapped_key (subject_id, wrapped, ring_version, created_at) FROM stdin;
01a21540-c47b-73b5-bf7f-9b2297130bf6	\\x589b56088814fc6221764bdca9a9e0e38479459f101d5cab08258887b560523854cb10df74754ecc92788ef5d8efc009da8af6d0b0f586d84f589888	1	2026-11-26 00:28:15.927551+00
01a21540-c47b-73b5-bf7f-9b2395abd500	\\x24d207f7c1ebd5a59be444dce5166b90f6dcb8c703b7bea12565be4bf4c1c08393c9d64052def8d31dfa8179c5018cc7249e7a47da4f73d02d9b8e85	1	2026-11-26 00:28:15.927551+00
01a21540-c47b-73b5-bf7f-9b246537fcb6	\\xef286624b7e831bbafaa0aae03e387d18f7beca4956e094308e0601f80f51f5c93a94d0258dcc1c2941894989e6acf45cf900c4ac18b33f4b82bd707	1	2026-11-26 00:28:15.927551+00
01a21540-c47b-73b5-bf7f-9b25cafb8981	\\x69f92a3a33521d1e40ba5d55fedb2e0829876db245e7a1ca704ac3b07f6ffbf66d0d3323758672f3710e9b6796efe8be62754e6f63cfcf58804a2606	1	2026-11-26 00:28:15.927551+00
01a21540-c47b-73b5-bf7f-9b263c71dcca	\\x5f4d0472f57e3324ab39ebd077baba9eb2de55228021069dee6eb6a2985f8c4a6ae0881a0df7f475109e996f39090e1cd42160a2133ed8647b9186d7	1	2026-11-26 00:28:15.927551+00
01a21540-c47b-73b5-bf7f-9b27fb681a9c	\\x4f987a24c89bf3231765e1e17aeb01f18ae8bde6e09f056d30d664ed0559b77db060c289d2fc9ed842c6c11411c29e25b6ce62e4195874ebb2cc13ce	1	2026-11-26 00:28:15.927551+00
01a21540-cc06-73cc-b464-ca9490fde53c	\\xeab1c396e9974a16762002872ffe6593bef504bf54411a3f98931e87d6d4209b5d9ef83856aece736595b594b2db9c652d830d479ec5a2f4c89d263a	1	2026-11-26 00:28:17.825192+00
\.
COPY public.staff_apikey (is_group, mall_ids, tenant_ids, store_ids, id, name, prefix, secret_hash, permissions, created_at, expires_at, revoked_at, last_used_on) FROM stdin;
\.
COPY public.staff_resetlink (id, token_hash, created_at, expires_at, used_at, user_id) FROM stdin;
\.
COPY public.staff_roleassignment (is_group, mall_ids, tenant_ids, store_ids, id, role, granted_at, user_id) FROM stdin;
\.
COPY public.staff_staffuser (password, last_login, id, email, name, language, theme, is_active, origin, created_at) FROM stdin;
\.
SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_permission_id_seq', 292, true);
SELECT pg_catalog.setval('public.axes_accessattempt_id_seq', 1, false);
SELECT pg_catalog.setval('public.axes_accessfailurelog_id_seq', 1, false);
SELECT pg_catalog.setval('public.axes_accesslog_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 73, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 87, true);
SELECT pg_catalog.setval('public.members_member_number', 8, true);
SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);
\unrestrict QRn6DdGAeoNCMTDhThJyGV47o7ddpkdg08NSggOqPQKPq3jkfomZqOF2Grh6ZcN
