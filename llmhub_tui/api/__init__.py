"""The wire: requests to an OpenAI-compatible server, and its answers as domain chunks."""
