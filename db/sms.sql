-- What the SMS gateway must not forget: data folder, sms/sms.db. WAL, synchronous=FULL; each step of a
-- message's way is one transaction (sms_store.h). Times are Unix seconds. A contact is the last eleven
-- digits of a number: +86 or not, it is the same person.
PRAGMA application_id = 0x62696d73; -- "bims"
PRAGMA user_version = 1;

CREATE TABLE inbox (                        -- one row a message read from a modem, never two for one
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE CHECK (length(key) = 32), -- of sender, SCTS, reference, user data
    received INTEGER NOT NULL,
    modem    TEXT NOT NULL,
    sender   TEXT NOT NULL,
    contact  TEXT NOT NULL,
    scts     INTEGER NOT NULL,              -- 0: the message names no time
    ref      INTEGER NOT NULL DEFAULT 0,
    ref_bits INTEGER NOT NULL DEFAULT 0,
    total    INTEGER NOT NULL DEFAULT 0,    -- 0: not one of several parts
    seq      INTEGER NOT NULL DEFAULT 0,
    raw      TEXT NOT NULL,                 -- as the modem gave it
    state    TEXT NOT NULL CHECK (state IN (
                 'waiting',                 -- for the other parts
                 'joined',                  -- a part; `head` stands for the whole
                 'answered', 'silent',      -- said something, had nothing to say
                 'limited',                 -- over the budget: kept, not answered
                 'ignored',                 -- a machine's: MMS notice, short number, report
                 'unreadable')),
    head     INTEGER REFERENCES inbox (id),
    text     TEXT NOT NULL DEFAULT '',      -- the whole question
    topic    TEXT NOT NULL DEFAULT ''       -- what was answered
) STRICT;
CREATE INDEX inbox_contact ON inbox (contact, received, state);
CREATE INDEX inbox_received ON inbox (received);
CREATE INDEX inbox_head ON inbox (head) WHERE head IS NOT NULL;
CREATE INDEX inbox_parts ON inbox (contact, total, ref) WHERE total > 0;

CREATE TABLE outbox (                       -- one row a message to be sent: a part of an answer
    id       INTEGER PRIMARY KEY,
    inbox_id INTEGER REFERENCES inbox (id), -- the question; NULL: a notice
    modem    TEXT,                          -- NULL: any
    number   TEXT NOT NULL,
    contact  TEXT NOT NULL,
    text     TEXT NOT NULL,
    is_ucs2  INTEGER NOT NULL,
    ref      INTEGER NOT NULL,
    total    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN (
                 'queued',
                 'sending',                 -- handed to the modem: committed before Ctrl-Z
                 'doubtful',                -- outcome unknown, may still be settled
                 'sent', 'delivered',
                 'failed',                  -- surely not sent, given up
                 'unknown')),               -- never settled
    created  INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    due      INTEGER NOT NULL,              -- queued: not before this
    attempts INTEGER NOT NULL DEFAULT 0,
    copies   INTEGER NOT NULL DEFAULT 0,    -- that may be out, and were paid for: at most 2, of a notice 1
    mr       INTEGER,                       -- TP-MR that the modem gave
    error    TEXT NOT NULL DEFAULT '',
    UNIQUE (inbox_id, seq)
) STRICT;
CREATE INDEX outbox_queue ON outbox (modem, attempts, id) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('sending', 'doubtful');
CREATE INDEX outbox_created ON outbox (created, state, copies);
CREATE INDEX outbox_contact ON outbox (contact, mr);

CREATE TABLE contact (                      -- what a number may refer to next; DialogueState
    contact    TEXT PRIMARY KEY,
    is_stopped INTEGER NOT NULL,
    choices    TEXT,
    question   TEXT,
    more       TEXT,
    topic      TEXT,
    at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE note (                         -- 留言, for staff
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    number TEXT NOT NULL,
    text   TEXT NOT NULL,
    is_read INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX note_unread ON note (id) WHERE NOT is_read;

CREATE TABLE pin_try (                      -- fingerprints of settings whose PIN was entered
    digest TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('trying', 'good', 'wrong')),
    tries  INTEGER NOT NULL                 -- whose outcome is not known
) STRICT, WITHOUT ROWID;

CREATE TABLE modem (
    name TEXT PRIMARY KEY,
    mr   INTEGER NOT NULL                   -- the last message reference it gave; -1: of no use
) STRICT, WITHOUT ROWID;
