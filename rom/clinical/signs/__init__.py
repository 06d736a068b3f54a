"""Signs of a protective way of moving: found in one set, judged against another, compared."""
