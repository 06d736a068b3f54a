"""The app: pages in a browser, for a person alone, a therapist and an analyst."""
