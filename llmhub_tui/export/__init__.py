"""A conversation as Markdown, JSON, HTML or text."""
