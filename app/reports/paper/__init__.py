"""A page as a PDF: drawn in a limited program of its own, by the page's own style sheet."""
