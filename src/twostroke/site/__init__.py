"""Settings, urls, wiring: who listens to what, which kinds exist. The only such list."""
