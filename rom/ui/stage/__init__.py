"""The stage: one camera component in the browser, and what runs behind it on the server."""
