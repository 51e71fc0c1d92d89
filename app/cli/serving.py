"""The service in a process of its own, which loads nothing of the command line: 13 MB a process."""

import sys

import uvicorn

from app.config import Settings
from app.kit import journal


def serve(host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it."""
    level = Settings().log_level
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http="httptools",
        access_log=False,
        proxy_headers=False,  # whom to believe is a setting of ours: ENTENTE_TRUSTED_PROXIES
        log_config=journal.config(level),
        log_level=level,
    )


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
