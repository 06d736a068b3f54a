"""How the app looks: the colours of the reports, one stylesheet, and what is read at a glance."""
