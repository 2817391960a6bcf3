-- The catalogue: what residents ask about, as staff keep it in the sheets. One file is one immutable
-- generation; it is built beside, checked, published by a pointer (generation.h) and then only read.
-- Column names are those of the data dictionary, HSDS where HSDS has them. `position` is the order of
-- the sheet's rows. Dates are ISO 8601, texts NFC and trimmed; '' is "not known".
PRAGMA application_id = 0x62696d6e; -- "bimn"
PRAGMA user_version = 1;

CREATE TABLE topic (                        -- 事项.csv
    code                TEXT PRIMARY KEY CHECK (code GLOB '[A-Z][A-Z][0-9][0-9]'),
    position            INTEGER NOT NULL,
    name                TEXT NOT NULL UNIQUE CHECK (name <> ''),
    category            TEXT NOT NULL CHECK (category <> ''),
    short_answer        TEXT NOT NULL CHECK (short_answer <> ''),
    description         TEXT NOT NULL CHECK (description <> ''),
    eligibility         TEXT NOT NULL DEFAULT '',
    benefit_standard    TEXT NOT NULL DEFAULT '',
    application_process TEXT NOT NULL DEFAULT '',
    required_documents  TEXT NOT NULL DEFAULT '',
    location            TEXT NOT NULL DEFAULT '',
    opening_hours       TEXT NOT NULL DEFAULT '',
    phones              TEXT NOT NULL CHECK (phones <> ''),      -- ';'-separated
    legal_basis         TEXT NOT NULL CHECK (legal_basis <> ''), -- ';'-separated
    as_of_date          TEXT NOT NULL CHECK (as_of_date GLOB '????-??-??'),
    verification_status TEXT NOT NULL CHECK (verification_status IN ('已核实', '待社区核实'))
) STRICT, WITHOUT ROWID;

CREATE TABLE alias (                        -- 事项.csv 别名, one row a name
    topic_code TEXT NOT NULL REFERENCES topic (code),
    position   INTEGER NOT NULL,
    name       TEXT NOT NULL CHECK (name <> ''),
    PRIMARY KEY (topic_code, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE figure (                       -- 公示数据.csv; id is the order of the sheet
    id             INTEGER PRIMARY KEY,
    topic_code     TEXT NOT NULL REFERENCES topic (code),
    year           INTEGER NOT NULL,
    subject        TEXT NOT NULL CHECK (subject <> ''),
    indicator      TEXT NOT NULL CHECK (indicator <> ''),
    value          TEXT NOT NULL CHECK (value <> ''), -- the published decimal, to the letter
    unit           TEXT NOT NULL CHECK (unit <> ''),
    qualifier_text TEXT NOT NULL DEFAULT '',          -- 多, 余, 以上: always shown with the value
    source         TEXT NOT NULL CHECK (source <> '')
) STRICT;

CREATE TABLE project (                      -- 工程项目.csv
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL CHECK (name <> ''),
    type       TEXT NOT NULL CHECK (type <> ''),
    topic_code TEXT NOT NULL REFERENCES topic (code),
    place      TEXT NOT NULL DEFAULT '',
    status     TEXT NOT NULL CHECK (status <> ''),
    progress   TEXT NOT NULL CHECK (progress <> ''),
    year       INTEGER NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    source     TEXT NOT NULL CHECK (source <> '')
) STRICT;

CREATE TABLE qa (                           -- 问答.csv
    id         INTEGER PRIMARY KEY,
    topic_code TEXT NOT NULL REFERENCES topic (code),
    question   TEXT NOT NULL CHECK (question <> ''),
    answer     TEXT NOT NULL CHECK (answer <> '')
) STRICT;

CREATE TABLE synonym (                      -- 同义词.csv, one row a term; variants ';'-separated
    id       INTEGER PRIMARY KEY,
    term     TEXT NOT NULL CHECK (term <> ''),
    variants TEXT NOT NULL CHECK (variants <> '')
) STRICT;

CREATE TABLE lay_word (                     -- 俗语.csv: an everyday word and what it means here
    id       INTEGER PRIMARY KEY,
    word     TEXT NOT NULL CHECK (word <> ''),
    meanings TEXT NOT NULL CHECK (meanings <> ''), -- topic codes or official words, ';'-separated
    note     TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE notice (                       -- 公告.csv
    id         INTEGER PRIMARY KEY,
    title      TEXT NOT NULL CHECK (title <> ''),
    body       TEXT NOT NULL CHECK (body <> ''),
    valid_from TEXT NOT NULL DEFAULT '',
    valid_to   TEXT NOT NULL DEFAULT '',
    category   TEXT NOT NULL CHECK (category <> '')
) STRICT;

-- Where each sheet's rows came from. Not part of the content digest.
CREATE TABLE sheet (
    name      TEXT PRIMARY KEY,             -- 事项.csv
    rows      INTEGER NOT NULL,
    origin    TEXT NOT NULL,                -- 'built-in', or the name of the file it was read from
    charset   TEXT NOT NULL,                -- the encoding that file had
    loaded    TEXT NOT NULL                 -- when, ISO 8601; '' for the built-in starter
) STRICT, WITHOUT ROWID;

-- The digest of all content rows, written last of all by the publication. A generation that is to be
-- published again must still have it: integrity_check does not see a flipped bit within a text.
CREATE TABLE seal (
    digest TEXT NOT NULL
) STRICT;

-- What the search looks questions up in, made from the rows above by the publication and copied into
-- memory by every process (search_image.h). Derived: not part of the content digest.
CREATE TABLE search_index (
    part   INTEGER PRIMARY KEY,
    octets BLOB NOT NULL
) STRICT;
