"""What was said and sent before: the list of conversations, search in all of them, earlier prompts."""
