"""The steps from one shape of the tables to the next, in ``versions``; ``migrating`` applies them."""
