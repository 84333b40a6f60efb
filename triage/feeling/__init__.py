"""How people feel: emotions suggested, swearing masked, threats handed on."""
