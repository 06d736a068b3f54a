"""Results for people: text for the terminal, a self-contained page, figures as SVG."""
