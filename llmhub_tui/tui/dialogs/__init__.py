"""Questions to the user, each a screen that answers with a value."""
