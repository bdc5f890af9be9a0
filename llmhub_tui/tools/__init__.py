"""Tools that a model may call: built in, the user's own, and those of MCP servers."""
