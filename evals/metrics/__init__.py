"""What is measured of one answer: each family turns a question and its record into components (numerator,
denominator), and the table says which metric is made of which."""
