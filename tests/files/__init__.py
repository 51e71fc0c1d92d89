"""Files: honest documents, hostile ones, and what becomes of both."""
