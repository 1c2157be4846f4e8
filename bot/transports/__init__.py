"""How commands come in from chat systems and how answers go out: one file for each. Light enough for the edge."""
