"""The edge: bytes in, jobs out."""
