"""Commands and screens; nothing here judges."""
