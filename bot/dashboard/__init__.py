"""Pages on the record, for whoever has signed in: rendered here, without a script, of what that person may see."""
