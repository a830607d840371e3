"""What was done, told in words: one sentence for a transaction, the same in the shell and on the screen."""
