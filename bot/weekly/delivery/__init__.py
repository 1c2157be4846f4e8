"""How a week reaches those who want it: one file for each way, and who wants what."""
