"""A drawer: `<class>/<kind>.py` is one rule for all languages. It is found by itself."""
