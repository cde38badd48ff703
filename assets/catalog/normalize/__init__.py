"""One normalizer a kind of text: source wording to controlled form. Pure; the wording is kept."""
