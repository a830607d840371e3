"""Files of other tools, in and out: bytes to rows and back; nothing here reads or writes the store."""
