"""A drawer: each file here is one language (or a family that shares its node kinds). It is found by itself."""
