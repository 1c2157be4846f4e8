"""What Seawall would have said of a repository's last pull requests, had it been there."""
