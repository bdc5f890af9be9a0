"""Settings, profiles and keys: from a TOML file, the environment and the command line."""
