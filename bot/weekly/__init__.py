"""The week on one page: figures from the ledger's rows, the summary made of them, and how it reaches people."""
