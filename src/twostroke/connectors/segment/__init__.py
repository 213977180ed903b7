"""Messages as Segment's and RudderStack's clients shape them: what they mean on the log. Pure, no database."""
