"""What the transcript is made of: messages as lines, pacing, selection, search."""
