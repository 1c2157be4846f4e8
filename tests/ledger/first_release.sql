-- A ledger as the first release wrote it.
BEGIN;
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
CREATE TABLE _about (name TEXT PRIMARY KEY, description TEXT NOT NULL);
CREATE TABLE repositories (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    installation_id INTEGER,
    removed_at TEXT
);
CREATE TABLE deliveries (
    guid TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    action TEXT NOT NULL DEFAULT '',
    received_at TEXT NOT NULL,
    repository_id INTEGER REFERENCES repositories(id),
    sender TEXT NOT NULL DEFAULT '',
    job_count INTEGER NOT NULL,
    jobs TEXT,
    ignored_because TEXT NOT NULL DEFAULT '',
    payload TEXT
);
CREATE TABLE pull_requests (
    key TEXT PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    author_is_bot INTEGER NOT NULL,
    base_ref TEXT NOT NULL,
    base_sha TEXT NOT NULL,
    head_ref TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    labels TEXT NOT NULL,
    is_draft INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    url TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (repository_id, number)
);
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT '{}',
    UNIQUE (repository_id, number, event, at, actor)
);
CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    generation INTEGER NOT NULL,
    pull_request_key TEXT NOT NULL REFERENCES pull_requests(key),
    repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL,
    base_sha TEXT NOT NULL,
    base_ref TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    trigger TEXT NOT NULL,
    mode TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    coverage TEXT NOT NULL,
    result TEXT NOT NULL,
    reason TEXT NOT NULL,
    finding_count INTEGER NOT NULL,
    dropped_count INTEGER NOT NULL,
    model TEXT,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_usd REAL,
    duration_s REAL NOT NULL,
    host_review_id INTEGER,
    url TEXT NOT NULL DEFAULT '',
    receipt TEXT NOT NULL,
    UNIQUE (key, generation)
);
CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
    repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    path TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    side TEXT NOT NULL,
    scope TEXT NOT NULL,
    class TEXT NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    confidence REAL NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    evidence TEXT NOT NULL,
    suggestion TEXT,
    said TEXT NOT NULL CHECK (said IN ('inline', 'listed', 'held')),
    state TEXT NOT NULL DEFAULT 'open',
    found_at TEXT NOT NULL,
    UNIQUE (review_id, fingerprint)
);
CREATE TABLE dropped (
    id INTEGER PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    source TEXT NOT NULL,
    finding TEXT
);
CREATE TABLE comments (
    host_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL,
    review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    posted_at TEXT NOT NULL,
    PRIMARY KEY (repository_id, host_id)
);
CREATE TABLE model_calls (
    id TEXT PRIMARY KEY,
    review_key TEXT NOT NULL,
    repository_id INTEGER,
    model TEXT NOT NULL,
    prompt TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cost_usd REAL,
    latency_s REAL NOT NULL,
    attempts INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL,
    UNIQUE (repository_id, number, fingerprint, judged_by)
);
CREATE VIRTUAL TABLE "findings_fts" USING FTS5 (
    "title", "body", "evidence", "path", "rule",
    content="findings"
);
INSERT INTO schema_migrations VALUES ('0001_first_tables', '2026-11-22T05:12:23+00:00');
INSERT INTO _about VALUES ('comments', 'Inline comments at the host, and the finding each one carries');
INSERT INTO _about VALUES ('deliveries', 'Signed requests from the code host: what arrived and what it asked for; raw text only for some days');
INSERT INTO _about VALUES ('dropped', 'What a review did not keep, and why');
INSERT INTO _about VALUES ('events', 'The timeline of each pull request: opened, ready, pushed, closed, merged and so on');
INSERT INTO _about VALUES ('findings', 'What a review kept, where it stands in the code, and whether it was said');
INSERT INTO _about VALUES ('findings_fts', 'Full-text search over findings');
INSERT INTO _about VALUES ('model_calls', 'Calls to the model: which prompt, how many tokens, what it cost, how it ended');
INSERT INTO _about VALUES ('outcomes', 'What became of a finding that was said: fixed, accepted, disputed, ignored');
INSERT INTO _about VALUES ('pull_requests', 'Pull requests as last heard of');
INSERT INTO _about VALUES ('repositories', 'Repositories Seawall serves, known by the host''s id; the name is the latest one heard');
INSERT INTO _about VALUES ('reviews', 'One row for each run of a review, with its receipt: what was read, by what, and what came of it');
INSERT INTO _about VALUES ('schema_migrations', 'Which changes of these tables this file has seen');
INSERT INTO repositories VALUES (71, 'acme', 'checkout', 5, NULL);
INSERT INTO deliveries VALUES ('72d3162e-cc78-11e3-81ab-4c9367dc0958', 'pull_request', 'opened', '2026-11-20T09:00:01+00:00', 71, 'mona', 1, '[{"kind":"review","pull_request":{"author":"mona","author_is_bot":false,"base_ref":"main","base_sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","body":"So that a hiccup costs nobody an order","created_at":"2026-11-20T09:00:00Z","head_ref":"retry-payments","head_sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","is_draft":false,"is_open":true,"labels":["payments"],"number":12,"repository":{"id":71,"installation_id":5,"name":"checkout","owner":"acme"},"title":"Retry payments","url":"https://github.com/acme/checkout/pull/12"},"trigger":"opened"}]', '', '{"action":"opened"}');
INSERT INTO pull_requests VALUES ('71#12', 71, 12, 'Retry payments', 'So that a hiccup costs nobody an order', 'mona', 0, 'main', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'retry-payments', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '["payments"]', 0, 1, 'https://github.com/acme/checkout/pull/12', '2026-11-20T09:00:00Z');
INSERT INTO pull_requests VALUES ('71#13', 71, 13, 'Retry payments', 'So that a hiccup costs nobody an order', 'mona', 0, 'main', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'retry-payments', 'dddddddddddddddddddddddddddddddddddddddd', '["payments"]', 0, 0, 'https://github.com/acme/checkout/pull/12', '2026-11-20T09:00:00Z');
INSERT INTO events VALUES (1, 71, 12, 'opened', '2026-11-20T09:00:00Z', 'mona', '{}');
INSERT INTO reviews VALUES ('71#12@bbbbbbbbbbbb..aaaaaaaaaaaa~1', '71#12@bbbbbbbbbbbb..aaaaaaaaaaaa', 1, '71#12', 71, 12, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'main', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'opened', 'comment', '2026-11-20T09:00:02+00:00', '2026-11-20T09:00:04+00:00', 'full', 'findings', '', 2, 2, 'openai:gpt-5-mini', 900, 80, 0.02, 1.5, 4001, 'https://github.com/acme/checkout/pull/12#r4001', '{"base_sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","cost_usd":0.02,"coverage":"full","duration_s":1.5,"files":{"reviewed":[],"skipped":[]},"head_sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","model":"openai:gpt-5-mini","model_is_refused":false,"model_missing_because":"","notes":[],"prompt_versions":{},"reason":"","result":"findings","rules":[],"tokens":{"cached_tokens":0,"input_tokens":900,"output_tokens":80}}');
INSERT INTO reviews VALUES ('71#12@bbbbbbbbbbbb..cccccccccccc:review~1', '71#12@bbbbbbbbbbbb..cccccccccccc:review', 1, '71#12', 71, 12, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'main', 'cccccccccccccccccccccccccccccccccccccccc', 'opened', 'comment', '2026-11-20T11:00:00+00:00', '2026-11-20T11:00:04+00:00', 'full', 'findings', '', 3, 2, 'openai:gpt-5-mini', 900, 80, 0.02, 1.5, 4002, '', '{"base_sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","cost_usd":0.02,"coverage":"full","duration_s":1.5,"files":{"reviewed":[],"skipped":[]},"head_sha":"cccccccccccccccccccccccccccccccccccccccc","model":"openai:gpt-5-mini","model_is_refused":false,"model_missing_because":"","notes":[],"prompt_versions":{"review":"1"},"reason":"","result":"findings","rules":[],"tokens":{"cached_tokens":0,"input_tokens":900,"output_tokens":80}}');
INSERT INTO reviews VALUES ('71#13@bbbbbbbbbbbb..dddddddddddd~1', '71#13@bbbbbbbbbbbb..dddddddddddd', 1, '71#13', 71, 13, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'main', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'opened', 'comment', '2026-11-20T09:00:02+00:00', '2026-11-20T09:00:04+00:00', 'full', 'findings', '', 2, 2, 'openai:gpt-5-mini', 900, 80, 0.02, 1.5, 4003, '', '{"base_sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","cost_usd":0.02,"coverage":"full","duration_s":1.5,"files":{"reviewed":[],"skipped":[]},"head_sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","model":"openai:gpt-5-mini","model_is_refused":false,"model_missing_because":"","notes":[],"prompt_versions":{},"reason":"","result":"findings","rules":[],"tokens":{"cached_tokens":0,"input_tokens":900,"output_tokens":80}}');
INSERT INTO findings VALUES (1, '71#12@bbbbbbbbbbbb..aaaaaaaaaaaa~1', 71, 12, 'f1', 'pay/client.py', 3, 3, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'high', 0.9, 'rule', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'inline', 'open', '2026-11-20T09:00:04+00:00');
INSERT INTO findings VALUES (2, '71#12@bbbbbbbbbbbb..aaaaaaaaaaaa~1', 71, 12, 'f2', 'pay/client.py', 9, 9, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'high', 0.9, 'rule', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'listed', 'open', '2026-11-20T09:00:04+00:00');
INSERT INTO findings VALUES (3, '71#12@bbbbbbbbbbbb..cccccccccccc:review~1', 71, 12, 'f1', 'pay/client.py', 5, 5, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'high', 0.9, 'rule', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'held', 'open', '2026-11-20T11:00:04+00:00');
INSERT INTO findings VALUES (4, '71#12@bbbbbbbbbbbb..cccccccccccc:review~1', 71, 12, 'f4', 'pay/client.py', 3, 3, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'low', 0.9, 'model', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'inline', 'open', '2026-11-20T11:00:04+00:00');
INSERT INTO findings VALUES (5, '71#12@bbbbbbbbbbbb..cccccccccccc:review~1', 71, 12, 'f5', 'pay/client.py', 3, 3, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'high', 0.9, 'rule', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'held', 'open', '2026-11-20T11:00:04+00:00');
INSERT INTO findings VALUES (6, '71#13@bbbbbbbbbbbb..dddddddddddd~1', 71, 13, 'f1', 'pay/client.py', 3, 3, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'high', 0.9, 'rule', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'inline', 'open', '2026-11-20T09:00:04+00:00');
INSERT INTO findings VALUES (7, '71#13@bbbbbbbbbbbb..dddddddddddd~1', 71, 13, 'f2', 'pay/client.py', 9, 9, 'RIGHT', 'charge', 'missing-timeout', 'http-or-socket-call', 'missing-timeout/http-or-socket-call', 'high', 0.9, 'rule', 'requests.post can wait for ever', 'One stuck peer holds this worker. Set a deadline.', 'requests.post(url, json=order)', '{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"}', 'listed', 'open', '2026-11-20T09:00:04+00:00');
INSERT INTO dropped VALUES (1, '71#12@bbbbbbbbbbbb..aaaaaaaaaaaa~1', 'missing-timeout/http-or-socket-call', 'pay/client.py', 'quote-mismatch', 'line 3 reads otherwise', 'model', '{"body":"One stuck peer holds this worker. Set a deadline.","class":"missing-timeout","confidence":0.9,"end_line":3,"evidence":"requests.post(url, json=order)","fingerprint":"f3","kind":"http-or-socket-call","path":"pay/client.py","rule":"missing-timeout/http-or-socket-call","scope":"charge","severity":"high","side":"RIGHT","source":"model","start_line":3,"suggestion":{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"},"title":"requests.post can wait for ever"}');
INSERT INTO dropped VALUES (2, '71#12@bbbbbbbbbbbb..aaaaaaaaaaaa~1', 'swallowed-error/empty-handler', 'pay/log.py', 'suppressed', 'logged above', '', NULL);
INSERT INTO dropped VALUES (3, '71#12@bbbbbbbbbbbb..cccccccccccc:review~1', 'missing-timeout/http-or-socket-call', 'pay/client.py', 'quote-mismatch', 'line 3 reads otherwise', 'model', '{"body":"One stuck peer holds this worker. Set a deadline.","class":"missing-timeout","confidence":0.9,"end_line":3,"evidence":"requests.post(url, json=order)","fingerprint":"f3","kind":"http-or-socket-call","path":"pay/client.py","rule":"missing-timeout/http-or-socket-call","scope":"charge","severity":"high","side":"RIGHT","source":"model","start_line":3,"suggestion":{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"},"title":"requests.post can wait for ever"}');
INSERT INTO dropped VALUES (4, '71#12@bbbbbbbbbbbb..cccccccccccc:review~1', 'swallowed-error/empty-handler', 'pay/log.py', 'suppressed', 'logged above', '', NULL);
INSERT INTO dropped VALUES (5, '71#13@bbbbbbbbbbbb..dddddddddddd~1', 'missing-timeout/http-or-socket-call', 'pay/client.py', 'quote-mismatch', 'line 3 reads otherwise', 'model', '{"body":"One stuck peer holds this worker. Set a deadline.","class":"missing-timeout","confidence":0.9,"end_line":3,"evidence":"requests.post(url, json=order)","fingerprint":"f3","kind":"http-or-socket-call","path":"pay/client.py","rule":"missing-timeout/http-or-socket-call","scope":"charge","severity":"high","side":"RIGHT","source":"model","start_line":3,"suggestion":{"end_line":3,"start_line":3,"text":"requests.post(url, json=order, timeout=3)"},"title":"requests.post can wait for ever"}');
INSERT INTO dropped VALUES (6, '71#13@bbbbbbbbbbbb..dddddddddddd~1', 'swallowed-error/empty-handler', 'pay/log.py', 'suppressed', 'logged above', '', NULL);
INSERT INTO comments VALUES (9001, 71, 12, '71#12@bbbbbbbbbbbb..aaaaaaaaaaaa~1', 'f1', '2026-11-20T09:00:04+00:00');
INSERT INTO comments VALUES (9004, 71, 12, '71#12@bbbbbbbbbbbb..cccccccccccc:review~1', 'f4', '2026-11-20T11:00:04+00:00');
INSERT INTO comments VALUES (9005, 71, 13, '71#13@bbbbbbbbbbbb..dddddddddddd~1', 'f1', '2026-11-20T09:00:04+00:00');
INSERT INTO model_calls VALUES ('c1', 'k', 71, 'openai:gpt-5-mini', 'review', '1', 0, 0, 0, 0.02, 0.0, 1, 'answered', '2026-11-20T09:00:03+00:00');
INSERT INTO findings_fts (findings_fts) VALUES ('rebuild');
CREATE INDEX repositories_by_name ON repositories (owner COLLATE NOCASE, name COLLATE NOCASE);
CREATE INDEX deliveries_by_time ON deliveries (received_at);
CREATE INDEX deliveries_by_repository ON deliveries (repository_id);
CREATE INDEX events_by_time ON events (at);
CREATE INDEX reviews_by_head ON reviews (repository_id, head_sha);
CREATE INDEX reviews_by_pull_request ON reviews (repository_id, number, finished_at);
CREATE INDEX reviews_by_time ON reviews (finished_at);
CREATE INDEX findings_by_pull_request ON findings (repository_id, number, fingerprint);
CREATE INDEX findings_by_rule ON findings (rule);
CREATE INDEX dropped_by_review ON dropped (review_id);
CREATE INDEX dropped_by_reason ON dropped (reason, rule);
CREATE INDEX comments_by_review ON comments (review_id);
CREATE INDEX model_calls_by_time ON model_calls (at);
CREATE INDEX model_calls_by_review ON model_calls (review_key);
CREATE TRIGGER "findings_ai" AFTER INSERT ON "findings" BEGIN
  INSERT INTO "findings_fts" (rowid, "title", "body", "evidence", "path", "rule") VALUES (new.rowid, new."title", new."body", new."evidence", new."path", new."rule");
END;
CREATE TRIGGER "findings_ad" AFTER DELETE ON "findings" BEGIN
  INSERT INTO "findings_fts" ("findings_fts", rowid, "title", "body", "evidence", "path", "rule") VALUES('delete', old.rowid, old."title", old."body", old."evidence", old."path", old."rule");
END;
CREATE TRIGGER "findings_au" AFTER UPDATE ON "findings" BEGIN
  INSERT INTO "findings_fts" ("findings_fts", rowid, "title", "body", "evidence", "path", "rule") VALUES('delete', old.rowid, old."title", old."body", old."evidence", old."path", old."rule");
  INSERT INTO "findings_fts" (rowid, "title", "body", "evidence", "path", "rule") VALUES (new.rowid, new."title", new."body", new."evidence", new."path", new."rule");
END;
COMMIT;
