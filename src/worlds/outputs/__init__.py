"""The public files: one module per format, each as a real tool would have written it. Nothing here knows the hidden
truth beyond what such a tool could have seen; what each line really was is told to ``truth`` on the way."""
