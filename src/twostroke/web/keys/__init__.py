"""The keys that programs and web pages send with: made, rotated and ended by the administrator."""
