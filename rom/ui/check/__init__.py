"""The guided check in the app: protocol, live feedback, measurement and records together."""
