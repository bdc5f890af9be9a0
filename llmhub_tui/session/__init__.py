"""The engine: one session for each open conversation. It knows its ports and the domain, nothing else."""
