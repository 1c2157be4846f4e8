"""What stands around a change: what it calls, who calls it, tests, siblings, constants, configuration."""
