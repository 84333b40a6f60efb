"""Alerts to chat programs and webhooks, through Apprise. It runs in a child process that lives as long as one errand.

So the library takes no memory of the web process or the clock, a gateway that hangs is ended from outside, and what
guards the network holds for all that the library does.
"""
