"""Events as PostHog's clients shape them: put into the words of Segment's specification, which has one translation."""
