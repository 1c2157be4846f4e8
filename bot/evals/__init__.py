"""How good the reviewer is, measured on cases whose defects are known."""
