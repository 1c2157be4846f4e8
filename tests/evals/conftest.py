"""The trees of the cases hold tests of their own, which are part of what is reviewed and are not run."""

collect_ignore_glob = ["*/before/*", "*/after/*"]
