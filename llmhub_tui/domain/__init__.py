"""What a conversation is: pure values and rules, without I/O, clock, event loop or terminal."""
