"""What the bench needs beside the environment: the load generator wrk, as Debian packs it."""

import os
import shutil
import subprocess


class MissingError(RuntimeError):
    """Something the bench needs is not there; the message says what to install."""


def ensure() -> None:
    """See that wrk is there; as root on Debian it is installed. Raises MissingError."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "-y", "--no-install-recommends", "wrk"]
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], capture_output=True, check=False)
        subprocess.run(command, capture_output=True, check=False, env=os.environ | quiet)
    if not shutil.which("wrk"):
        raise MissingError(
            "the bench needs wrk: as root, apt-get install --no-install-recommends wrk"
        )
