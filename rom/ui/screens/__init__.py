"""One module or package for each page; `page()` draws it."""
