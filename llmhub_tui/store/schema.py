"""The tables, one script for each version of the file."""

from __future__ import annotations

from typing import Final

_CALLS: Final = 4
"""Parallel calls of one reply that are found; the index may read no table function that would give all."""


def _searched() -> str:
    """SQL for what is found in a message: its text, and names and arguments of its first tool calls."""
    calls = (
        f"ifnull(char(10)||json_extract(tool_calls,'$[{at}].name')||' '"
        f"||json_extract(tool_calls,'$[{at}].arguments'),'')"
        for at in range(_CALLS)
    )
    return f"text || CASE tool_calls WHEN '[]' THEN '' ELSE {'||'.join(calls)} END || char(10, 10)"


MIGRATIONS: Final = (
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL DEFAULT '',
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0,
        archived INTEGER NOT NULL DEFAULT 0,
        deleted_at REAL
    );
    CREATE INDEX conversations_by_time ON conversations (updated_at);
    CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent TEXT,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        reasoning TEXT NOT NULL DEFAULT '',
        tool_calls TEXT NOT NULL DEFAULT '[]',
        tool_call_id TEXT NOT NULL DEFAULT '',
        created_at REAL NOT NULL,
        duration_s REAL NOT NULL DEFAULT 0,
        model TEXT NOT NULL DEFAULT '',
        ending TEXT,
        finish_reason TEXT,
        usage TEXT,
        failure TEXT,
        kept_chars INTEGER NOT NULL DEFAULT 0,
        writer TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX messages_of_conversation ON messages (conversation, number);
    CREATE TABLE attachments (
        message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (message, position)
    );
    CREATE TABLE chosen (
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent TEXT NOT NULL,
        child TEXT NOT NULL,
        PRIMARY KEY (conversation, parent)
    );
    CREATE TABLE fragments (
        reply TEXT NOT NULL,
        number INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        reasoning TEXT NOT NULL
    );
    CREATE INDEX fragments_of_reply ON fragments (reply, number);
    CREATE TABLE drafts (
        conversation TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        updated_at REAL NOT NULL
    );
    """,
    f"""
    ALTER TABLE messages ADD COLUMN seams TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE messages ADD COLUMN checksum INTEGER;
    CREATE INDEX messages_heads ON messages (conversation, role, number, ending, model);
    CREATE INDEX messages_in_flight ON messages (conversation) WHERE writer != '';
    CREATE INDEX conversations_in_order ON conversations (deleted_at, archived, pinned, updated_at);
    ALTER TABLE conversations ADD COLUMN tools TEXT;
    ALTER TABLE drafts ADD COLUMN writer TEXT NOT NULL DEFAULT '';
    CREATE TABLE tags (
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (conversation, tag)
    );
    CREATE TABLE prompts (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL,
        used_at REAL NOT NULL
    );
    CREATE INDEX prompts_by_text ON prompts (substr(text, 1, 64));
    INSERT INTO prompts (text, used_at)
        SELECT text, max(created_at) FROM messages WHERE role = 'user' AND length(text) BETWEEN 1 AND 20000
        GROUP BY text ORDER BY max(number);
    CREATE VIEW searchable AS SELECT number, {_searched()} AS text FROM messages;
    CREATE VIRTUAL TABLE search USING fts5 (
        text, content = 'searchable', content_rowid = 'number', tokenize = 'trigram', columnsize = 0
    );
    CREATE VIRTUAL TABLE search_terms USING fts5vocab (search, row);
    INSERT INTO search (search) VALUES ('rebuild');
    CREATE TRIGGER search_added AFTER INSERT ON messages BEGIN
        INSERT INTO search (rowid, text) SELECT number, text FROM searchable WHERE number = new.number;
    END;
    CREATE TRIGGER search_changes BEFORE UPDATE OF text, tool_calls ON messages BEGIN
        INSERT INTO search (search, rowid, text)
            SELECT 'delete', number, text FROM searchable WHERE number = old.number;
    END;
    CREATE TRIGGER search_changed AFTER UPDATE OF text, tool_calls ON messages BEGIN
        INSERT INTO search (rowid, text) SELECT number, text FROM searchable WHERE number = new.number;
    END;
    CREATE TRIGGER search_removed BEFORE DELETE ON messages BEGIN
        INSERT INTO search (search, rowid, text)
            SELECT 'delete', number, text FROM searchable WHERE number = old.number;
    END;
    """,
)
"""Script n takes a file from version n to version n + 1.

The search index holds every triple of characters. Two line breaks behind each text make every pair
and every single character the beginning of a triple, so that those are found through the index too.
"""

VERSION: Final = len(MIGRATIONS)
