-- What the touch screen must not forget: data folder, kiosk/kiosk.db. WAL, synchronous=FULL (kiosk_store.h).
-- No persons: nothing says who asked, nor at what time of the day, nor what was asked in one visit.
PRAGMA application_id = 0x62696d6b; -- "bimk"
PRAGMA user_version = 1;

CREATE TABLE count (
    day   TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'), -- local date
    kind  TEXT NOT NULL CHECK (kind IN (
              'visit',                      -- key: 'count', 'seconds'
              'topic',                      -- shown; key: its code
              'search',                     -- nothing was found; key: the text once it may be known, '' for all
              'print', 'speech',            -- key: the topic's code, or ''
              'mode',                       -- key: 'large' …
              'input')),                    -- key: 'nine' …
    key   TEXT NOT NULL CHECK (length(key) <= 60),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (kind, key, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX count_day ON count (day);

CREATE TABLE search (                       -- a text that found nothing, known by its digest alone
    digest TEXT PRIMARY KEY CHECK (length(digest) = 32), -- keyed with `salt`
    visits INTEGER NOT NULL,                -- that asked it: from the third on `count` has the text
    day    TEXT NOT NULL                    -- of the last
) STRICT, WITHOUT ROWID;

CREATE TABLE salt (                         -- one row; a new one makes all digests worthless
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    hex  TEXT NOT NULL CHECK (length(hex) = 64),
    day  TEXT NOT NULL                      -- since when
) STRICT;

CREATE TABLE question (                     -- what residents leave for staff
    id    INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: staff write it down
    at    INTEGER NOT NULL,                 -- Unix seconds
    text  TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 200),
    topic TEXT NOT NULL,                    -- code of the topic that was shown; ''
    done  INTEGER NOT NULL DEFAULT 0        -- when staff had done it, Unix seconds; 0: open
) STRICT;
CREATE INDEX question_done ON question (done, id);
