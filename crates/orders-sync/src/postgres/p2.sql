-- The accounts that workers pull by themselves: when, how, and how it went. SQLite has no workers, and not this table.
CREATE TABLE schedules (
    provider      text COLLATE "C" NOT NULL,
    account       text COLLATE "C" NOT NULL,
    -- The account as in a configuration file, JSON: where its credentials are (never what they are), and its settings.
    profile       text NOT NULL,
    -- What the vendor's limit counts together with this account: accounts of the same text are pulled one after the other.
    shares        text COLLATE "C" NOT NULL,
    -- How long after the last beginning the next pull is due, in seconds.
    every         bigint NOT NULL CHECK (every > 0),
    -- What is smaller goes first.
    priority      integer NOT NULL DEFAULT 10,
    -- When the next pull is due.
    next_at       timestamptz NOT NULL DEFAULT now(),
    -- Since when it has been due and waits in the queue; NULL: it is not in the queue.
    due_since     timestamptz,
    -- Since when nobody is to pull it; NULL: it is pulled.
    paused_at     timestamptz,
    -- Since when it is not pulled because of its credential or its settings, and what was wrong with them; NULL: it is.
    parked_at     timestamptz,
    parked_reason text,
    -- The last pull: when it began and ended, by which worker, its outcome (complete, incomplete, partial, stopped, failed),
    -- and what failed.
    started_at    timestamptz,
    ended_at      timestamptz,
    worker        text,
    outcome       text,
    message       text,
    -- How many pulls in a row failed: each doubles the time until the next, up to six hours.
    failures      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, account)
);
CREATE INDEX schedules_due ON schedules (next_at) WHERE paused_at IS NULL AND parked_at IS NULL;
CREATE INDEX schedules_shares ON schedules (shares);

-- The access tokens that workers got for the accounts of a public app: of some hours, renewed by whoever has the account.
CREATE TABLE tokens (
    provider   text COLLATE "C" NOT NULL,
    account    text COLLATE "C" NOT NULL,
    -- The token: 12 bytes of chance, then AES-256-GCM by the key of the workers, over `provider/account` too.
    sealed     bytea NOT NULL,
    -- When it ends; NULL: not known.
    expires_at timestamptz,
    saved_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, account)
);
