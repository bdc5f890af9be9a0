"""Markdown, as it streams, into finished screen lines; no widgets and no I/O."""
