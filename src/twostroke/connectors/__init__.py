"""One folder per outside system. Each only translates its records into messages."""
