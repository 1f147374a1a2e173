"""The parts of the model judge: what it is asked, how its replies are read and kept, and what comes of them."""
