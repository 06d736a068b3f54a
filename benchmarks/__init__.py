"""How long `rom assess` takes and how much memory it needs, next to bare loops."""
