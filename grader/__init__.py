"""The rooms that judge; nothing here prints."""
