"""The embedded demo server: the same protocol over HTTP on loopback, without a model behind it."""
