"""Other programs' exports, one file for each; all of them are data that may have any shape."""
