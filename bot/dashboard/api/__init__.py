"""The same numbers as JSON under `/api/v1`, for programs: with a token, without a session or a cookie."""
