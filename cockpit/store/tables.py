"""The tables: events are the truth, all others are projections that can be made again from them.

A change here is a new schema version with a migration in `schema.py`. No CHECK calls `json_valid`:
before SQLite 3.41 it may not be used there without trusting the schema, which we never do; what is
written is checked in `writing.py`.
"""

from __future__ import annotations

APPLICATION_ID = 0x49436F63
"""Marks the file as a cockpit database ("ICoc")."""

SCHEMA_VERSION = 5
"""`user_version` of the file; a larger one is refused."""

PROJECTION_VERSION = 6
"""Raised when projections mean something new: an older file makes them again at the next start."""

TRUTH = (
    """CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE op (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        ws TEXT NOT NULL DEFAULT '',
        inc TEXT NOT NULL,
        k TEXT NOT NULL,
        t TEXT NOT NULL,
        dev TEXT NOT NULL,
        "by" TEXT NOT NULL,
        seq INTEGER,
        at INTEGER,
        relayed_by TEXT,
        v INTEGER NOT NULL,
        skew INTEGER,
        extra TEXT,
        body TEXT NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX op_seq ON op (ws, seq) WHERE seq IS NOT NULL",
    "CREATE INDEX op_unsent ON op (ws, n) WHERE seq IS NULL",
    # Nearly all events are entries, and nobody looks for these by their kind.
    "CREATE INDEX op_inc ON op (inc, k, t) WHERE k <> 'entry.add'",
    "CREATE INDEX op_order ON op (inc, n)",
    "CREATE INDEX op_dev ON op (inc, dev, t)",
)

SHARING = (
    """CREATE TABLE remote (
        ws TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        server_id TEXT NOT NULL,
        title TEXT NOT NULL,
        member TEXT NOT NULL,
        role TEXT NOT NULL,
        inc TEXT NOT NULL,
        private INTEGER NOT NULL,
        sealed INTEGER NOT NULL,
        kid TEXT NOT NULL,
        cursor TEXT NOT NULL,
        skew_ms INTEGER,
        joined_at INTEGER NOT NULL,
        synced_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE place (
        inc TEXT PRIMARY KEY,
        ws TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE held (
        id TEXT PRIMARY KEY,
        ws TEXT NOT NULL,
        code TEXT NOT NULL,
        words TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
"""What is kept of shared workspaces; tokens and keys never are."""

PROJECTIONS = (
    """CREATE TABLE incident (
        id TEXT PRIMARY KEY,
        opened TEXT,
        opened_ms INTEGER,
        prefix TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
        number INTEGER NOT NULL DEFAULT 0,
        ref TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '',
        severity TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT '',
        stage TEXT NOT NULL DEFAULT '',
        is_open INTEGER NOT NULL DEFAULT 0,
        started_at TEXT NOT NULL DEFAULT '',
        declared_at TEXT NOT NULL DEFAULT '',
        commander TEXT NOT NULL DEFAULT '',
        impact TEXT,
        resolved_at TEXT,
        closed_at TEXT,
        drill INTEGER NOT NULL DEFAULT 0,
        private INTEGER NOT NULL DEFAULT 0,
        source TEXT NOT NULL DEFAULT '',
        last_sent TEXT NOT NULL DEFAULT '{}',
        promised TEXT NOT NULL DEFAULT '{}',
        plans TEXT NOT NULL DEFAULT '{}',
        last_activity TEXT,
        entry_count INTEGER NOT NULL DEFAULT 0,
        unknown_ops INTEGER NOT NULL DEFAULT 0,
        last_t TEXT NOT NULL DEFAULT '',
        last_op TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX incident_number ON incident (prefix, number)",
    """CREATE TABLE entry (
        n INTEGER PRIMARY KEY,
        inc TEXT NOT NULL,
        id TEXT NOT NULL,
        told INTEGER NOT NULL,
        at TEXT NOT NULL,
        t TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        author TEXT NOT NULL,
        starred INTEGER NOT NULL,
        hidden INTEGER NOT NULL,
        redacted INTEGER NOT NULL,
        corrected INTEGER NOT NULL,
        original TEXT NOT NULL,
        editable INTEGER NOT NULL,
        msg TEXT,
        src TEXT,
        recorded TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX entry_told ON entry (inc, id) WHERE told = 1",
    "CREATE INDEX entry_order ON entry (inc, at, t, id, told, hidden, kind, starred)",
    "CREATE INDEX entry_message ON entry (inc, at, t, id) WHERE msg IS NOT NULL",
    """CREATE TABLE reg_op (
        n INTEGER PRIMARY KEY,
        op TEXT NOT NULL,
        inc TEXT NOT NULL,
        obj TEXT NOT NULL,
        f TEXT NOT NULL,
        value TEXT NOT NULL,
        eff INTEGER NOT NULL,
        t TEXT NOT NULL,
        "by" TEXT NOT NULL,
        seen TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        undoes TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX reg_op_key ON reg_op (inc, obj, f)",
    """CREATE TABLE reg (
        inc TEXT NOT NULL,
        obj TEXT NOT NULL,
        f TEXT NOT NULL,
        value TEXT NOT NULL,
        op TEXT NOT NULL,
        rivals TEXT NOT NULL,
        PRIMARY KEY (inc, obj, f)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE told (
        op TEXT PRIMARY KEY,
        inc TEXT NOT NULL,
        act TEXT NOT NULL,
        sh TEXT NOT NULL,
        name TEXT NOT NULL,
        at TEXT NOT NULL,
        t TEXT NOT NULL,
        "by" TEXT NOT NULL,
        ch TEXT NOT NULL,
        note TEXT NOT NULL,
        via TEXT NOT NULL,
        hidden INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX told_act ON told (inc, act, t)",
    """CREATE TABLE redaction (
        inc TEXT NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (inc, entry)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE pm_section (
        inc TEXT NOT NULL,
        s TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (inc, s)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE page (
        n INTEGER PRIMARY KEY,
        inc TEXT NOT NULL,
        place TEXT NOT NULL,
        key TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX page_key ON page (inc, place, key)",
    """CREATE VIEW message AS
        SELECT id AS entry, inc, at, author, text,
            json_extract(msg, '$.state') AS state,
            json_extract(msg, '$.audience') AS audience,
            json_extract(msg, '$.stage') AS stage,
            json_extract(msg, '$.status') AS status,
            json_extract(msg, '$.next_at') AS next_at,
            msg
        FROM entry WHERE msg IS NOT NULL AND hidden = 0""",
)

_SEARCH = """CREATE VIRTUAL TABLE searched_fts USING fts5 (
    text, content='searched', content_rowid='n', tokenize='unicode61 remove_diacritics 2'
)"""
"""The full-text index of the table `searched`; the name stands for each of `SEARCHED`."""

PROJECTED = ("incident", "entry", "reg_op", "reg", "told", "redaction", "pm_section", "page")
"""The projection tables; their numbering (`n`) says nothing."""

SEARCHED = ("entry", "page")
"""Tables with a full-text index on their `text`."""


def projection_statements() -> tuple[str, ...]:
    """Return what makes all projections, empty."""
    return PROJECTIONS + tuple(_SEARCH.replace("searched", table) for table in SEARCHED)


def removal_statements() -> tuple[str, ...]:
    """Return what removes all projections."""
    indexes = tuple(f"DROP TABLE IF EXISTS {table}_fts" for table in SEARCHED)
    tables = tuple(f"DROP TABLE IF EXISTS {table}" for table in PROJECTED)
    return ("DROP VIEW IF EXISTS message", *indexes, *tables)
