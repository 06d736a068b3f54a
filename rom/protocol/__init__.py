"""The guided check as a state machine, shared by the app and the terminal. Pure."""
