"""The command line: parses, builds the objects, picks the front end."""
