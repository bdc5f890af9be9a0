"""The embedded demo server: the same protocol over HTTP on loopback, without a model behind it.

It imports nothing else of this package, so that what the chat shows of it has come over the wire.
"""
