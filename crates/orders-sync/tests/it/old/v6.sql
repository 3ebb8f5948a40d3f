-- The database of schema 5, brought to schema 6 by the migration of that time.
PRAGMA application_id = 1330791507;
PRAGMA user_version = 6;
BEGIN TRANSACTION;
CREATE TABLE checkpoints (
    provider   TEXT NOT NULL,
    account    TEXT NOT NULL,
    state      TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (provider, account)
) WITHOUT ROWID;
INSERT INTO checkpoints VALUES('clink','default','{"format":"orders-sync state","version":4,"account":{"provider":"clink","label":"default"},"asked":{"salt":"369ea9f1d387456ea1f0c03d02823a16","store":null,"credential":"14492b13d84e0ffe937ef3922769d91f1204d50e128880ac93f519cb6455559a"},"strategy":"scan","start":null,"watermark":"2026-03-14T00:20:00Z","dated":true,"lookback_at":null,"open_at":"2026-03-14T00:20:00.473463155Z","full_at":"2026-03-14T00:20:00.473463155Z","horizon":null,"next_horizon":null,"full_requests":1,"window_size":null,"walked":[0,0],"vendor_total":4,"scan":{"sort_order":"newest_first","tail":null,"total":4,"page_rows":6},"needs_full":false,"unproven":false,"marks":129,"jobs":[{"phase":"unshown","started_at":"2026-03-14T00:20:00.563576191Z","requests":0,"work":{"unshown":{"after":null}},"active":[],"next_id":0,"gaps":0}]}','2026-03-14T00:20:00.563Z');
INSERT INTO checkpoints VALUES('linkbest','default','{"format":"orders-sync state","version":4,"account":{"provider":"linkbest","label":"default"},"asked":{"salt":"a21885e35e70ecdc165faf520d7ce006","store":null,"credential":"e34571993f6b94290719d583962401ee1db3c51afb53da7c2373494c0f2c21d1"},"strategy":{"windows":"updated"},"start":"2026-02-23T00:00:00Z","watermark":"2026-03-12T00:15:00Z","dated":true,"lookback_at":"2026-03-12T00:20:01.359994218Z","open_at":"2026-03-12T00:20:01.684272865Z","full_at":null,"horizon":null,"next_horizon":null,"full_requests":null,"window_size":86398,"walked":[1988100,44],"vendor_total":null,"scan":null,"needs_full":false,"unproven":false,"marks":0,"jobs":[{"phase":"open_orders","started_at":"2026-03-14T00:20:01.133198417Z","requests":0,"work":{"open":{"created_since":"2025-09-15T00:20:01.133147005Z","seen_before":"2026-03-14T00:20:01.133147005Z","after":null}},"active":[],"next_id":0,"gaps":0}]}','2026-03-14T00:20:01.133Z');
INSERT INTO checkpoints VALUES('shopline','default','{"format":"orders-sync state","version":4,"account":{"provider":"shopline","label":"default"},"asked":{"salt":"1dd996022636e26d154a10473235f74e","store":"8b72b7bc73ef15d6bea59533f60218ab400255f2efdef740fe1510c06756a4b1","credential":"701e767fdd4b7410967dd5ee11cc6c0955bc7e67e962a552e3aae16a669ffd83"},"strategy":{"windows":"updated"},"start":"2026-01-28T00:00:00Z","watermark":"2026-03-14T00:15:00Z","dated":true,"lookback_at":"2026-03-12T00:20:01.953590101Z","open_at":"2026-03-14T00:20:00.269864786Z","full_at":null,"horizon":null,"next_horizon":null,"full_requests":2,"window_size":null,"walked":[8123401,12],"vendor_total":null,"scan":null,"needs_full":false,"unproven":false,"marks":0,"jobs":[]}','2026-03-14T00:20:00.433Z');
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
INSERT INTO runs VALUES(1,'clink','default','2026-03-01T00:20:02.007Z','2026-03-01T00:20:02.292Z','incomplete','{"provider":"clink","account":"default","outcome":"incomplete","started_at":"2026-03-01T00:20:02.007347611Z","ended_at":"2026-03-01T00:20:02.292505402Z","pulled":5,"new":5,"changed":0,"unchanged":0,"gone":0,"back":0,"doubted":0,"requests":2,"retries":0,"windows":1,"waited_seconds":0,"open_gaps":1,"accepted_gaps":0,"watermark":"2026-03-01T00:20:02Z"}');
INSERT INTO runs VALUES(2,'linkbest','default','2026-03-01T00:20:02.376Z','2026-03-01T00:20:02.908Z','complete','{"provider":"linkbest","account":"default","outcome":"complete","started_at":"2026-03-01T00:20:02.376816479Z","ended_at":"2026-03-01T00:20:02.908832462Z","pulled":6,"new":6,"changed":0,"unchanged":0,"gone":0,"back":0,"doubted":0,"requests":9,"retries":0,"windows":9,"waited_seconds":0,"open_gaps":0,"accepted_gaps":0,"watermark":"2026-03-01T00:15:02Z"}');
INSERT INTO runs VALUES(3,'shopline','default','2026-03-01T00:20:03.220Z','2026-03-01T00:20:03.448Z','complete','{"provider":"shopline","account":"default","outcome":"complete","started_at":"2026-03-01T00:20:03.220294969Z","ended_at":"2026-03-01T00:20:03.448091212Z","pulled":2,"new":2,"changed":0,"unchanged":0,"gone":0,"back":0,"doubted":0,"requests":2,"retries":0,"windows":2,"waited_seconds":0,"open_gaps":0,"accepted_gaps":0,"watermark":"2026-03-01T00:15:03Z"}');
INSERT INTO runs VALUES(4,'clink','default','2026-03-04T00:20:00.584Z','2026-03-04T00:20:00.740Z','incomplete','{"provider":"clink","account":"default","outcome":"incomplete","started_at":"2026-03-04T00:20:00.584618782Z","ended_at":"2026-03-04T00:20:00.740618090Z","pulled":5,"new":1,"changed":1,"unchanged":3,"gone":0,"back":0,"doubted":1,"requests":2,"retries":0,"windows":1,"waited_seconds":0,"open_gaps":1,"accepted_gaps":0,"watermark":"2026-03-04T00:20:00Z"}');
INSERT INTO runs VALUES(5,'linkbest','default','2026-03-04T00:20:00.768Z','2026-03-04T00:20:01.440Z','incomplete','{"provider":"linkbest","account":"default","outcome":"incomplete","started_at":"2026-03-04T00:20:00.768179113Z","ended_at":"2026-03-04T00:20:01.440855881Z","pulled":2,"new":0,"changed":1,"unchanged":1,"gone":0,"back":0,"doubted":0,"requests":12,"retries":0,"windows":9,"waited_seconds":0,"open_gaps":1,"accepted_gaps":0,"watermark":"2026-03-04T00:15:00Z"}');
INSERT INTO runs VALUES(6,'shopline','default','2026-03-04T00:20:01.562Z','2026-03-04T00:20:01.961Z','complete','{"provider":"shopline","account":"default","outcome":"complete","started_at":"2026-03-04T00:20:01.562697763Z","ended_at":"2026-03-04T00:20:01.961373786Z","pulled":1,"new":1,"changed":0,"unchanged":0,"gone":0,"back":0,"doubted":0,"requests":4,"retries":0,"windows":4,"waited_seconds":0,"open_gaps":0,"accepted_gaps":0,"watermark":"2026-03-04T00:15:01Z"}');
INSERT INTO runs VALUES(7,'clink','default','2026-03-12T00:20:00.164Z','2026-03-12T00:20:00.324Z','incomplete','{"provider":"clink","account":"default","outcome":"incomplete","started_at":"2026-03-12T00:20:00.164185825Z","ended_at":"2026-03-12T00:20:00.324866628Z","pulled":5,"new":0,"changed":0,"unchanged":5,"gone":1,"back":0,"doubted":0,"requests":2,"retries":0,"windows":1,"waited_seconds":0,"open_gaps":1,"accepted_gaps":0,"watermark":"2026-03-12T00:20:00Z"}');
INSERT INTO runs VALUES(8,'linkbest','default','2026-03-12T00:20:00.390Z','2026-03-12T00:20:01.868Z','incomplete','{"provider":"linkbest","account":"default","outcome":"incomplete","started_at":"2026-03-12T00:20:00.390748510Z","ended_at":"2026-03-12T00:20:01.868780140Z","pulled":2,"new":0,"changed":0,"unchanged":2,"gone":0,"back":0,"doubted":1,"requests":27,"retries":0,"windows":16,"waited_seconds":0,"open_gaps":1,"accepted_gaps":0,"watermark":"2026-03-12T00:15:00Z"}');
INSERT INTO runs VALUES(9,'shopline','default','2026-03-12T00:20:01.888Z','2026-03-12T00:20:02.169Z','complete','{"provider":"shopline","account":"default","outcome":"complete","started_at":"2026-03-12T00:20:01.888722678Z","ended_at":"2026-03-12T00:20:02.169953327Z","pulled":3,"new":0,"changed":0,"unchanged":3,"gone":0,"back":0,"doubted":0,"requests":6,"retries":0,"windows":4,"waited_seconds":0,"open_gaps":0,"accepted_gaps":0,"watermark":"2026-03-12T00:15:01Z"}');
INSERT INTO runs VALUES(10,'shopline','default','2026-03-14T00:20:00.247Z','2026-03-14T00:20:00.433Z','complete','{"provider":"shopline","account":"default","outcome":"complete","started_at":"2026-03-14T00:20:00.247573089Z","ended_at":"2026-03-14T00:20:00.433242565Z","pulled":2,"new":0,"changed":0,"unchanged":2,"gone":0,"back":0,"doubted":1,"requests":4,"retries":0,"windows":2,"waited_seconds":0,"open_gaps":0,"accepted_gaps":0,"watermark":"2026-03-14T00:15:00Z"}');
INSERT INTO runs VALUES(11,'clink','default','2026-03-14T00:20:00.470Z',NULL,NULL,NULL);
INSERT INTO runs VALUES(12,'linkbest','default','2026-03-14T00:20:01.131Z',NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "gaps" (
    id              INTEGER PRIMARY KEY,
    provider        TEXT NOT NULL,
    account         TEXT NOT NULL,
    -- The slice, the order or the record, JSON.
    missing         TEXT NOT NULL,
    kind            TEXT NOT NULL,
    path            TEXT,
    reason          TEXT NOT NULL,
    first_at        TEXT NOT NULL,
    last_at         TEXT NOT NULL,
    tries           INTEGER NOT NULL,
    -- When it was read after all; NULL: still missing.
    filled_at       TEXT,
    -- When the user accepted it, and why; NULL: open.
    accepted_at     TEXT,
    accepted_reason TEXT,
    UNIQUE (provider, account, missing)
);
INSERT INTO gaps VALUES(1,'clink','default','{"record":"content:6ed291e291753bc9e0b173d02d0d7fb65916534aedd81f65da7f900d4d4887f1"}','decode','rows[1].orderId','a record without orderId at rows[1].orderId (decode)','2026-03-14T00:20:00.529Z','2026-03-14T00:20:00.529Z',1,NULL,NULL,NULL);
INSERT INTO gaps VALUES(2,'linkbest','default','{"record":"700000007"}','decode','Data[1].OrdersPrice','invalid type: map, expected a decimal at Data[1].OrdersPrice (decode)','2026-03-04T00:20:00.974Z','2026-03-12T00:20:01.546Z',2,NULL,NULL,NULL);
CREATE TABLE unreadable (
    provider      TEXT NOT NULL,
    account       TEXT NOT NULL,
    -- The id of the order; else content: and the hash of the text.
    key           TEXT NOT NULL,
    id            TEXT,
    -- The time of the order, where it could be read: UTC, RFC 3339 with milliseconds.
    time          TEXT,
    path          TEXT NOT NULL,
    reason        TEXT NOT NULL,
    -- The exact text that the vendor sent.
    raw           TEXT NOT NULL,
    -- SHA-256 of raw, hex.
    content_hash  TEXT NOT NULL,
    -- The slice that showed it, JSON; NULL: a look-up.
    slice         TEXT,
    -- The run that saw it last.
    run           INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    seen_at       TEXT NOT NULL,
    -- When the order was read after all, or its slice no longer showed the record; NULL: neither.
    closed_at     TEXT,
    -- The scan that saw it last.
    mark          INTEGER,
    PRIMARY KEY (provider, account, key)
);
INSERT INTO unreadable VALUES('clink','default','content:6ed291e291753bc9e0b173d02d0d7fb65916534aedd81f65da7f900d4d4887f1',NULL,'2026-01-31T06:31:55.522Z','rows[1].orderId','a record without orderId','{"orderId":"","type":"onetime","merchantReferenceId":"null","invoiceId":null,"customerId":"cus_sandbox00000","customerEmail":"buyer.168352@example.com","createTime":1769841115522,"productId":"prd_dm8dhxc0oblr45jv","priceId":"price_rzgofif902akcpda","priceDataList":[{"name":"T-shirt \"Plain\"","unitAmount":48.68,"quantity":3,"currency":"USD","imageUrl":"https://img.example.com/e544175c.png"},{"name":"Notebook A5 \\ dotted","unitAmount":162.38,"quantity":1,"currency":"USD","imageUrl":"https://img.example.com/9d20691b.png"}],"paymentMethod":{"paymentMethodType":"CARD","paymentInstrumentId":"pi_01d64ce18gwrrczhh6","cardScheme":"VISA","cardLastFour":"0005","issuerRegion":"DE","issuerBank":"例子银行","wallet":null},"paymentExecutionDetails":[{"channelCode":"ch_beta","channelTransactionId":"26278768722493983271","originalFailureCode":null,"originalFailureMessage":null}],"amountSubtotal":308.42,"amountTotal":308.42,"paymentCurrency":"USD","originalCurrency":"USD","status":"created","paymentTime":1769841746112,"sessionId":"sess_u573svwk3kdcdyalrp0b","metadata":{"note":"ギフト 🎁 \"wrapped\"","seat":"31"},"riskLevel":"HIGH"}','6ed291e291753bc9e0b173d02d0d7fb65916534aedd81f65da7f900d4d4887f1','{"walk":"pages"}',11,'2026-03-14T00:20:00.529Z','2026-03-14T00:20:00.529Z',NULL,98);
INSERT INTO unreadable VALUES('linkbest','default','700000007','700000007','2026-01-25T11:14:52.000Z','Data[1].OrdersPrice','invalid type: map, expected a decimal','{"Id":"700000007","ProgramId":"3305","ProgramName":"サンプル市場","WebsiteId":"1026","LinkId":"","SubId":"a&b=c","OrderSn":"LB78989884384187","ParentOrderSn":"","OrderTime":"2026-01-25 19:14:52","OrdersPrice":{"is":"no amount"},"SiterCommission":65.91,"Currency":"CNY","Status":"1","ConfirmPrice":8129.95,"ConfirmSiterCommission":246.20,"ChargeCurrency":"USD","ChargeTime":"","Details":[{"ItemCate":"62921","ItemCateName":"1503","ItemId":"455680748943","ItemName":"羊毛毛毯 / 红色","ItemPrice":"1869.78","ItemCount":"1","OrdersPrice":1072.82,"OrderStatus":"shipped","OrderCommission":10.73,"OrderSn":"LB78989884384187","ParentOrderSn":"","ItemImg":"https://img.example.com/c3731173.jpg","ShopTitle":"Example Shop","LbOrderStatus":"2"},{"ItemCate":"86678","ItemCateName":null,"ItemId":"489725142946","ItemName":"Vin d''essai","ItemPrice":"352.59","ItemCount":"1","OrdersPrice":1103.64,"OrderStatus":"已完成","OrderCommission":55.18,"OrderSn":"LB78989884384187","ParentOrderSn":"","ItemImg":"https://img.example.com/55f95d45.jpg","ShopTitle":"示例旗舰店","LbOrderStatus":"21"}]}','b068f41934e2db030cfab8268b78638e18986e0e9497a1bab29d79f6055c589c','{"walk":"windows","axis":"updated","window":{"from":"2026-03-03T00:14:56Z","to":"2026-03-04T00:14:54Z"}}',8,'2026-03-04T00:20:00.974Z','2026-03-12T00:20:01.546Z',NULL,NULL);
CREATE TABLE accounts (
    key      INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    account  TEXT NOT NULL,
    -- The number of the newest row of order_rows, within the account.
    orders   INTEGER NOT NULL DEFAULT 0,
    -- The number of the newest change, within the account: what readers follow.
    changes  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (provider, account)
);
INSERT INTO accounts VALUES(1,'clink','default',6,9);
INSERT INTO accounts VALUES(2,'linkbest','default',6,8);
INSERT INTO accounts VALUES(3,'shopline','default',3,4);
CREATE TABLE order_rows (
    -- The account's key times 2^40, and a number within the account.
    key                 INTEGER PRIMARY KEY,
    account             INTEGER NOT NULL REFERENCES accounts (key),
    -- The vendor's id; of an order without one: no-id/ and its identity, or content: and a hash.
    id                  TEXT NOT NULL,
    number              TEXT,
    merchant_reference  TEXT,
    parent_id           TEXT,
    program_id          TEXT,
    -- What identifies an order beside its id, where the vendor has such a thing.
    identity            TEXT,
    kind                TEXT NOT NULL,
    created_at          INTEGER,
    -- The offset from UTC in which created_at came, in seconds.
    created_offset      INTEGER,
    updated_at          INTEGER,
    paid_at             INTEGER,
    cancelled_at        INTEGER,
    settled_at          INTEGER,
    -- The word of the common vocabulary, and the vendor's own.
    payment             TEXT,
    payment_native      TEXT,
    fulfillment         TEXT,
    fulfillment_native  TEXT,
    commission          TEXT,
    commission_native   TEXT,
    closed              INTEGER,
    taxes_included      INTEGER,
    terminal            INTEGER NOT NULL,
    customer_id         TEXT,
    customer_email      TEXT,
    -- Sums: exact text in major units, currency, minor units. NULL: not known.
    total               TEXT,
    total_currency      TEXT,
    total_minor         INTEGER,
    charged             TEXT,
    charged_currency    TEXT,
    charged_minor       INTEGER,
    money_back          TEXT,
    money_back_currency TEXT,
    money_back_minor    INTEGER,
    net                 TEXT,
    net_currency        TEXT,
    net_minor           INTEGER,
    -- The version of the mapping that read the text; 0: from before versions were counted.
    mapping             INTEGER NOT NULL,
    -- A hash of all that it made of the text: where it differs, the row is written anew.
    view_hash           INTEGER NOT NULL,
    -- SHA-256 of the text.
    content_hash        BLOB NOT NULL,
    first_seen_at       INTEGER NOT NULL,
    changed_at          INTEGER NOT NULL,
    seen_at             INTEGER NOT NULL,
    -- The attempt at a list that showed it last.
    mark                INTEGER,
    -- Since when the vendor no longer has it.
    gone_at             INTEGER,
    -- A reading that should have shown the order did not: when that reading began. The order is looked up next.
    unshown_at          INTEGER,
    -- Since when the order is doubted: when the first reading that did not show it was settled, when that reading began,
    -- and when the last such reading began.
    doubted_at          INTEGER,
    doubted_from        INTEGER,
    absent_at           INTEGER,
    UNIQUE (account, id)
);
INSERT INTO order_rows VALUES(1099511627777,1,'order_pfqijm3tag7qcqo4670',NULL,NULL,'inv_zsqkyynfik18po4oppaa',NULL,NULL,'subscription',1771725594250,0,NULL,1771725670230,NULL,NULL,'paid','success',NULL,NULL,NULL,NULL,NULL,NULL,0,'cus_sandbox00000','buyer.908301@example.com','0.1234567890123456789012345678','USD',NULL,'0.1234567890123456789012345678','USD',NULL,'0',NULL,0,'0.1234567890123456789012345678','USD',NULL,0,0,X'226825ab643394bafbc760902f90ca445939d26599102da58455fbb004e84a74',1772324402240,1772324402240,1773447600529,98,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(1099511627778,1,'order_um1ya8p1yn9y0zp1052',NULL,'ref-000',NULL,NULL,NULL,'sale',1768770057174,0,NULL,NULL,NULL,NULL,'failed','failed',NULL,NULL,NULL,NULL,NULL,NULL,1,'cus_sandbox00000','buyer.713238@example.com','1234567890123456789012.3456','CLF',NULL,NULL,NULL,NULL,'0',NULL,0,NULL,NULL,NULL,0,0,X'1eedfb434a655dbd0de8fb0e5be702fb9e37bdecf25159e7af4b8fd30ebf1858',1772324402240,1772324402240,1773447600529,98,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(1099511627779,1,'order_cc3jv9c68x9432fzbc3',NULL,'ref-ee6572df1e14','inv_ky0pbn423csq2zy7fkfc',NULL,NULL,'subscription',1767441886874,0,NULL,1767441961547,NULL,NULL,'refunded','refunded',NULL,NULL,NULL,NULL,NULL,NULL,1,'cus_sandbox00000','buyer.870756@example.com','46635','JPY',46635,'46635','JPY',46635,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'e90dc31c264e913085294df6f95d45c371536cd7829b4d33d7630e9b4529f3f7',1772324402240,1772583600693,1773447600529,98,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(1099511627780,1,'order_on10e16gn8r81wrq0s4',NULL,'ref-d9ecd68cc523',NULL,NULL,NULL,'sale',1766086480035,0,NULL,1766087314486,NULL,NULL,'partially_refunded','partial_refunded',NULL,NULL,NULL,NULL,NULL,NULL,0,'cus_sandbox00000','buyer.276100@example.com','109.7','AUD',10970,'109.7','AUD',10970,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'220e0f4c0f2d555c130b6f27ccfcb8c5b3f21eab7b98d8c0666745f78d8261f2',1772324402240,1772324402240,1773274800264,66,NULL,1773447600473,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(1099511627781,1,'order_brrvmsim3kkiq1udyl5',NULL,'ref-ac364074de2e',NULL,NULL,NULL,'sale',1764554641553,0,NULL,1764555042696,NULL,NULL,'paid','success',NULL,NULL,NULL,NULL,NULL,NULL,0,'cus_sandbox00000','buyer.640012@example.com','1372.21','AUD',137221,'1372.21','AUD',137221,'0',NULL,0,'1372.21','AUD',137221,0,0,X'a5a36e359878a79c310571b9fd170a76c3ab7e59717b5382416f2c25a637f391',1772324402240,1772324402240,1772324402240,2,1773274800324,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(1099511627782,1,'content:796a698f9ba1ffac',NULL,NULL,NULL,NULL,NULL,'sale',1769841115522,0,NULL,NULL,NULL,NULL,'unpaid','created',NULL,NULL,NULL,NULL,NULL,NULL,0,'cus_sandbox00000','buyer.168352@example.com','308.42','USD',30842,NULL,NULL,NULL,'0',NULL,0,NULL,NULL,NULL,0,0,X'6ed291e291753bc9e0b173d02d0d7fb65916534aedd81f65da7f900d4d4887f1',1772583600659,1772583600659,1773447600472,NULL,NULL,1773447600473,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(2199023255553,2,'700000017','LB74139540346642',NULL,NULL,'3303','3303/LB74139540346642/+','affiliate',1769287523000,28800,NULL,NULL,NULL,1771927708000,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'76991.00','KWD',76991000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'70eea3e75b68cef02133e95ae40b34573723478d4dcba118115c864fbe19c1a3',1772324402456,1772324402456,1772324402456,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(2199023255554,2,'700000003','LB91964630323900',NULL,NULL,'3301','3301/LB91964630323900/+','affiliate',1769212778000,28800,NULL,NULL,NULL,1772000826000,NULL,NULL,NULL,NULL,'settled','2',NULL,NULL,1,NULL,NULL,'1779.38','USD',177938,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'bbec68b180e4f90a4620415d1bb1b6268a6d4707a30aea94885b934d5415f7ca',1772324402604,1772324402604,1772324402604,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(2199023255555,2,'700000010','LB37819972510032',NULL,NULL,'3305','3305/LB37819972510032/+','affiliate',1772125035000,28800,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pending','0',NULL,NULL,0,NULL,NULL,'46.90','USD',4690,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'a578c487097729591f0eb17fdf3476ea3b47717832f9afe76887dd9b0b1cef16',1772324402664,1772324402664,1772324402664,NULL,NULL,NULL,1773274801867,1773274801732,1773274801732);
INSERT INTO order_rows VALUES(2199023255556,2,'no-id/3302/LB94824144341602/+','LB94824144341602',NULL,NULL,'3302','3302/LB94824144341602/+','affiliate',1772123610000,28800,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'confirmed','1',NULL,NULL,0,NULL,NULL,'3343.32','USD',334332,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'b3158d0067f2833f3af9bd39448f5167ab558d166ff06a92c077d0284a84c130',1772324402664,1772583600974,1773274801779,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(2199023255557,2,'700000012','LB65296957329710',NULL,NULL,'3301','3301/LB65296957329710/+','affiliate',1771813038000,28800,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'invalid','-1',NULL,NULL,1,NULL,NULL,'0.00','EUR',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'710f5d772b4b3ecb2612aa80261ffd608b9974e662c908ebbdaf74e5969925e1',1772324402771,1772324402771,1772583601267,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(2199023255558,2,'700000007','LB78989884384187',NULL,NULL,'3305','3305/LB78989884384187/+','affiliate',1769339692000,28800,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'confirmed','1',NULL,NULL,0,NULL,NULL,'8129.95','USD',812995,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,X'8d3245d711e3acfbe38b7e2341cac64051abfa994895477bb2a874c6ee8b735d',1772324402840,1772324402840,1773274801546,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(3298534883329,3,'21017694733814400000000004','1005',NULL,NULL,NULL,NULL,'sale',1769473381000,28800,1770668945000,NULL,1770668945000,NULL,'partially_paid','partially_paid','fulfilled','shipped',NULL,NULL,0,0,0,'2002000000','buyer.667694@example.com','573.60','USD',57360,NULL,NULL,NULL,'0',NULL,0,NULL,NULL,NULL,0,0,X'aaf021e3d5ea7dca6c70b939a0d4b42609d1e7a982ca4aac01a8ec8e4ef3d5c7',1772324403385,1772324403385,1773274802168,NULL,NULL,NULL,1773447600431,1773447600269,1773447600269);
INSERT INTO order_rows VALUES(3298534883330,3,'21017705425647940000000005','1006',NULL,NULL,NULL,NULL,'sale',1770542564000,28800,1771194383000,NULL,NULL,NULL,'partially_refunded','partially_refunded','unfulfilled','null',NULL,NULL,0,0,0,'2002000000','buyer.170591@example.com','557.28','KWD',557280,'557.28','KWD',557280,'111.46','KWD',111460,'445.82','KWD',445820,0,0,X'ae6682e59a1ddc4a31b0290a86f8018227dec81ef3535cbaa6daf2e727e584ad',1772324403385,1772324403385,1773447600292,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_rows VALUES(3298534883331,3,'21017591912085570000000000','1001',NULL,NULL,NULL,NULL,'sale',1759191208000,28800,1772582400000,NULL,NULL,NULL,'partially_refunded','partially_refunded','unfulfilled','null',NULL,NULL,0,0,0,'42016080000000000000000002','buyer.476601@example.com','880.28','USD',88028,'880.28','USD',88028,'110.04','USD',11004,'770.24','USD',77024,0,0,X'31ad5daa1c2a97e4c19ec6d96eaa09fb265a6ae00f1b6dcfad7e33f2f4ab03ef',1772583601613,1772583601613,1773447600292,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE order_texts (
    key INTEGER PRIMARY KEY,
    raw TEXT NOT NULL
);
INSERT INTO order_texts VALUES(1099511627777,'{"orderId":"order_pfqijm3tag7qcqo4670","type":"recurring","merchantReferenceId":null,"invoiceId":"inv_zsqkyynfik18po4oppaa","customerId":"cus_sandbox00000","customerEmail":"buyer.908301@example.com","createTime":1771725594250,"productId":"prd_4m0eppyhzmeffnpv","priceId":"price_e7dzfv02oxqryjco","priceDataList":[{"name":"Lampe de bureau « Aurore »","unitAmount":213.49,"quantity":12,"currency":"USD","imageUrl":"https://img.example.com/e73880f1.png"}],"paymentMethod":{"paymentMethodType":"CARD","paymentInstrumentId":"pi_hm4itjiqit744v4sqe","cardScheme":"Mastercard","cardLastFour":"1003","issuerRegion":"DE","issuerBank":"例子银行","wallet":null},"paymentExecutionDetails":[{"channelCode":"ch_beta","channelTransactionId":"82401147604774595949","originalFailureCode":"05","originalFailureMessage":"Do not honor"},{"channelCode":"ch_alpha","channelTransactionId":"92252642673502918380","originalFailureCode":null,"originalFailureMessage":null}],"amountSubtotal":0.1234567890123456789012345678,"amountTotal":0.1234567890123456789012345678,"paymentCurrency":"USD","originalCurrency":"USD","status":"success","paymentTime":1771725670230,"sessionId":"sess_cx1fjgh30vnpjsoiz940","metadata":{"note":"ギフト 🎁 \"wrapped\"","seat":"69"},"riskLevel":"LOW"}');
INSERT INTO order_texts VALUES(1099511627778,'{"orderId":"order_um1ya8p1yn9y0zp1052","type":"onetime","merchantReferenceId":"ref-000","invoiceId":null,"customerId":"cus_sandbox00000","customerEmail":"buyer.713238@example.com","createTime":1768770057174,"productId":"prd_qv6rvhwxtagtvqmo","priceId":"price_j2tux9qplj9zgl4v","priceDataList":[{"name":"Notebook A5 \\ dotted","unitAmount":122.74,"quantity":3,"currency":"CLF","imageUrl":null},{"name":"Wollmütze größe M","unitAmount":233.15,"quantity":2,"currency":"CLF","imageUrl":"https://img.example.com/8f1ec0a3.png"}],"paymentMethod":{"paymentMethodType":"CARD","paymentInstrumentId":"pi_1rz5ukv0ly5lb99eox","cardScheme":"VISA","cardLastFour":"4242","issuerRegion":"JP","issuerBank":"例子银行","wallet":null},"paymentExecutionDetails":[{"channelCode":"ch_beta","channelTransactionId":"79291245437877467747","originalFailureCode":"05","originalFailureMessage":"Do not honor"}],"amountSubtotal":1234567890123456789012.3456,"amountTotal":1234567890123456789012.3456,"paymentCurrency":"CLF","originalCurrency":"CLF","status":"failed","failureCode":"processor_communication_error","failureMessage":"The processor could not be reached.","paymentTime":1768770831042,"sessionId":"sess_n0lxbo69gp3lkas2852k","metadata":{"note":"ギフト 🎁 \"wrapped\"","seat":"45"},"riskLevel":"LOW"}');
INSERT INTO order_texts VALUES(1099511627779,'{"orderId":"order_cc3jv9c68x9432fzbc3","type":"recurring","merchantReferenceId":"ref-ee6572df1e14","invoiceId":"inv_ky0pbn423csq2zy7fkfc","customerId":"cus_sandbox00000","customerEmail":"buyer.870756@example.com","createTime":1767441886874,"productId":"prd_3sz6avyepuxa7mct","priceId":"price_tz39xn2xbois5ew6","priceDataList":[{"name":"Gift box 🎁","unitAmount":15545,"quantity":3,"currency":"JPY","imageUrl":"https://img.example.com/f1136d10.png"}],"paymentMethod":{"paymentMethodType":"CASHAPP","paymentInstrumentId":"pi_lv7l36lccmbco4s5hs","cardScheme":null,"cardLastFour":null,"wallet":{"accountTag":"$tag5182"}},"paymentExecutionDetails":[{"channelCode":"ch_beta","channelTransactionId":"15668093165045203377","originalFailureCode":"05","originalFailureMessage":"Do not honor"},{"channelCode":"ch_beta","channelTransactionId":"86334063330535354036","originalFailureCode":null,"originalFailureMessage":null}],"amountSubtotal":46635,"amountTotal":46635,"paymentCurrency":"JPY","originalCurrency":"JPY","status":"refunded","paymentTime":1767441961547,"sessionId":"sess_1kktsgmq1lw5hwo3gwjj","metadata":{},"riskLevel":"LOW"}');
INSERT INTO order_texts VALUES(1099511627780,'{"orderId":"order_on10e16gn8r81wrq0s4","type":"onetime","merchantReferenceId":"ref-d9ecd68cc523","invoiceId":null,"customerId":"cus_sandbox00000","customerEmail":"buyer.276100@example.com","createTime":1766086480035,"productId":"prd_zivab8vidx9scc5z","priceId":"price_mtlbpuvbj4jr4wbn","priceDataList":[{"name":"Gift box 🎁","unitAmount":14.26,"quantity":3,"currency":"GBP","imageUrl":"https://img.example.com/8de041b0.png"}],"paymentMethod":{"paymentMethodType":"WECHAT","paymentInstrumentId":"pi_vzjokwl180kfb4fve8","cardScheme":null,"cardLastFour":null,"wallet":{"accountTag":"$tag8466"}},"paymentExecutionDetails":null,"amountSubtotal":109.7,"amountTotal":109.7,"paymentCurrency":"AUD","originalCurrency":"GBP","status":"partial_refunded","paymentTime":1766087314486,"sessionId":"sess_xrlqqaim4s22djtfx32v","metadata":{"campaign":"spring/2026"},"riskLevel":"HIGH"}');
INSERT INTO order_texts VALUES(1099511627781,'{"orderId":"order_brrvmsim3kkiq1udyl5","type":"onetime","merchantReferenceId":"ref-ac364074de2e","invoiceId":null,"customerId":"cus_sandbox00000","customerEmail":"buyer.640012@example.com","createTime":1764554641553,"productId":"prd_k5g4qhkk1dzy21sg","priceId":"price_cf041vnstgo75r1j","priceDataList":[{"name":"Gift box 🎁","unitAmount":111.59,"quantity":2,"currency":"AUD","imageUrl":"https://img.example.com/8fd00211.png"},{"name":"T-shirt \"Plain\"","unitAmount":81.75,"quantity":2,"currency":"AUD","imageUrl":null},{"name":"羊毛毛毯 / 红色","unitAmount":138.45,"quantity":12,"currency":"AUD","imageUrl":null}],"paymentMethod":{"paymentMethodType":"KAKAO","paymentInstrumentId":"pi_7rvtuogds4f48pmmm0","cardScheme":null,"cardLastFour":null,"wallet":{"accountTag":"$tag5273"}},"paymentExecutionDetails":[{"channelCode":"ch_alpha","channelTransactionId":"50028692728872976610","originalFailureCode":null,"originalFailureMessage":null}],"amountSubtotal":2048.08,"amountTotal":1372.21,"paymentCurrency":"AUD","originalCurrency":"AUD","status":"success","paymentTime":1764555042696,"sessionId":"sess_oqwx7mcfiokidc41yo5n","metadata":{"campaign":"spring/2026"},"riskLevel":null}');
INSERT INTO order_texts VALUES(1099511627782,'{"orderId":"","type":"onetime","merchantReferenceId":"null","invoiceId":null,"customerId":"cus_sandbox00000","customerEmail":"buyer.168352@example.com","createTime":1769841115522,"productId":"prd_dm8dhxc0oblr45jv","priceId":"price_rzgofif902akcpda","priceDataList":[{"name":"T-shirt \"Plain\"","unitAmount":48.68,"quantity":3,"currency":"USD","imageUrl":"https://img.example.com/e544175c.png"},{"name":"Notebook A5 \\ dotted","unitAmount":162.38,"quantity":1,"currency":"USD","imageUrl":"https://img.example.com/9d20691b.png"}],"paymentMethod":{"paymentMethodType":"CARD","paymentInstrumentId":"pi_01d64ce18gwrrczhh6","cardScheme":"VISA","cardLastFour":"0005","issuerRegion":"DE","issuerBank":"例子银行","wallet":null},"paymentExecutionDetails":[{"channelCode":"ch_beta","channelTransactionId":"26278768722493983271","originalFailureCode":null,"originalFailureMessage":null}],"amountSubtotal":308.42,"amountTotal":308.42,"paymentCurrency":"USD","originalCurrency":"USD","status":"created","paymentTime":1769841746112,"sessionId":"sess_u573svwk3kdcdyalrp0b","metadata":{"note":"ギフト 🎁 \"wrapped\"","seat":"31"},"riskLevel":"HIGH"}');
INSERT INTO order_texts VALUES(2199023255553,'{"Id":"700000017","ProgramId":"3303","ProgramName":"Muster & Söhne","WebsiteId":"1026","LinkId":"88001","SubId":"a&b=c","OrderSn":"LB74139540346642","ParentOrderSn":"","OrderTime":"2026-01-25 04:45:23","OrdersPrice":12.345,"SiterCommission":769.91,"Currency":"KWD","Status":"2","ConfirmPrice":76991.00,"ConfirmSiterCommission":769.91,"ChargeCurrency":"KWD","ChargeTime":"2026-02-24 18:08:28","Details":[{"ItemCate":"93586","ItemCateName":null,"ItemId":"112564589834","ItemName":"Tea pot, 1.2 l","ItemPrice":"7216.53","ItemCount":"2","OrdersPrice":12.345,"OrderStatus":"","OrderCommission":769.91,"OrderSn":"LB74139540346642","ParentOrderSn":"","ItemImg":"https://img.example.com/8447b8e6.jpg","ShopTitle":"Example Shop","LbOrderStatus":"31"}]}');
INSERT INTO order_texts VALUES(2199023255554,'{"Id":"700000003","ProgramId":"3301","ProgramName":"Example Mall","WebsiteId":"2040","LinkId":"88001","SubId":"a&b=c","OrderSn":"LB91964630323900","ParentOrderSn":"","OrderTime":"2026-01-24 07:59:38","OrdersPrice":"1779.38","SiterCommission":"17.79","Currency":"USD","Status":"2","ConfirmPrice":"1779.38","ConfirmSiterCommission":"17.79","ChargeCurrency":"USD","ChargeTime":"2026-02-25 14:27:06","Details":[{"ItemCate":"82048","ItemCateName":"Home/Kitchen","ItemId":"599249979860","ItemName":"羊毛毛毯 / 红色","ItemPrice":"5650.82","ItemCount":"10","OrdersPrice":"1779.38","OrderStatus":"已完成","OrderCommission":"17.79","OrderSn":"LB91964630323900","ParentOrderSn":"","ItemImg":"https://img.example.com/f820c114.jpg","ShopTitle":"Example Shop","LbOrderStatus":"1"}]}');
INSERT INTO order_texts VALUES(2199023255555,'{"Id":"700000010","ProgramId":"3305","ProgramName":"\u30b5\u30f3\u30d7\u30eb\u5e02\u5834","WebsiteId":"2040","LinkId":"88002","SubId":"\u6807\u7b7e","OrderSn":"LB37819972510032","ParentOrderSn":"","OrderTime":"2026-02-27 00:57:15","OrdersPrice":"46.90","SiterCommission":"3.75","Currency":"USD","Status":"0","ConfirmPrice":null,"ConfirmSiterCommission":null,"ChargeCurrency":null,"ChargeTime":null,"Details":[{"ItemCate":"67341","ItemCateName":"Home\/Kitchen","ItemId":"311949819127","ItemName":"Gift box \ud83c\udf81","ItemPrice":"4514.72","ItemCount":"1","OrdersPrice":"46.90","OrderStatus":"","OrderCommission":"3.75","OrderSn":"LB37819972510032","ParentOrderSn":"","ItemImg":"https:\/\/img.example.com\/bde9efe0.jpg","ShopTitle":"\u793a\u4f8b\u65d7\u8230\u5e97","LbOrderStatus":"21"}]}');
INSERT INTO order_texts VALUES(2199023255556,'{"Id":"","ProgramId":"3302","ProgramName":"示例商城","WebsiteId":"1027","LinkId":"88001","SubId":"a&b=c","OrderSn":"LB94824144341602","ParentOrderSn":"","OrderTime":"2026-02-27 00:33:30","OrdersPrice":"1852.15","SiterCommission":"148.18","Currency":"CNY","Status":"1","ConfirmPrice":"3343.32","ConfirmSiterCommission":"267.48","ChargeCurrency":"USD","ChargeTime":null,"Details":[{"ItemCate":"18694","ItemCateName":"1503","ItemId":"434682101196","ItemName":"T-shirt \"Plain\"","ItemPrice":"8043.69","ItemCount":"2","OrdersPrice":"1758.45","OrderStatus":"待付款","OrderCommission":"140.68","OrderSn":"LB94824144341602","ParentOrderSn":"","ItemImg":"https://img.example.com/bf656d13.jpg","ShopTitle":"示例旗舰店","LbOrderStatus":"-1"},{"ItemCate":"52948","ItemCateName":"家居","ItemId":"562466311744","ItemName":"T-shirt \"Plain\"","ItemPrice":"2714.62","ItemCount":"10","OrdersPrice":"93.70","OrderStatus":"待付款","OrderCommission":"7.50","OrderSn":"LB94824144341602","ParentOrderSn":"","ItemImg":"https://img.example.com/ba0108e1.jpg","ShopTitle":"示例旗舰店","LbOrderStatus":"1"}]}');
INSERT INTO order_texts VALUES(2199023255557,'{"Id":"700000012","ProgramId":"3301","ProgramName":"Example Mall","WebsiteId":"1026","LinkId":"88002","SubId":"标签","OrderSn":"LB65296957329710","ParentOrderSn":"","OrderTime":"2026-02-23 10:17:18","OrdersPrice":6033.13,"SiterCommission":508.20,"Currency":"EUR","Status":"-1","ConfirmPrice":0.00,"ConfirmSiterCommission":0.00,"ChargeCurrency":"EUR","ChargeTime":null,"Details":[{"ItemCate":"23235","ItemCateName":"Home/Kitchen","ItemId":"966622461454","ItemName":"USB-C cable 2 m","ItemPrice":"8529.42","ItemCount":"2","OrdersPrice":1138.12,"OrderStatus":"","OrderCommission":34.14,"OrderSn":"LB65296957329710","ParentOrderSn":"","ItemImg":"https://img.example.com/e1c48b57.jpg","ShopTitle":"示例旗舰店","LbOrderStatus":"3"},{"ItemCate":"59889","ItemCateName":"1503","ItemId":"855106197579","ItemName":"コーヒー豆 200g","ItemPrice":"7794.20","ItemCount":"1","OrdersPrice":2437.88,"OrderStatus":"Zugestellt","OrderCommission":195.03,"OrderSn":"LB65296957329710","ParentOrderSn":"","ItemImg":"https://img.example.com/7ace2da5.jpg","ShopTitle":"Example Shop","LbOrderStatus":"31"},{"ItemCate":"23497","ItemCateName":"家居","ItemId":"700804253014","ItemName":"Stuhl","ItemPrice":"4376.21","ItemCount":"10","OrdersPrice":2061.40,"OrderStatus":"3","OrderCommission":247.37,"OrderSn":"LB65296957329710","ParentOrderSn":"","ItemImg":"https://img.example.com/495b8cdd.jpg","ShopTitle":"Example Shop","LbOrderStatus":"32"},{"ItemCate":"85276","ItemCateName":"1503","ItemId":"260229576872","ItemName":"Vin d''essai","ItemPrice":"8251.95","ItemCount":"1","OrdersPrice":395.73,"OrderStatus":"已完成","OrderCommission":31.66,"OrderSn":"LB65296957329710","ParentOrderSn":"","ItemImg":"https://img.example.com/e9a0e4ca.jpg","ShopTitle":"示例旗舰店","LbOrderStatus":"4"}]}');
INSERT INTO order_texts VALUES(2199023255558,'{"Id":"700000007","ProgramId":"3305","ProgramName":"サンプル市場","WebsiteId":"1026","LinkId":"","SubId":"a&b=c","OrderSn":"LB78989884384187","ParentOrderSn":"","OrderTime":"2026-01-25 19:14:52","OrdersPrice":2176.46,"SiterCommission":65.91,"Currency":"CNY","Status":"1","ConfirmPrice":8129.95,"ConfirmSiterCommission":246.20,"ChargeCurrency":"USD","ChargeTime":"","Details":[{"ItemCate":"62921","ItemCateName":"1503","ItemId":"455680748943","ItemName":"羊毛毛毯 / 红色","ItemPrice":"1869.78","ItemCount":"1","OrdersPrice":1072.82,"OrderStatus":"shipped","OrderCommission":10.73,"OrderSn":"LB78989884384187","ParentOrderSn":"","ItemImg":"https://img.example.com/c3731173.jpg","ShopTitle":"Example Shop","LbOrderStatus":"2"},{"ItemCate":"86678","ItemCateName":null,"ItemId":"489725142946","ItemName":"Vin d''essai","ItemPrice":"352.59","ItemCount":"1","OrdersPrice":1103.64,"OrderStatus":"已完成","OrderCommission":55.18,"OrderSn":"LB78989884384187","ParentOrderSn":"","ItemImg":"https://img.example.com/55f95d45.jpg","ShopTitle":"示例旗舰店","LbOrderStatus":"21"}]}');
INSERT INTO order_texts VALUES(3298534883329,'{"id":"21017694733814400000000004","name":"1005","created_at":"2026-01-27T08:23:01+08:00","updated_at":"2026-02-10T04:29:05+08:00","cancelled_at":"2026-02-10T04:29:05+08:00","cancel_reason":"客户取消 / customer changed their mind","order_status_url":"https://sandbox-store.example.com/orders/21017694733814400000000004?key=1f32bae3b6db24f1","user_id":"2002000000","email":"buyer.667694@example.com","phone":"","customer":{"id":"2002000000","updated_at":"2026-01-27T08:23:01+08:00","area_code":"852","currency":"USD","email":"buyer.667694@example.com","addresses":{"first_name":"Giulia","last_name":"Example","name":"Giulia Example","phone":"+1 555 0102","address1":"1 Example Street / 示例路1号","address2":"","city":"例市","province":"サンプル県","province_code":"00","country":"Japan","country_code":"JP","city_code":"440113","zip":"000-0000"},"created_at":"2026-01-27T08:23:01+08:00","first_name":"Giulia","last_name":"Example","phone":"+1 555 0102"},"shipping_address":{"first_name":"Giulia","last_name":"Example","name":"Giulia Example","phone":"+1 555 0102","address1":"1 Example Street / 示例路1号","address2":"","city":"示例市","province":"广东","province_code":"440000","country":"China","country_code":"CN","company":"","city_code":"440100","district":"测试区","district_code":"440372","delivery_store_name":null,"delivery_store_code":null,"zip":"000001"},"billing_address":null,"customer_locale":"","buyer_note":"please gift-wrap 🎁","note":"","tax_number":null,"tax_type":"1","currency":"USD","presentment_currency":"USD","taxes_included":false,"total_line_items_price":"494.13","total_line_items_price_set":{"presentment_money":{"amount":"494.13","currency_code":"USD"},"shop_money":{"amount":"494.13","currency_code":"USD"}},"subtotal_price":"469.42","subtotal_price_set":{"presentment_money":{"amount":"469.42","currency_code":"USD"},"shop_money":{"amount":"469.42","currency_code":"USD"}},"current_subtotal_price":"469.42","current_subtotal_price_set":{"presentment_money":{"amount":"469.42","currency_code":"USD"},"shop_money":{"amount":"469.42","currency_code":"USD"}},"total_discounts":"24.71","total_discounts_set":{"presentment_money":{"amount":"24.71","currency_code":"USD"},"shop_money":{"amount":"24.71","currency_code":"USD"}},"current_total_discounts":"24.71","current_total_discounts_set":{"presentment_money":{"amount":"24.71","currency_code":"USD"},"shop_money":{"amount":"24.71","currency_code":"USD"}},"total_shipping_price_set":{"presentment_money":{"amount":"5.00","currency_code":"USD"},"shop_money":{"amount":"5.00","currency_code":"USD"}},"total_tax":"99.18","total_tax_set":{"presentment_money":{"amount":"99.18","currency_code":"USD"},"shop_money":{"amount":"99.18","currency_code":"USD"}},"current_total_tax":"99.18","current_total_tax_set":{"presentment_money":{"amount":"99.18","currency_code":"USD"},"shop_money":{"amount":"99.18","currency_code":"USD"}},"current_total_price":"573.60","current_total_price_set":{"presentment_money":{"amount":"573.60","currency_code":"USD"},"shop_money":{"amount":"573.60","currency_code":"USD"}},"total_outstanding":"286.80","total_tip_received":"0.00","adjust_price":"0.00","adjust_price_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}},"status":"canceled","financial_status":"partially_paid","fulfillment_status":"shipped","hidden_order":false,"tags":null,"line_items":[{"id":"4500040","product_id":"16095925893396225253043462","variant_id":"18032918095251728978445563","sku":"SKU-48470","title":"Tea pot, 1.2 l","name":"Tea pot, 1.2 l","variant_title":"","attribute":"","quantity":1,"fulfillable_quantity":0,"price":"494.13","grams":1234.5,"taxable":true,"requires_shipping":true,"gift_card":null,"fulfillment_service":null,"fulfillment_status":"fulfilled","vendor":"Example Vendor","tax_lines":[{"title":"VAT","rate":0.2,"price":"98.83","price_set":{"presentment_money":{"amount":"98.83","currency_code":"USD"},"shop_money":{"amount":"98.83","currency_code":"USD"}}}],"image_url":"https://img.example.com/8564df42.jpg","properties":[{"name":"Engraving \"front\"","value":"für Ömer 🎉","type":"text","urls":[]}],"tags":""}],"total_weight":1234.5,"tax_lines":[{"title":"VAT","rate":0.2,"price":"98.83","price_set":{"presentment_money":{"amount":"98.83","currency_code":"USD"},"shop_money":{"amount":"98.83","currency_code":"USD"}}},{"title":"express_tax","rate":0.07,"price":"0.35","price_set":{"presentment_money":{"amount":"0.35","currency_code":"USD"},"shop_money":{"amount":"0.35","currency_code":"USD"}}}],"shipping_lines":[{"title":"Standard","code":"743443437516","discounted_price":"5.00","phone":"","price":"5.00","price_set":{"presentment_money":{"amount":"5.00","currency_code":"USD"},"shop_money":{"amount":"5.00","currency_code":"USD"}},"requested_fulfillment_service_id":null,"tax_lines":[{"title":"express_tax","rate":0.07,"price":"0.35","price_set":{"presentment_money":{"amount":"0.35","currency_code":"USD"},"shop_money":{"amount":"0.35","currency_code":"USD"}}}]}],"fulfillments":[{"id":"2527290847819259352354","order_id":"21017694733814400000000004","status":"success","shipment_status":"delivered","tracking_company":"","tracking_number":"","tracking_url":"","line_items":[{"id":"4500040","product_id":"16095925893396225253043462","variant_id":"18032918095251728978445563","sku":"SKU-48470","title":"Tea pot, 1.2 l","name":"Tea pot, 1.2 l","variant_title":"","attribute":"","quantity":1,"fulfillable_quantity":0,"price":"494.13","grams":1234.5,"taxable":true,"requires_shipping":true,"gift_card":false,"fulfillment_service":null,"fulfillment_status":"fulfilled","vendor":"","tax_lines":[{"title":"VAT","rate":0.2,"price":"98.83","price_set":{"presentment_money":{"amount":"98.83","currency_code":"USD"},"shop_money":{"amount":"98.83","currency_code":"USD"}}}],"image_url":"https://img.example.com/6844a412.jpg"}],"created_at":"2026-01-27T09:23:01+08:00","updated_at":"2026-01-27T09:23:01+08:00"}],"refunds":[],"payment_details":[],"payment_gateway_names":null,"discount_codes":[{"code":"SPRING60","type":"减金额","amount":"24.71"}],"note_attributes":[{"name":"seller","value":"hello \\ 你好","create_time":"2026-01-27T09:23:01+08:00"}],"service":null,"locations":null,"browser_ip":"192.0.2.49","client_details":{"browser_ip":"192.0.2.49","session_hash":"dde4f1d727464846fbdc","user_agent":"Mozilla/5.0 (Example; rv:1.0)"},"order_from":"web","token_info":{"cart_token":"4d730c7185534242ae72","checkout_token":"10974a2f31632ac96909"}}');
INSERT INTO order_texts VALUES(3298534883330,'{"id":"21017705425647940000000005","name":"1006","created_at":"2026-02-08T17:22:44+08:00","updated_at":"2026-02-16T06:26:23+08:00","cancelled_at":null,"cancel_reason":null,"order_status_url":"https://sandbox-store.example.com/orders/21017705425647940000000005?key=a63137607f9f07f6","user_id":"2002000000","email":"buyer.170591@example.com","phone":"","customer":{"id":"2002000000","updated_at":"2026-02-08T17:22:44+08:00","area_code":"+1","currency":"KWD","email":"buyer.170591@example.com","addresses":{"first_name":"José","last_name":"de la Muestra","name":"José de la Muestra","phone":"+1 555 0131","address1":"1 Example Street / 示例路1号","address2":"","city":"例市","province":"サンプル県","province_code":"00","country":"Japan","country_code":"JP","city_code":"440113","zip":"000-0000"},"created_at":"2026-02-08T17:22:44+08:00","first_name":"José","last_name":"de la Muestra","phone":"+1 555 0131"},"shipping_address":{"first_name":"José","last_name":"de la Muestra","name":"José de la Muestra","phone":"+1 555 0131","address1":"1 Example Street / 示例路1号","address2":"","city":"Musterstadt","province":"Bayern","province_code":"BY","country":"Germany","country_code":"DE","company":"Example GmbH","city_code":"440100","district":"","district_code":"440372","delivery_store_name":null,"delivery_store_code":null,"zip":"00000","latitude":null,"longitude":null,"standard_province_code":"BY","neighborhood":null},"billing_address":null,"customer_locale":"enCN","buyer_note":"please gift-wrap 🎁","note":"","tax_number":"XX-000000","tax_type":"","currency":"KWD","presentment_currency":"KWD","taxes_included":false,"total_line_items_price":"586.61","total_line_items_price_set":{"presentment_money":{"amount":"586.61","currency_code":"KWD"},"shop_money":{"amount":"586.61","currency_code":"KWD"}},"subtotal_price":"557.28","subtotal_price_set":{"presentment_money":{"amount":"557.28","currency_code":"KWD"},"shop_money":{"amount":"557.28","currency_code":"KWD"}},"current_subtotal_price":"557.28","current_subtotal_price_set":{"presentment_money":{"amount":"557.28","currency_code":"KWD"},"shop_money":{"amount":"557.28","currency_code":"KWD"}},"total_discounts":"29.33","total_discounts_set":{"presentment_money":{"amount":"29.33","currency_code":"KWD"},"shop_money":{"amount":"29.33","currency_code":"KWD"}},"current_total_discounts":"29.33","current_total_discounts_set":{"presentment_money":{"amount":"29.33","currency_code":"KWD"},"shop_money":{"amount":"29.33","currency_code":"KWD"}},"total_shipping_price_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}},"total_tax":"0.00","total_tax_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}},"current_total_tax":"0.00","current_total_tax_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}},"current_total_price":"557.28","current_total_price_set":{"presentment_money":{"amount":"557.28","currency_code":"KWD"},"shop_money":{"amount":"557.28","currency_code":"KWD"}},"total_outstanding":"0.00","total_tip_received":"0.00","adjust_price":"0.05","adjust_price_set":{"presentment_money":{"amount":"0.05","currency_code":"KWD"},"shop_money":{"amount":"0.05","currency_code":"KWD"}},"status":"open","financial_status":"partially_refunded","fulfillment_status":"null","hidden_order":false,"tags":null,"line_items":[{"id":"4500050","product_id":"16054227309783147669011570","variant_id":"18084221562549111835010969","sku":"SKU-43944","title":"コーヒー豆 200g","name":"コーヒー豆 200g","variant_title":"155 / 红色 / 大","attribute":"颜色 - 红色, 尺寸 - X","quantity":1,"fulfillable_quantity":1,"price":"586.61","grams":0,"taxable":false,"requires_shipping":true,"gift_card":false,"fulfillment_service":null,"fulfillment_status":"null","vendor":"Example Vendor","tax_lines":[{"title":"VAT","rate":0,"price":"0.00","price_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}}}],"image_url":"https://img.example.com/f86e2fc6.jpg","properties":[],"tags":"big,red","is_bundle":null,"bundle_parent_item":null}],"total_weight":0,"tax_lines":[],"shipping_lines":[{"title":null,"code":null,"discounted_price":null,"phone":"","price":null,"price_set":null,"requested_fulfillment_service_id":null,"tax_lines":[{"title":"express_tax","rate":0,"price":"0.00","price_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}}}]}],"fulfillments":[],"refunds":[{"id":"2641876703077342065947","order_id":"21017705425647940000000005","user_id":"2002697754","note":"","created_at":"2026-02-08T18:22:44+08:00","processed_at":"2026-02-08T18:22:44+08:00","refund_line_items":[{"id":"RDP5685468976513611111","line_item_id":"4500050","line_item":{"id":"4500050","product_id":"16054227309783147669011570","variant_id":"18084221562549111835010969","sku":"SKU-43944","title":"コーヒー豆 200g","name":"コーヒー豆 200g","variant_title":"","attribute":"","quantity":1,"fulfillable_quantity":1,"price":"586.61","grams":0,"taxable":false,"requires_shipping":true,"gift_card":false,"fulfillment_service":null,"fulfillment_status":"null","vendor":"","tax_lines":[{"title":"VAT","rate":0,"price":"0.00","price_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}}}],"image_url":null,"properties":[{"name":"Engraving \"front\"","value":"see","type":"link","urls":["https://www.example.com/a?b=c&d=e"]}],"tags":""},"quantity":1,"restock_type":"no_restock","subtotal":586.61,"subtotal_set":{"presentment_money":{"amount":"586.61","currency_code":"KWD"},"shop_money":{"amount":"586.61","currency_code":"KWD"}},"total_tax":0,"total_tax_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}}}],"order_adjustments":[{"id":"RAP3774834040717240354","order_id":"21017705425647940000000005","refund_id":"2756595186808027126515","kind":"shipping_refund","reason":"Refund discrepancy","amount":"-4.57","amount_set":{"presentment_money":{"amount":-4.57,"currency_code":"KWD"},"shop_money":{"amount":-4.57,"currency_code":"KWD"}},"tax_amount":"0.00","tax_amount_set":{"presentment_money":{"amount":0,"currency_code":"KWD"},"shop_money":{"amount":0,"currency_code":"KWD"}}}],"transactions":[{"id":"2820711803815840136460","order_id":"21017705425647940000000005","user_id":"2002697754","kind":"refund","status":"failure","amount":"139.32","currency":"KWD","created_at":"2026-02-08T18:22:44+08:00","processed_at":null}],"total_duties_set":null,"transactions_v2":[]},{"id":"2680066027381324869017","order_id":"21017705425647940000000005","user_id":"2002697754","note":"wrong size","created_at":"2026-02-08T18:22:44+08:00","processed_at":null,"refund_line_items":null,"order_adjustments":[],"transactions":[{"id":"3993404955590302420950","order_id":"21017705425647940000000005","user_id":"2002697754","kind":"refund","status":"success","amount":"111.46","currency":"KWD","created_at":"2026-02-08T18:22:44+08:00","processed_at":"2026-02-08T18:22:44+08:00"}],"total_duties_set":null,"transactions_v2":[]}],"payment_details":[{"pay_seq":"608539043925141266","pay_status":"paid","pay_amount":557.28,"pay_channel":"Paypal","pay_merchant_id":"2941361374","pay_merchant_order_id":"3510987426923602","pay_channel_deal_id":"2508209261149716500","create_time":"2026-02-08T18:22:44+08:00"}],"payment_gateway_names":["Paypal"],"discount_codes":[{"code":"SPRING24","type":"固定售价","amount":"29.33"}],"note_attributes":[],"service":null,"locations":[],"browser_ip":"192.0.2.245","client_details":{"browser_ip":"192.0.2.245","session_hash":"bcb5c7c35a4e3f07f805","user_agent":"Mozilla/5.0 (Example; rv:1.0)"},"order_from":"admin","cart_token":"d981e0d874819c8b8a3e","checkout_token":"31238ae183b24233f6ff","fulfillment_status_v2":"unshipped","return_info":{"return_status":"NO_RETURN"},"checkout_id":"39185940152199083891","checkout_language":"en","company":null,"contract_seq":"","credit_limit":null,"current_total_duties_set":null,"deduct_member_point_amount":"0.00","deduct_member_point_amount_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}},"discount_applications":[],"landing_site":"/","order_at":"2026-02-08T17:22:44+08:00","order_source":"web","payment_terms":null,"po_number":"","pos_location_id":null,"processed_at":"2026-02-08T17:22:44+08:00","processed_user_id":null,"referring_site":"","source_identifier":null,"source_name":"web","source_url":null,"store_id":"1672369729000","tax_description":null,"total_tip_received_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}},"total_outstanding_set":{"presentment_money":{"amount":"0.00","currency_code":"KWD"},"shop_money":{"amount":"0.00","currency_code":"KWD"}},"utm_parameters":null,"app_id":null}');
INSERT INTO order_texts VALUES(3298534883331,'{"id":"21017591912085570000000000","name":"1001","created_at":"2025-09-30T08:13:28+08:00","updated_at":"2026-03-04T08:00:00+08:00","cancelled_at":null,"cancel_reason":null,"order_status_url":"https://sandbox-store.example.com/orders/21017591912085570000000000?key=db23c13b1010013e","user_id":"42016080000000000000000002","email":"buyer.476601@example.com","phone":"","customer":{"id":"42016080000000000000000002","updated_at":"2025-09-30T08:13:28+08:00","area_code":"852","currency":"USD","email":"buyer.476601@example.com","addresses":{"first_name":"José","last_name":"O''Sample","name":"José O''Sample","phone":"+1 555 0119","address1":"1 Example Street / 示例路1号","address2":"","city":"示例市","province":"广东","province_code":"440000","country":"China","country_code":"CN","city_code":"440113","zip":"000001"},"created_at":"2025-09-30T08:13:28+08:00","first_name":"José","last_name":"O''Sample","phone":"+1 555 0119"},"shipping_address":{"first_name":"José","last_name":"O''Sample","name":"José O''Sample","phone":"+1 555 0119","address1":"1 Example Street / 示例路1号","address2":"","city":"例市","province":"サンプル県","province_code":"00","country":"Japan","country_code":"JP","company":"示例公司","city_code":"440100","district":"試験区","district_code":"440372","delivery_store_name":null,"delivery_store_code":null,"zip":"000-0000"},"billing_address":null,"customer_locale":"","buyer_note":"","note":null,"tax_number":"XX-000000","tax_type":null,"currency":"USD","presentment_currency":"USD","taxes_included":false,"total_line_items_price":"867.44","total_line_items_price_set":{"presentment_money":{"amount":"867.44","currency_code":"USD"},"shop_money":{"amount":"867.44","currency_code":"USD"}},"subtotal_price":"867.44","subtotal_price_set":{"presentment_money":{"amount":"867.44","currency_code":"USD"},"shop_money":{"amount":"867.44","currency_code":"USD"}},"current_subtotal_price":"867.44","current_subtotal_price_set":{"presentment_money":{"amount":"867.44","currency_code":"USD"},"shop_money":{"amount":"867.44","currency_code":"USD"}},"total_discounts":"0.00","total_discounts_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}},"current_total_discounts":"0.0","current_total_discounts_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}},"total_shipping_price_set":{"presentment_money":{"amount":"12.00","currency_code":"USD"},"shop_money":{"amount":"12.00","currency_code":"USD"}},"total_tax":"0.84","total_tax_set":{"presentment_money":{"amount":"0.84","currency_code":"USD"},"shop_money":{"amount":"0.84","currency_code":"USD"}},"current_total_tax":"0.84","current_total_tax_set":{"presentment_money":{"amount":"0.84","currency_code":"USD"},"shop_money":{"amount":"0.84","currency_code":"USD"}},"current_total_price":"880.28","current_total_price_set":{"presentment_money":{"amount":"880.28","currency_code":"USD"},"shop_money":{"amount":"880.28","currency_code":"USD"}},"total_outstanding":"0.00","total_tip_received":"0.00","adjust_price":"0.00","adjust_price_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}},"status":"open","financial_status":"partially_refunded","fulfillment_status":"null","hidden_order":false,"tags":"return","line_items":[{"id":"4500000","product_id":"16036530077343568120863917","variant_id":"18089581363497696423757550","sku":"SKU-64594","title":"Lampe de bureau « Aurore »","name":"Lampe de bureau « Aurore »","variant_title":"155 / 红色 / 大","attribute":"Size - L","quantity":1,"fulfillable_quantity":1,"price":"867.44","grams":120,"taxable":false,"requires_shipping":true,"gift_card":false,"fulfillment_service":"","fulfillment_status":"null","vendor":"Example Vendor","tax_lines":[{"title":"VAT","rate":0,"price":"0.00","price_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}}}],"image_url":null,"properties":[],"tags":""}],"total_weight":120,"tax_lines":[{"title":"VAT","rate":0,"price":"0.00","price_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}}},{"title":"express_tax","rate":0.07,"price":"0.84","price_set":{"presentment_money":{"amount":"0.84","currency_code":"USD"},"shop_money":{"amount":"0.84","currency_code":"USD"}}}],"shipping_lines":[{"title":"Expédition rapide","code":"507640775720","discounted_price":"12.00","phone":"","price":"12.00","price_set":{"presentment_money":{"amount":"12.00","currency_code":"USD"},"shop_money":{"amount":"12.00","currency_code":"USD"}},"requested_fulfillment_service_id":null,"tax_lines":[{"title":"express_tax","rate":0.07,"price":"0.84","price_set":{"presentment_money":{"amount":"0.84","currency_code":"USD"},"shop_money":{"amount":"0.84","currency_code":"USD"}}}]}],"fulfillments":[],"refunds":[{"id":"2638338808747244984407","order_id":"21017591912085570000000000","user_id":null,"note":"买家退款","created_at":"2026-03-04T08:00:00+08:00","processed_at":"2026-03-04T08:00:00+08:00","refund_line_items":[{"id":"RDP8065209160859976001","line_item_id":"4500000","line_item":{"id":"4500000","product_id":"16036530077343568120863917","variant_id":"18089581363497696423757550","sku":"SKU-64594","title":"Lampe de bureau « Aurore »","name":"Lampe de bureau « Aurore »","variant_title":"155 / 红色 / 大","attribute":"Size - L","quantity":1,"fulfillable_quantity":1,"price":"867.44","grams":120,"taxable":false,"requires_shipping":true,"gift_card":null,"fulfillment_service":"Example Express","fulfillment_status":"null","vendor":"","tax_lines":[{"title":"VAT","rate":0,"price":"0.00","price_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}}}],"image_url":"https://img.example.com/712f5fed.jpg","properties":[],"tags":""},"quantity":1,"restock_type":"no_restock","subtotal":867.44,"subtotal_set":{"presentment_money":{"amount":"867.44","currency_code":"USD"},"shop_money":{"amount":"867.44","currency_code":"USD"}},"total_tax":0,"total_tax_set":{"presentment_money":{"amount":"0.00","currency_code":"USD"},"shop_money":{"amount":"0.00","currency_code":"USD"}}}],"order_adjustments":[{"id":"RAP2654364871973065171","order_id":"21017591912085570000000000","refund_id":"2769094927953842823398","kind":"shipping_refund","reason":"Refund discrepancy","amount":"4.88","amount_set":{"presentment_money":{"amount":4.88,"currency_code":"USD"},"shop_money":{"amount":4.88,"currency_code":"USD"}},"tax_amount":"0.00","tax_amount_set":{"presentment_money":{"amount":0,"currency_code":"USD"},"shop_money":{"amount":0,"currency_code":"USD"}}}],"transactions":[{"id":"1428246635196462145351","order_id":"21017591912085570000000000","user_id":null,"kind":"refund","status":"success","amount":"110.04","currency":"USD","created_at":"2026-03-04T08:00:00+08:00","processed_at":null}]}],"payment_details":[{"pay_seq":"233078879716490651","pay_status":"paid","pay_amount":880.28,"payment_channel":"Paypal","payment_merchant_id":"3934845018","payment_merchant_order_id":"7370579369319312","pay_channel_deal_id":"1031056313947590964","create_time":"2025-09-30T09:13:28+08:00"}],"payment_gateway_names":[],"discount_codes":[],"note_attributes":[],"service":null,"locations":null,"browser_ip":"192.0.2.98","client_details":{"browser_ip":"192.0.2.98","session_hash":"159f47934f3f4c42925f","user_agent":"Mozilla/5.0 (Example; rv:1.0)"},"order_from":"web","token_info":{"cart_token":"c49efb820ba8f4fc0084","checkout_token":"66bcfd2d63024519c184"}}');
CREATE TABLE amount_rows (
    key      INTEGER NOT NULL,
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
    PRIMARY KEY (key, position)
) WITHOUT ROWID;
INSERT INTO amount_rows VALUES(1099511627777,0,'grand','single','0.1234567890123456789012345678','USD',NULL);
INSERT INTO amount_rows VALUES(1099511627777,1,'subtotal','single','0.1234567890123456789012345678','USD',NULL);
INSERT INTO amount_rows VALUES(1099511627777,2,'charged','single','0.1234567890123456789012345678','USD',NULL);
INSERT INTO amount_rows VALUES(1099511627778,0,'grand','single','1234567890123456789012.3456','CLF',NULL);
INSERT INTO amount_rows VALUES(1099511627778,1,'subtotal','single','1234567890123456789012.3456','CLF',NULL);
INSERT INTO amount_rows VALUES(1099511627779,0,'grand','single','46635','JPY',46635);
INSERT INTO amount_rows VALUES(1099511627779,1,'subtotal','single','46635','JPY',46635);
INSERT INTO amount_rows VALUES(1099511627779,2,'charged','single','46635','JPY',46635);
INSERT INTO amount_rows VALUES(1099511627780,0,'grand','single','109.7','AUD',10970);
INSERT INTO amount_rows VALUES(1099511627780,1,'subtotal','single','109.7','',NULL);
INSERT INTO amount_rows VALUES(1099511627780,2,'charged','single','109.7','AUD',10970);
INSERT INTO amount_rows VALUES(1099511627781,0,'grand','single','1372.21','AUD',137221);
INSERT INTO amount_rows VALUES(1099511627781,1,'subtotal','single','2048.08','AUD',204808);
INSERT INTO amount_rows VALUES(1099511627781,2,'charged','single','1372.21','AUD',137221);
INSERT INTO amount_rows VALUES(1099511627782,0,'grand','single','308.42','USD',30842);
INSERT INTO amount_rows VALUES(1099511627782,1,'subtotal','single','308.42','USD',30842);
INSERT INTO amount_rows VALUES(2199023255553,0,'estimated','single','12.345','KWD',12345);
INSERT INTO amount_rows VALUES(2199023255553,1,'confirmed','single','76991.00','KWD',76991000);
INSERT INTO amount_rows VALUES(2199023255553,2,'commission_estimated','single','769.91','KWD',769910);
INSERT INTO amount_rows VALUES(2199023255553,3,'commission_confirmed','single','769.91','KWD',769910);
INSERT INTO amount_rows VALUES(2199023255554,0,'estimated','single','1779.38','USD',177938);
INSERT INTO amount_rows VALUES(2199023255554,1,'confirmed','single','1779.38','USD',177938);
INSERT INTO amount_rows VALUES(2199023255554,2,'commission_estimated','single','17.79','USD',1779);
INSERT INTO amount_rows VALUES(2199023255554,3,'commission_confirmed','single','17.79','USD',1779);
INSERT INTO amount_rows VALUES(2199023255555,0,'estimated','single','46.90','USD',4690);
INSERT INTO amount_rows VALUES(2199023255555,1,'commission_estimated','single','3.75','USD',375);
INSERT INTO amount_rows VALUES(2199023255556,0,'estimated','single','1852.15','CNY',185215);
INSERT INTO amount_rows VALUES(2199023255556,1,'confirmed','single','3343.32','USD',334332);
INSERT INTO amount_rows VALUES(2199023255556,2,'commission_estimated','single','148.18','CNY',14818);
INSERT INTO amount_rows VALUES(2199023255556,3,'commission_confirmed','single','267.48','USD',26748);
INSERT INTO amount_rows VALUES(2199023255557,0,'estimated','single','6033.13','EUR',603313);
INSERT INTO amount_rows VALUES(2199023255557,1,'confirmed','single','0.00','EUR',0);
INSERT INTO amount_rows VALUES(2199023255557,2,'commission_estimated','single','508.20','EUR',50820);
INSERT INTO amount_rows VALUES(2199023255557,3,'commission_confirmed','single','0.00','EUR',0);
INSERT INTO amount_rows VALUES(2199023255558,0,'estimated','single','2176.46','CNY',217646);
INSERT INTO amount_rows VALUES(2199023255558,1,'confirmed','single','8129.95','USD',812995);
INSERT INTO amount_rows VALUES(2199023255558,2,'commission_estimated','single','65.91','CNY',6591);
INSERT INTO amount_rows VALUES(2199023255558,3,'commission_confirmed','single','246.20','USD',24620);
INSERT INTO amount_rows VALUES(3298534883329,0,'lines','shop','494.13','USD',49413);
INSERT INTO amount_rows VALUES(3298534883329,1,'lines','presentment','494.13','USD',49413);
INSERT INTO amount_rows VALUES(3298534883329,2,'discount','shop','24.71','USD',2471);
INSERT INTO amount_rows VALUES(3298534883329,3,'discount','presentment','24.71','USD',2471);
INSERT INTO amount_rows VALUES(3298534883329,4,'subtotal','shop','469.42','USD',46942);
INSERT INTO amount_rows VALUES(3298534883329,5,'subtotal','presentment','469.42','USD',46942);
INSERT INTO amount_rows VALUES(3298534883329,6,'shipping','shop','5.00','USD',500);
INSERT INTO amount_rows VALUES(3298534883329,7,'shipping','presentment','5.00','USD',500);
INSERT INTO amount_rows VALUES(3298534883329,8,'tax','shop','99.18','USD',9918);
INSERT INTO amount_rows VALUES(3298534883329,9,'tax','presentment','99.18','USD',9918);
INSERT INTO amount_rows VALUES(3298534883329,10,'tip','single','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883329,11,'adjustment','shop','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883329,12,'adjustment','presentment','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883329,13,'current:current_total_price','shop','573.60','USD',57360);
INSERT INTO amount_rows VALUES(3298534883329,14,'current:current_total_price','presentment','573.60','USD',57360);
INSERT INTO amount_rows VALUES(3298534883329,15,'current:current_subtotal_price','shop','469.42','USD',46942);
INSERT INTO amount_rows VALUES(3298534883329,16,'current:current_subtotal_price','presentment','469.42','USD',46942);
INSERT INTO amount_rows VALUES(3298534883329,17,'current:current_total_discounts','shop','24.71','USD',2471);
INSERT INTO amount_rows VALUES(3298534883329,18,'current:current_total_discounts','presentment','24.71','USD',2471);
INSERT INTO amount_rows VALUES(3298534883329,19,'current:current_total_tax','shop','99.18','USD',9918);
INSERT INTO amount_rows VALUES(3298534883329,20,'current:current_total_tax','presentment','99.18','USD',9918);
INSERT INTO amount_rows VALUES(3298534883329,21,'outstanding','single','286.80','USD',28680);
INSERT INTO amount_rows VALUES(3298534883330,0,'lines','shop','586.61','KWD',586610);
INSERT INTO amount_rows VALUES(3298534883330,1,'lines','presentment','586.61','KWD',586610);
INSERT INTO amount_rows VALUES(3298534883330,2,'discount','shop','29.33','KWD',29330);
INSERT INTO amount_rows VALUES(3298534883330,3,'discount','presentment','29.33','KWD',29330);
INSERT INTO amount_rows VALUES(3298534883330,4,'subtotal','shop','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,5,'subtotal','presentment','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,6,'shipping','shop','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,7,'shipping','presentment','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,8,'tax','shop','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,9,'tax','presentment','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,10,'tip','shop','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,11,'tip','presentment','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,12,'adjustment','shop','0.05','KWD',50);
INSERT INTO amount_rows VALUES(3298534883330,13,'adjustment','presentment','0.05','KWD',50);
INSERT INTO amount_rows VALUES(3298534883330,14,'current:current_total_price','shop','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,15,'current:current_total_price','presentment','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,16,'current:current_subtotal_price','shop','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,17,'current:current_subtotal_price','presentment','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,18,'current:current_total_discounts','shop','29.33','KWD',29330);
INSERT INTO amount_rows VALUES(3298534883330,19,'current:current_total_discounts','presentment','29.33','KWD',29330);
INSERT INTO amount_rows VALUES(3298534883330,20,'current:current_total_tax','shop','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,21,'current:current_total_tax','presentment','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,22,'other:deduct_member_point_amount','shop','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,23,'other:deduct_member_point_amount','presentment','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,24,'outstanding','shop','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,25,'outstanding','presentment','0.00','KWD',0);
INSERT INTO amount_rows VALUES(3298534883330,26,'charged','single','557.28','KWD',557280);
INSERT INTO amount_rows VALUES(3298534883330,27,'adjustment:refund:failed','single','139.32','KWD',139320);
INSERT INTO amount_rows VALUES(3298534883330,28,'adjustment:return','shop','586.61','KWD',586610);
INSERT INTO amount_rows VALUES(3298534883330,29,'adjustment:return','presentment','586.61','KWD',586610);
INSERT INTO amount_rows VALUES(3298534883330,30,'adjustment:shipping_refund','shop','-4.57','KWD',-4570);
INSERT INTO amount_rows VALUES(3298534883330,31,'adjustment:shipping_refund','presentment','-4.57','KWD',-4570);
INSERT INTO amount_rows VALUES(3298534883330,32,'adjustment:refund','single','111.46','KWD',111460);
INSERT INTO amount_rows VALUES(3298534883331,0,'lines','shop','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,1,'lines','presentment','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,2,'discount','shop','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,3,'discount','presentment','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,4,'subtotal','shop','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,5,'subtotal','presentment','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,6,'shipping','shop','12.00','USD',1200);
INSERT INTO amount_rows VALUES(3298534883331,7,'shipping','presentment','12.00','USD',1200);
INSERT INTO amount_rows VALUES(3298534883331,8,'tax','shop','0.84','USD',84);
INSERT INTO amount_rows VALUES(3298534883331,9,'tax','presentment','0.84','USD',84);
INSERT INTO amount_rows VALUES(3298534883331,10,'tip','single','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,11,'adjustment','shop','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,12,'adjustment','presentment','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,13,'current:current_total_price','shop','880.28','USD',88028);
INSERT INTO amount_rows VALUES(3298534883331,14,'current:current_total_price','presentment','880.28','USD',88028);
INSERT INTO amount_rows VALUES(3298534883331,15,'current:current_subtotal_price','shop','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,16,'current:current_subtotal_price','presentment','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,17,'current:current_total_discounts','shop','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,18,'current:current_total_discounts','presentment','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,19,'current:current_total_tax','shop','0.84','USD',84);
INSERT INTO amount_rows VALUES(3298534883331,20,'current:current_total_tax','presentment','0.84','USD',84);
INSERT INTO amount_rows VALUES(3298534883331,21,'outstanding','single','0.00','USD',0);
INSERT INTO amount_rows VALUES(3298534883331,22,'charged','single','880.28','USD',88028);
INSERT INTO amount_rows VALUES(3298534883331,23,'adjustment:refund','single','110.04','USD',11004);
INSERT INTO amount_rows VALUES(3298534883331,24,'adjustment:return','shop','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,25,'adjustment:return','presentment','867.44','USD',86744);
INSERT INTO amount_rows VALUES(3298534883331,26,'adjustment:shipping_refund','shop','4.88','USD',488);
INSERT INTO amount_rows VALUES(3298534883331,27,'adjustment:shipping_refund','presentment','4.88','USD',488);
CREATE TABLE line_rows (
    key                 INTEGER NOT NULL,
    position            INTEGER NOT NULL,
    line_id             TEXT,
    product_id          TEXT,
    variant_id          TEXT,
    sku                 TEXT,
    title               TEXT,
    -- In units, exact text: as ordered, and what is left after returns and edits.
    quantity            TEXT,
    current_quantity    TEXT,
    -- The price of one unit; exact text, currency, minor units, as all amounts here.
    unit_price          TEXT,
    unit_price_currency TEXT,
    unit_price_minor    INTEGER,
    -- What was taken off the line.
    discount            TEXT,
    discount_currency   TEXT,
    discount_minor      INTEGER,
    -- The taxes on the line.
    tax                 TEXT,
    tax_currency        TEXT,
    tax_minor           INTEGER,
    -- The amount of the line, where the vendor sends one.
    total               TEXT,
    total_currency      TEXT,
    total_minor         INTEGER,
    -- The commission of the line.
    commission          TEXT,
    commission_currency TEXT,
    commission_minor    INTEGER,
    fulfillment         TEXT,
    fulfillment_native  TEXT,
    native_status       TEXT,
    merchant_status     TEXT,
    PRIMARY KEY (key, position)
) WITHOUT ROWID;
CREATE TABLE adjustment_rows (
    key           INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    adjustment_id TEXT,
    -- refund, return, discrepancy, chargeback, or the vendor's word.
    kind          TEXT NOT NULL,
    refund_id     TEXT,
    -- pending, succeeded, failed, unknown, and the vendor's word. Money moved only where a refund succeeded.
    status        TEXT,
    status_native TEXT,
    -- In the seller's currency: exact text, currency, minor units.
    amount        TEXT,
    currency      TEXT,
    minor         INTEGER,
    tax           TEXT,
    tax_currency  TEXT,
    tax_minor     INTEGER,
    at            INTEGER,
    reason        TEXT,
    PRIMARY KEY (key, position)
) WITHOUT ROWID;
CREATE TABLE history_rows (
    -- The account's key times 2^40, and the number of the change.
    seq          INTEGER PRIMARY KEY,
    key          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    run          INTEGER NOT NULL,
    -- new, changed, remapped, doubted, gone, back.
    what         TEXT NOT NULL,
    -- What changed, JSON: [{"path","from","to"}], with the vendor's digits.
    changes      TEXT NOT NULL,
    content_hash BLOB
);
INSERT INTO history_rows VALUES(1099511627777,1099511627777,1772324402240,1,'new','[]',X'226825ab643394bafbc760902f90ca445939d26599102da58455fbb004e84a74');
INSERT INTO history_rows VALUES(1099511627778,1099511627778,1772324402240,1,'new','[]',X'1eedfb434a655dbd0de8fb0e5be702fb9e37bdecf25159e7af4b8fd30ebf1858');
INSERT INTO history_rows VALUES(1099511627779,1099511627779,1772324402240,1,'new','[]',X'5e3f50cb54d4ff9b76eb1555c9b3c0710c3660013e1ed4f3aa6cc402b280314b');
INSERT INTO history_rows VALUES(1099511627780,1099511627780,1772324402240,1,'new','[]',X'220e0f4c0f2d555c130b6f27ccfcb8c5b3f21eab7b98d8c0666745f78d8261f2');
INSERT INTO history_rows VALUES(1099511627781,1099511627781,1772324402240,1,'new','[]',X'a5a36e359878a79c310571b9fd170a76c3ab7e59717b5382416f2c25a637f391');
INSERT INTO history_rows VALUES(1099511627782,1099511627782,1772583600659,4,'new','[]',X'6ed291e291753bc9e0b173d02d0d7fb65916534aedd81f65da7f900d4d4887f1');
INSERT INTO history_rows VALUES(1099511627783,1099511627779,1772583600693,4,'changed','[{"path":"status","from":"\"success\"","to":"\"refunded\""}]',X'e90dc31c264e913085294df6f95d45c371536cd7829b4d33d7630e9b4529f3f7');
INSERT INTO history_rows VALUES(1099511627784,1099511627781,1772583600739,4,'doubted','[]',NULL);
INSERT INTO history_rows VALUES(1099511627785,1099511627781,1773274800324,7,'gone','[]',NULL);
INSERT INTO history_rows VALUES(2199023255553,2199023255553,1772324402456,2,'new','[]',X'70eea3e75b68cef02133e95ae40b34573723478d4dcba118115c864fbe19c1a3');
INSERT INTO history_rows VALUES(2199023255554,2199023255554,1772324402604,2,'new','[]',X'bbec68b180e4f90a4620415d1bb1b6268a6d4707a30aea94885b934d5415f7ca');
INSERT INTO history_rows VALUES(2199023255555,2199023255555,1772324402664,2,'new','[]',X'a578c487097729591f0eb17fdf3476ea3b47717832f9afe76887dd9b0b1cef16');
INSERT INTO history_rows VALUES(2199023255556,2199023255556,1772324402664,2,'new','[]',X'0de650adf335f87dc2689a01fa4f3a65df661515e2278f19b7924ddcbc4820e4');
INSERT INTO history_rows VALUES(2199023255557,2199023255557,1772324402771,2,'new','[]',X'710f5d772b4b3ecb2612aa80261ffd608b9974e662c908ebbdaf74e5969925e1');
INSERT INTO history_rows VALUES(2199023255558,2199023255558,1772324402840,2,'new','[]',X'8d3245d711e3acfbe38b7e2341cac64051abfa994895477bb2a874c6ee8b735d');
INSERT INTO history_rows VALUES(2199023255559,2199023255556,1772583600974,5,'changed','[{"path":"ChargeCurrency","from":"null","to":"\"USD\""},{"path":"ConfirmPrice","from":"null","to":"\"3343.32\""},{"path":"ConfirmSiterCommission","from":"null","to":"\"267.48\""},{"path":"Status","from":"\"0\"","to":"\"1\""}]',X'b3158d0067f2833f3af9bd39448f5167ab558d166ff06a92c077d0284a84c130');
INSERT INTO history_rows VALUES(2199023255560,2199023255555,1773274801867,8,'doubted','[]',NULL);
INSERT INTO history_rows VALUES(3298534883329,3298534883329,1772324403385,3,'new','[]',X'aaf021e3d5ea7dca6c70b939a0d4b42609d1e7a982ca4aac01a8ec8e4ef3d5c7');
INSERT INTO history_rows VALUES(3298534883330,3298534883330,1772324403385,3,'new','[]',X'ae6682e59a1ddc4a31b0290a86f8018227dec81ef3535cbaa6daf2e727e584ad');
INSERT INTO history_rows VALUES(3298534883331,3298534883331,1772583601613,6,'new','[]',X'31ad5daa1c2a97e4c19ec6d96eaa09fb265a6ae00f1b6dcfad7e33f2f4ab03ef');
INSERT INTO history_rows VALUES(3298534883332,3298534883329,1773447600431,10,'doubted','[]',NULL);
CREATE INDEX runs_account ON runs (provider, account, id);
CREATE INDEX unreadable_open ON unreadable (provider, account) WHERE closed_at IS NULL;
CREATE INDEX history_order ON history_rows (key);
CREATE INDEX orders_open ON order_rows (account, id) WHERE NOT terminal AND gone_at IS NULL;
CREATE INDEX orders_created ON order_rows (account, coalesce(created_at, first_seen_at));
CREATE INDEX orders_updated ON order_rows (account, updated_at) WHERE updated_at IS NOT NULL;
CREATE INDEX orders_identity ON order_rows (account, identity) WHERE identity IS NOT NULL;
CREATE INDEX orders_unshown ON order_rows (account, id) WHERE unshown_at IS NOT NULL;
CREATE INDEX orders_doubted ON order_rows (account, id) WHERE doubted_at IS NOT NULL;
CREATE VIEW orders AS
SELECT a.provider, a.account, o.id, o.number, o.merchant_reference, o.parent_id, o.program_id, o.identity, o.kind,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.updated_at / 1000.0, 'unixepoch') AS updated_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.paid_at / 1000.0, 'unixepoch') AS paid_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.cancelled_at / 1000.0, 'unixepoch') AS cancelled_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.settled_at / 1000.0, 'unixepoch') AS settled_at,
       o.payment, o.payment_native, o.fulfillment, o.fulfillment_native, o.commission, o.commission_native, o.closed,
       o.taxes_included, o.terminal, o.customer_id, o.customer_email,
       o.total, o.total_currency, o.total_minor,
       o.charged, o.charged_currency, o.charged_minor,
       o.money_back, o.money_back_currency, o.money_back_minor,
       o.net, o.net_currency, o.net_minor,
       t.raw, lower(hex(o.content_hash)) AS content_hash, o.mapping, o.mark,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.first_seen_at / 1000.0, 'unixepoch') AS first_seen_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.changed_at / 1000.0, 'unixepoch') AS changed_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.seen_at / 1000.0, 'unixepoch') AS seen_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.gone_at / 1000.0, 'unixepoch') AS gone_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.doubted_at / 1000.0, 'unixepoch') AS doubted_at
FROM order_rows o JOIN accounts a ON a.key = o.account JOIN order_texts t ON t.key = o.key;
CREATE VIEW current_orders AS SELECT * FROM orders WHERE gone_at IS NULL;
CREATE VIEW amounts AS
SELECT a.provider, a.account, o.id AS order_id, m.position, m.kind, m.side, m.amount, m.currency, m.minor
FROM amount_rows m JOIN order_rows o ON o.key = m.key JOIN accounts a ON a.key = o.account;
CREATE VIEW order_lines AS
SELECT a.provider, a.account, o.id AS order_id, l.position, l.line_id, l.product_id, l.variant_id, l.sku, l.title,
       l.quantity, l.current_quantity, l.unit_price, l.unit_price_currency, l.unit_price_minor,
       l.discount, l.discount_currency, l.discount_minor,
       l.tax, l.tax_currency, l.tax_minor,
       l.total, l.total_currency, l.total_minor,
       l.commission, l.commission_currency, l.commission_minor,
       l.fulfillment, l.fulfillment_native, l.native_status, l.merchant_status
FROM line_rows l JOIN order_rows o ON o.key = l.key JOIN accounts a ON a.key = o.account;
CREATE VIEW adjustments AS
SELECT a.provider, a.account, o.id AS order_id, j.position, j.adjustment_id, j.kind, j.refund_id, j.status,
       j.status_native, j.amount, j.currency, j.minor, j.tax, j.tax_currency, j.tax_minor,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.at / 1000.0, 'unixepoch') AS at, j.reason
FROM adjustment_rows j JOIN order_rows o ON o.key = j.key JOIN accounts a ON a.key = o.account;
CREATE VIEW history AS
SELECT a.provider, a.account, h.seq % 1099511627776 AS seq, o.id AS order_id,
       strftime('%Y-%m-%dT%H:%M:%fZ', h.at / 1000.0, 'unixepoch') AS at, h.run, h.what, h.changes,
       iif(h.content_hash IS NULL, NULL, lower(hex(h.content_hash))) AS content_hash
FROM history_rows h JOIN order_rows o ON o.key = h.key JOIN accounts a ON a.key = o.account;
CREATE VIEW open_commissions AS
SELECT a.provider, a.account, o.id, o.program_id, o.commission,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.created_at / 1000.0, 'unixepoch') AS created_at,
       e.amount AS estimated, e.currency AS estimated_currency, e.minor AS estimated_minor,
       c.amount AS confirmed, c.currency AS confirmed_currency, c.minor AS confirmed_minor
FROM order_rows o JOIN accounts a ON a.key = o.account
LEFT JOIN amount_rows e ON e.key = o.key AND e.kind = 'commission_estimated'
LEFT JOIN amount_rows c ON c.key = o.key AND c.kind = 'commission_confirmed'
WHERE o.commission IS NOT NULL AND NOT o.terminal AND o.gone_at IS NULL;
CREATE VIEW payments_by_day AS
SELECT a.provider, a.account, date(o.paid_at / 1000, 'unixepoch') AS day, o.charged_currency AS currency,
       count(*) AS orders, sum(o.charged_minor) AS charged_minor, count(*) - count(o.charged_minor) AS not_summed
FROM order_rows o JOIN accounts a ON a.key = o.account
WHERE o.paid_at IS NOT NULL AND o.charged IS NOT NULL AND o.gone_at IS NULL
GROUP BY 1, 2, 3, 4;
COMMIT;
