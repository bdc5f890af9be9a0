"""The wire view: what passed between us and the server, as it came."""
