"""How an answer is written: Markdown read once into small pieces, which each system then writes in its own tongue."""
