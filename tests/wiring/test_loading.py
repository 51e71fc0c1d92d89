"""What a serving process does not load: libraries of other work, which would only cost memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

OTHERS = {
    "alembic": "migrating",
    "authlib": "an identity provider",
    "dbos": "the worker",
    "fontTools": "PDF files, in a program of their own",
    "highspy": "portfolios, in a program of their own",
    "httpx2": "an identity provider",
    "numpy": "portfolios, and spreadsheets",
    "obstore": "documents in a bucket",
    "openpyxl": "spreadsheets",
    "PIL": "pictures, in a program of their own",
    "psycopg": "PostgreSQL",
    "typer": "the command line",
    "weasyprint": "PDF files, in a program of their own",
}
"""Libraries that the service on SQLite has no need of, and what needs each."""

LOADED = """
import json, sys
import app.cli.serving
from app.main import create_app
create_app()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_a_service_on_sqlite_loads_no_library_of_other_work(tmp_path: Path) -> None:
    surroundings = os.environ | {"ENTENTE_DATABASE_URL": f"sqlite:///{tmp_path}/entente.db"}
    told = subprocess.run(
        [sys.executable, "-c", LOADED], env=surroundings, capture_output=True, check=True
    )
    loaded = json.loads(told.stdout)
    assert "sqlalchemy" in loaded
    assert {name: work for name, work in OTHERS.items() if name in loaded} == {}
