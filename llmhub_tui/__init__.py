"""A terminal chat for LLMHub and every other OpenAI-compatible server."""

__version__ = "0.1.0"
