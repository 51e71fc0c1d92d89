"""`python -m app.jobs`: run the background jobs until told to stop."""

from app.config import Settings
from app.jobs.engine import work

if __name__ == "__main__":
    work(Settings())
