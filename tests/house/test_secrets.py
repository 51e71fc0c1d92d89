"""No file that is committed holds a secret."""

from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from tests.house.source import ROOT, project_files

PLUGINS = (
    *("AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "GitHubTokenDetector"),
    *("GitLabTokenDetector", "JwtTokenDetector", "KeywordDetector", "NpmDetector"),
    *("PrivateKeyDetector", "PypiTokenDetector", "SlackDetector", "StripeDetector"),
)
MADE_UP = {
    ("README.md", "Basic Auth Credentials"),
    ("docs/operations.md", "Basic Auth Credentials"),
    ("scripts/install-test-needs", "Basic Auth Credentials"),
}
"""Addresses that show where a password would stand. Tests make up their own secrets."""


EXCUSES = "detect_secrets.filters.allowlist.is_line_allowlisted"
"""No line excuses itself by a comment; to look for such comments took half of the time."""
GENERATED = (".lock", ".json", ".po", ".csv", ".svg")


def found_in(*files: Path) -> set[tuple[str, str]]:
    """Return each file that holds a secret, with its kind."""
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}) as settings:
        settings.disable_filters(EXCUSES)
        secrets = SecretsCollection()
        for file in files:
            secrets.scan_file(str(file))
        return {(name, secret.type) for name, secret in secrets}


def test_no_file_of_the_project_holds_a_secret() -> None:
    ours = [
        file
        for file in project_files()
        if file.suffix not in GENERATED and not file.is_relative_to(ROOT / "tests")
    ]
    found = {(str(Path(name).relative_to(ROOT)), kind) for name, kind in found_in(*ours)}
    assert found <= MADE_UP, found - MADE_UP


def test_a_secret_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text('API_PASSWORD = "' + "hunter2-really-long" + '"\n')
    assert found_in(file) == {(str(file), "Secret Keyword")}
    file.write_text('API_PASSWORD = "' + "hunter2-really-long" + '"  # pragma: allowlist secret\n')
    assert found_in(file) == {(str(file), "Secret Keyword")}
    file.write_text("-----BEGIN RSA " + "PRIVATE KEY-----\n")
    assert found_in(file) == {(str(file), "Private Key")}
