-- Who may publish: data folder, update/trust.db. WAL, synchronous=FULL (trust.h). No secret stands here in clear.
PRAGMA application_id = 0x62696d74; -- "bimt"
PRAGMA user_version = 1;

CREATE TABLE pepper (                       -- which pepper all of this was made with
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    mark  TEXT NOT NULL CHECK (length(mark) = 64)
) STRICT;

CREATE TABLE holder (                       -- a person with a PIN, and mostly a stick
    id       TEXT PRIMARY KEY CHECK (length(id) = 32),  -- the stick's; where there is none, random
    label    TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 40),
    stick    TEXT NOT NULL CHECK (length(stick) IN (0, 64)), -- BLAKE2b(key = pepper, secret); '': a PIN alone
    octets   INTEGER NOT NULL,              -- Argon2id: memory
    passes   INTEGER NOT NULL,
    salt     TEXT NOT NULL CHECK (length(salt) = 32),
    pin      TEXT NOT NULL CHECK (length(pin) = 64),
    enrolled TEXT NOT NULL,                 -- ISO 8601 with offset
    revoked  TEXT NOT NULL,                 -- ''
    tries    INTEGER NOT NULL DEFAULT 0,    -- lockout.h
    locks    INTEGER NOT NULL DEFAULT 0,
    left_s   INTEGER NOT NULL DEFAULT 0,
    seen_s   INTEGER NOT NULL DEFAULT 0,
    boot     TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX holder_label ON holder (label) WHERE revoked = '';

CREATE TABLE package_key (                  -- whose packages are taken; also our own key
    id         TEXT PRIMARY KEY CHECK (length(id) = 32), -- BLAKE2b-128 of it
    key        TEXT NOT NULL CHECK (length(key) = 64),   -- Ed25519, public
    label      TEXT NOT NULL CHECK (length(label) <= 40),
    trusted    TEXT NOT NULL,
    distrusted TEXT NOT NULL,               -- ''
    version    INTEGER NOT NULL CHECK (version BETWEEN 0 AND 999999), -- highest published (own: made); 0: none
    digest     TEXT NOT NULL                -- its content; ''
) STRICT, WITHOUT ROWID;

CREATE TABLE own_key (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    key    TEXT NOT NULL REFERENCES package_key (id),
    sealed TEXT NOT NULL                    -- nonce and secretbox of the seed, under a key of the pepper
) STRICT;
