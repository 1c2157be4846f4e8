"""How answers are sent: loaded where something is posted, not where requests are heard."""
