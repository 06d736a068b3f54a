"""From repetitions to what may be said about them: error, usual range, change, label."""
