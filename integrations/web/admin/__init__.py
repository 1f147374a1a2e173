"""The pages of operators, in English: how the desk is used, what it cannot answer, what readers say, its documents, who
may ask, and the switch that closes it. Every action is a form that works without a script."""
