"""Pure building blocks of modelled artifacts: surfaces, ornament, text, wear. Metres, +Y up."""
