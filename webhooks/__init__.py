"""The edge: bytes in, jobs out. Verifies, names the work, hands it to the engine, answers.

It stays light on purpose: no parser, no model library, no pipeline is ever imported here.
"""
