"""The disk: one SQLite file that holds every conversation."""
