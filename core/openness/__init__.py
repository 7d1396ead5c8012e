"""What is made public: the board, disclosures, and requests for them."""
