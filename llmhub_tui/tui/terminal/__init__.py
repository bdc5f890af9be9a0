"""Between Textual and the terminal: what comes in is checked, what goes out is filtered, nothing blocks."""
