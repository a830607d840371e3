"""Records and rules: pure, without input or output, a clock or a screen."""
