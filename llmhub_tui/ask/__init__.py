"""One-shot mode: a turn's events to standard output; owns standard error and exit codes."""
