"""The demonstration: a sample service to review, a stand-in for GitHub to review it on, and how the story is shown."""
