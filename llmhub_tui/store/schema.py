"""The tables, one script for each version of the file."""

from __future__ import annotations

from typing import Final

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
)
"""Script n takes a file from version n to version n + 1."""

VERSION: Final = len(MIGRATIONS)
