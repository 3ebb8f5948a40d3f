-- A file of schema version 1, as orders-sync wrote it before version 2: killed while it asked open orders one by one.
PRAGMA application_id = 0x4f524453;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE amounts (
    provider TEXT NOT NULL,
    account  TEXT NOT NULL,
    order_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- grand, subtotal, tax, commission_estimated, current:<field>, adjustment:refund, ...
    kind     TEXT NOT NULL,
    -- single, or one side of a pair: shop, presentment.
    side     TEXT NOT NULL,
    -- Major units, exactly as sent: never read it as a float.
    amount   TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- Minor units; NULL where ISO 4217 does not know the currency, a digit would be cut off, or it does not fit.
    minor    INTEGER,
    PRIMARY KEY (provider, account, order_id, position)
) WITHOUT ROWID;
INSERT INTO "amounts" VALUES('sim','main','o000001',0,'grand','single','1.50','USD',150);
INSERT INTO "amounts" VALUES('sim','main','o000002',0,'grand','single','2.50','USD',250);
INSERT INTO "amounts" VALUES('sim','main','o000003',0,'grand','single','3.50','USD',350);
INSERT INTO "amounts" VALUES('sim','main','o000004',0,'grand','single','4.50','USD',450);
INSERT INTO "amounts" VALUES('sim','main','o000005',0,'grand','single','5.50','USD',550);
INSERT INTO "amounts" VALUES('sim','main','o000006',0,'grand','single','6.50','USD',650);
INSERT INTO "amounts" VALUES('sim','main','o000007',0,'grand','single','7.50','USD',750);
INSERT INTO "amounts" VALUES('sim','main','o000008',0,'grand','single','8.50','USD',850);
INSERT INTO "amounts" VALUES('sim','main','o000009',0,'grand','single','9.50','USD',950);
INSERT INTO "amounts" VALUES('sim','main','o000010',0,'grand','single','10.50','USD',1050);
INSERT INTO "amounts" VALUES('sim','main','o000011',0,'grand','single','11.50','USD',1150);
INSERT INTO "amounts" VALUES('sim','main','o000012',0,'grand','single','12.50','USD',1250);
CREATE TABLE checkpoints (
    provider   TEXT NOT NULL,
    account    TEXT NOT NULL,
    state      TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (provider, account)
) WITHOUT ROWID;
INSERT INTO "checkpoints" VALUES('sim','main','{"format":"orders-sync state","version":1,"account":{"provider":"sim","label":"main"},"shape":{"windows":"updated"},"start":"2023-10-15T22:13:20Z","watermark":"2023-11-22T22:08:26Z","warm_at":"2023-11-22T22:13:28Z","open_at":"2023-11-14T22:13:20Z","full_at":null,"full_requests":null,"size":86398,"walked":[3542106,48],"pass":null,"needs_full":false,"marks":0,"jobs":[{"tier":"open","started_at":"2023-11-22T22:13:29Z","requests":0,"work":{"open":{"created_since":"2023-05-26T22:13:29Z","seen_before":"2023-11-21T22:13:29Z","after":null}},"active":[],"next_id":0,"failed":[]}]}','2023-11-22T22:13:29.000Z');
CREATE TABLE gaps (
    provider  TEXT NOT NULL,
    account   TEXT NOT NULL,
    -- The slice or the order, JSON.
    missing   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    reason    TEXT NOT NULL,
    first_at  TEXT NOT NULL,
    last_at   TEXT NOT NULL,
    tries     INTEGER NOT NULL,
    -- When it was read after all; NULL: still missing.
    filled_at TEXT,
    PRIMARY KEY (provider, account, missing)
);
CREATE TABLE history (
    seq          INTEGER PRIMARY KEY,
    provider     TEXT NOT NULL,
    account      TEXT NOT NULL,
    order_id     TEXT NOT NULL,
    at           TEXT NOT NULL,
    run          INTEGER NOT NULL,
    -- new, changed, gone, back.
    what         TEXT NOT NULL,
    -- What changed, JSON: [{"path","from","to"}], with the vendor's digits.
    changes      TEXT NOT NULL,
    content_hash TEXT
);
INSERT INTO "history" VALUES(1,'sim','main','o000009','2023-11-14T22:13:24.000Z',1,'new','[]','7a642e8649e0322c0286869a31c68befe436aadca3d88c76fb5ea8fc1c493eac');
INSERT INTO "history" VALUES(2,'sim','main','o000001','2023-11-14T22:13:25.000Z',1,'new','[]','7851081748d4b54b15dd28e811a8755be2e0c3192740924a6dfc926ccd28d481');
INSERT INTO "history" VALUES(3,'sim','main','o000011','2023-11-14T22:13:25.000Z',1,'new','[]','137ea4a09cb9ac788a57b0245ad5847876a93887bde5e0c89a0cc112309ca3fa');
INSERT INTO "history" VALUES(4,'sim','main','o000004','2023-11-14T22:13:25.000Z',1,'new','[]','12a43817884f25596e47e2a18c5cd39964502e66a817e5384f0f210452840b81');
INSERT INTO "history" VALUES(5,'sim','main','o000005','2023-11-14T22:13:25.000Z',1,'new','[]','4bc7bda9bf1bbcb48f194859cfb9e92a52659adcd79bdac7d3fb16ec6de39f3b');
INSERT INTO "history" VALUES(6,'sim','main','o000003','2023-11-14T22:13:25.000Z',1,'new','[]','6f79aca4d7bcce6fd208aa04199493003253f98459611f47efac5384f4624c2e');
INSERT INTO "history" VALUES(7,'sim','main','o000010','2023-11-14T22:13:26.000Z',1,'new','[]','0540b24950ac3865efb73ee102ea7c3bf3fb369b1e42369fd751195482284a40');
INSERT INTO "history" VALUES(8,'sim','main','o000007','2023-11-14T22:13:26.000Z',1,'new','[]','a8122fa7918443bbfd80fbf033ce471e3cad082042db99669826153ff7dea0af');
INSERT INTO "history" VALUES(9,'sim','main','o000002','2023-11-14T22:13:26.000Z',1,'new','[]','19f2a1fbe6f6ec6e27ca4a51a6e04dc8adcb677633e2de9dfe1a142269b659a0');
INSERT INTO "history" VALUES(10,'sim','main','o000012','2023-11-14T22:13:26.000Z',1,'new','[]','42b667096b756ced5933da1db4496a3a6ea89111d41b038900c2facfa1ba3469');
INSERT INTO "history" VALUES(11,'sim','main','o000006','2023-11-14T22:13:26.000Z',1,'new','[]','529837459ffbac0a1b541457476358ffc690a35dd784a4f121ec9342a3f21d7b');
INSERT INTO "history" VALUES(12,'sim','main','o000008','2023-11-14T22:13:26.000Z',1,'new','[]','d26fdd314b23612e55c516b6a9ebf42ab496a114d3265159b2e47169a930345b');
CREATE TABLE orders (
    provider           TEXT NOT NULL,
    account            TEXT NOT NULL,
    id                 TEXT NOT NULL,
    number             TEXT,
    merchant_reference TEXT,
    parent_id          TEXT,
    kind               TEXT NOT NULL,
    -- Times are UTC, RFC 3339 with milliseconds, so that they sort; the offset as sent is in core.
    created_at         TEXT,
    updated_at         TEXT,
    paid_at            TEXT,
    cancelled_at       TEXT,
    settled_at         TEXT,
    -- Our word, and the vendor's own.
    payment            TEXT,
    payment_native     TEXT,
    fulfillment        TEXT,
    fulfillment_native TEXT,
    commission         TEXT,
    commission_native  TEXT,
    closed             INTEGER,
    taxes_included     INTEGER,
    terminal           INTEGER NOT NULL,
    customer_id        TEXT,
    customer_email     TEXT,
    -- What the vendor needs to find the order again, JSON.
    reference          TEXT NOT NULL,
    -- The order in the common vocabulary, JSON.
    core               TEXT NOT NULL,
    -- The exact text that the vendor sent.
    raw                TEXT NOT NULL,
    -- SHA-256 of raw, hex.
    content_hash       TEXT NOT NULL,
    first_seen_at      TEXT NOT NULL,
    changed_at         TEXT NOT NULL,
    seen_at            TEXT NOT NULL,
    -- Since when the vendor no longer has it.
    gone_at            TEXT,
    -- The pass that saw it last.
    mark               INTEGER,
    PRIMARY KEY (provider, account, id)
);
INSERT INTO "orders" VALUES('sim','main','o000009',NULL,NULL,NULL,'unknown','2023-11-05T00:33:23.000Z','2023-11-05T00:33:23.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'{"id":"o000009"}','{"provider":"sim","account":"main","id":"o000009","kind":"unknown","created_at":"2023-11-05T00:33:23Z","updated_at":"2023-11-05T00:33:23Z","commission":{"status":{"native":"0","normal":"pending"}},"totals":[{"kind":"grand","amount":{"amount":"9.50","currency":"USD"}}]}','{"id":"o000009","status":0,"version":1,"amount":9.50}','7a642e8649e0322c0286869a31c68befe436aadca3d88c76fb5ea8fc1c493eac','2023-11-14T22:13:24.000Z','2023-11-14T22:13:24.000Z','2023-11-14T22:13:24.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000001',NULL,NULL,NULL,'unknown','2023-11-08T01:06:12.000Z','2023-11-08T01:06:12.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'{"id":"o000001"}','{"provider":"sim","account":"main","id":"o000001","kind":"unknown","created_at":"2023-11-08T01:06:12Z","updated_at":"2023-11-08T01:06:12Z","commission":{"status":{"native":"2","normal":"settled"}},"totals":[{"kind":"grand","amount":{"amount":"1.50","currency":"USD"}}]}','{"id":"o000001","status":2,"version":2,"amount":1.50}','7851081748d4b54b15dd28e811a8755be2e0c3192740924a6dfc926ccd28d481','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000011',NULL,NULL,NULL,'unknown','2023-11-08T04:08:18.000Z','2023-11-08T04:08:18.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'{"id":"o000011"}','{"provider":"sim","account":"main","id":"o000011","kind":"unknown","created_at":"2023-11-08T04:08:18Z","updated_at":"2023-11-08T04:08:18Z","commission":{"status":{"native":"0","normal":"pending"}},"totals":[{"kind":"grand","amount":{"amount":"11.50","currency":"USD"}}]}','{"id":"o000011","status":0,"version":1,"amount":11.50}','137ea4a09cb9ac788a57b0245ad5847876a93887bde5e0c89a0cc112309ca3fa','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000004',NULL,NULL,NULL,'unknown','2023-11-09T00:13:31.000Z','2023-11-09T00:13:31.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'{"id":"o000004"}','{"provider":"sim","account":"main","id":"o000004","kind":"unknown","created_at":"2023-11-09T00:13:31Z","updated_at":"2023-11-09T00:13:31Z","commission":{"status":{"native":"2","normal":"settled"}},"totals":[{"kind":"grand","amount":{"amount":"4.50","currency":"USD"}}]}','{"id":"o000004","status":2,"version":2,"amount":4.50}','12a43817884f25596e47e2a18c5cd39964502e66a817e5384f0f210452840b81','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000005',NULL,NULL,NULL,'unknown','2023-11-09T05:13:47.000Z','2023-11-09T05:13:47.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'{"id":"o000005"}','{"provider":"sim","account":"main","id":"o000005","kind":"unknown","created_at":"2023-11-09T05:13:47Z","updated_at":"2023-11-09T05:13:47Z","commission":{"status":{"native":"2","normal":"settled"}},"totals":[{"kind":"grand","amount":{"amount":"5.50","currency":"USD"}}]}','{"id":"o000005","status":2,"version":2,"amount":5.50}','4bc7bda9bf1bbcb48f194859cfb9e92a52659adcd79bdac7d3fb16ec6de39f3b','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000003',NULL,NULL,NULL,'unknown','2023-11-09T17:15:16.000Z','2023-11-09T17:15:16.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'{"id":"o000003"}','{"provider":"sim","account":"main","id":"o000003","kind":"unknown","created_at":"2023-11-09T17:15:16Z","updated_at":"2023-11-09T17:15:16Z","commission":{"status":{"native":"2","normal":"settled"}},"totals":[{"kind":"grand","amount":{"amount":"3.50","currency":"USD"}}]}','{"id":"o000003","status":2,"version":2,"amount":3.50}','6f79aca4d7bcce6fd208aa04199493003253f98459611f47efac5384f4624c2e','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z','2023-11-14T22:13:25.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000010',NULL,NULL,NULL,'unknown','2023-11-11T11:38:47.000Z','2023-11-11T11:38:47.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'{"id":"o000010"}','{"provider":"sim","account":"main","id":"o000010","kind":"unknown","created_at":"2023-11-11T11:38:47Z","updated_at":"2023-11-11T11:38:47Z","commission":{"status":{"native":"0","normal":"pending"}},"totals":[{"kind":"grand","amount":{"amount":"10.50","currency":"USD"}}]}','{"id":"o000010","status":0,"version":1,"amount":10.50}','0540b24950ac3865efb73ee102ea7c3bf3fb369b1e42369fd751195482284a40','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000007',NULL,NULL,NULL,'unknown','2023-11-11T17:49:25.000Z','2023-11-11T17:49:25.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'{"id":"o000007"}','{"provider":"sim","account":"main","id":"o000007","kind":"unknown","created_at":"2023-11-11T17:49:25Z","updated_at":"2023-11-11T17:49:25Z","commission":{"status":{"native":"0","normal":"pending"}},"totals":[{"kind":"grand","amount":{"amount":"7.50","currency":"USD"}}]}','{"id":"o000007","status":0,"version":1,"amount":7.50}','a8122fa7918443bbfd80fbf033ce471e3cad082042db99669826153ff7dea0af','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000002',NULL,NULL,NULL,'unknown','2023-11-12T01:28:17.000Z','2023-11-12T01:28:17.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'{"id":"o000002"}','{"provider":"sim","account":"main","id":"o000002","kind":"unknown","created_at":"2023-11-12T01:28:17Z","updated_at":"2023-11-12T01:28:17Z","commission":{"status":{"native":"2","normal":"settled"}},"totals":[{"kind":"grand","amount":{"amount":"2.50","currency":"USD"}}]}','{"id":"o000002","status":2,"version":2,"amount":2.50}','19f2a1fbe6f6ec6e27ca4a51a6e04dc8adcb677633e2de9dfe1a142269b659a0','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z','2023-11-22T22:13:29.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000012',NULL,NULL,NULL,'unknown','2023-11-13T09:45:55.000Z','2023-11-13T09:45:55.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'{"id":"o000012"}','{"provider":"sim","account":"main","id":"o000012","kind":"unknown","created_at":"2023-11-13T09:45:55Z","updated_at":"2023-11-13T09:45:55Z","commission":{"status":{"native":"0","normal":"pending"}},"totals":[{"kind":"grand","amount":{"amount":"12.50","currency":"USD"}}]}','{"id":"o000012","status":0,"version":1,"amount":12.50}','42b667096b756ced5933da1db4496a3a6ea89111d41b038900c2facfa1ba3469','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z','2023-11-22T22:13:29.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000006',NULL,NULL,NULL,'unknown','2023-11-14T03:08:52.000Z','2023-11-14T03:08:52.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'{"id":"o000006"}','{"provider":"sim","account":"main","id":"o000006","kind":"unknown","created_at":"2023-11-14T03:08:52Z","updated_at":"2023-11-14T03:08:52Z","commission":{"status":{"native":"2","normal":"settled"}},"totals":[{"kind":"grand","amount":{"amount":"6.50","currency":"USD"}}]}','{"id":"o000006","status":2,"version":2,"amount":6.50}','529837459ffbac0a1b541457476358ffc690a35dd784a4f121ec9342a3f21d7b','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z','2023-11-22T22:13:29.000Z',NULL,NULL);
INSERT INTO "orders" VALUES('sim','main','o000008',NULL,NULL,NULL,'unknown','2023-11-14T17:49:20.000Z','2023-11-14T17:49:20.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'{"id":"o000008"}','{"provider":"sim","account":"main","id":"o000008","kind":"unknown","created_at":"2023-11-14T17:49:20Z","updated_at":"2023-11-14T17:49:20Z","commission":{"status":{"native":"0","normal":"pending"}},"totals":[{"kind":"grand","amount":{"amount":"8.50","currency":"USD"}}]}','{"id":"o000008","status":0,"version":1,"amount":8.50}','d26fdd314b23612e55c516b6a9ebf42ab496a114d3265159b2e47169a930345b','2023-11-14T22:13:26.000Z','2023-11-14T22:13:26.000Z','2023-11-22T22:13:29.000Z',NULL,NULL);
CREATE TABLE runs (
    id         INTEGER PRIMARY KEY,
    provider   TEXT NOT NULL,
    account    TEXT NOT NULL,
    started_at TEXT NOT NULL,
    -- NULL: still at work, or killed.
    ended_at   TEXT,
    outcome    TEXT,
    -- The summary, JSON.
    summary    TEXT
);
INSERT INTO "runs" VALUES(1,'sim','main','2023-11-14T22:13:20.000Z','2023-11-14T22:13:26.000Z','complete','{"provider":"sim","account":"main","outcome":"complete","started_at":"2023-11-14T22:13:20Z","ended_at":"2023-11-14T22:13:26Z","pulled":12,"new":12,"changed":0,"unchanged":0,"requests":34,"retries":0,"windows":34,"waited_seconds":0,"gaps":0,"watermark":"2023-11-14T22:08:20Z","notes":["nothing was pulled before: the estimate counts the longest windows, busy ones take more"]}');
INSERT INTO "runs" VALUES(2,'sim','main','2023-11-22T22:13:26.000Z',NULL,NULL,NULL);
CREATE INDEX orders_open ON orders (provider, account, id) WHERE terminal = 0 AND gone_at IS NULL;
CREATE INDEX history_order ON history (provider, account, order_id, seq);
CREATE INDEX runs_account ON runs (provider, account, id);
COMMIT;
