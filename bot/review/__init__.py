"""The story of a review: snapshot → scan → reason → verify → rank → render → publish → record."""
