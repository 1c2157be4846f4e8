"""Commands: understood, permitted and carried out the same way wherever they were given. Knows no transport."""
