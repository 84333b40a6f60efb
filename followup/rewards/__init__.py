"""Thank-yous: pools of codes, and the rule by which one is given with the word that ends a promise."""
