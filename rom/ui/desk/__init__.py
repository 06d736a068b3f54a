"""The therapist's desk: what the pages for people and for comparing share."""
