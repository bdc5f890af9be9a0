"""The tools that come along. Each one is off until it is switched on."""
