"""Settings: read once from the environment, frozen, every field documented."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an installation may set; every name is read with the prefix ENTENTE_."""

    model_config = SettingsConfigDict(env_prefix="ENTENTE_", frozen=True, extra="ignore")

    database_url: str = Field(
        "sqlite:///entente.db",
        description="SQLAlchemy URL: sqlite:///FILE, or postgresql+psycopg://... (several hosts "
        "as @/db?host=a,b&port=5432,5432&target_session_attrs=read-write).",
    )
    workflows: Path = Field(ROOT / "workflows", description="Folder that holds the packs.")
    token_key: SecretStr = Field(
        SecretStr("development only: set ENTENTE_TOKEN_KEY"),
        description="Key under which API tokens are hashed; keep it outside the database.",
    )
    keys_file: Path | None = Field(
        None,
        description="File of the keyring (ledger, data, anchors, sessions); empty: beside the "
        "SQLite database with the suffix .keys, or entente.keys in the working folder.",
    )
    anchor_folder: Path | None = Field(
        None,
        description="Folder that anchors of the decision log are written to, out of reach of the "
        "database's owner; empty: beside the SQLite database with the suffix .anchors, or "
        "entente.anchors in the working folder.",
    )
    jobs_url: str = Field(
        "",
        description="Database of the job engine; empty: a file beside the SQLite database, "
        "or the same PostgreSQL.",
    )
    host: str = Field("127.0.0.1", description="Address that `entente serve` listens on.")
    port: int = Field(8000, description="Port that `entente serve` listens on.")
    pool_size: int = Field(8, ge=1, le=64, description="Connections kept open to PostgreSQL.")
    body_limit: int = Field(65_536, description="Largest JSON body taken, in bytes.")
    upload_limit: int = Field(20_971_520, description="Largest attachment taken, in bytes.")
    body_seconds: float = Field(
        60.0, gt=0, description="Seconds after which a body must have come at 1 KiB/s or faster."
    )
    files_folder: Path | None = Field(
        None,
        description="Folder of the sealed attachments; empty: beside the SQLite database with the "
        "suffix .files, or entente.files in the working folder.",
    )
    files_url: str = Field(
        "", description="Bucket for them instead: s3://BUCKET/PREFIX; needs the extra entente[s3]."
    )
    files_quota: int = Field(
        2_147_483_648, ge=0, description="Attachments of one country together, in bytes."
    )
    clamd_url: str = Field(
        "", description="Scanner: tcp://HOST:PORT or unix:///SOCKET of clamd; empty: no scan."
    )
    queue_limit: int = Field(
        512, description="Transitions that may wait for their turn; past that 503."
    )
    public_url: str = Field(
        "",
        description="Address at which people reach the service (https://...): links in mails and "
        "the origin of its pages; empty: the host that was called.",
    )
    trusted_proxies: tuple[str, ...] = Field(
        (),
        description="Networks of the proxies whose X-Forwarded-For is believed, as a JSON list.",
    )
    oidc_issuer: str = Field(
        "", description="Issuer of the identity provider (OpenID Connect); empty: none."
    )
    oidc_client_id: str = Field("entente", description="What the provider knows this service by.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="Secret shared with the identity provider."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Where mails go: smtp://HOST:587 (STARTTLS) or smtps://HOST, with a user and "
        "password before the host as in any URL; empty: into the mail folder.",
    )
    mail_from: str = Field("entente@localhost", description="Sender of mails.")
    mail_folder: Path = Field(
        Path("entente-mail"), description="Folder of mails (.eml) where no SMTP server is set."
    )
    api_limit: int = Field(
        600, ge=0, le=2**31 - 1, description="Calls a minute of one credential; 0: no limit."
    )
    filing_limit: int = Field(
        20, ge=0, le=10_000, description="Requests that one country may file an hour; 0: no limit."
    )
    export_limit: int = Field(
        10, ge=0, le=10_000, description="Exports that one person may make an hour; 0: no limit."
    )
    webhook_networks: tuple[str, ...] = Field(
        (),
        description="Private networks in which webhooks may call receivers, as a JSON list of "
        "CIDRs; public ones may always be called.",
    )
    webhook_ports: tuple[int, ...] = Field(
        (443,), description="Ports that webhooks may call, as a JSON list."
    )
    webhook_ca: Path | None = Field(
        None, description="File of certificates to believe of receivers, besides the system's."
    )
    webhook_test_limit: int = Field(
        10, ge=0, le=10_000, description="Tests of webhooks that one person may make an hour."
    )
    keep_closed_years: int = Field(
        10, ge=0, le=200, description="Years after which an ended request is erased; 0 is never."
    )
    keep_draft_days: int = Field(
        365,
        ge=0,
        le=36500,
        description="Days after which a draft left alone is erased; 0: never.",
    )
    log_level: str = Field("info", description="Level of the server's log.")

    @property
    def keys_place(self) -> Path:
        """Return where the keyring lies; the first start makes it. Never in the database."""
        return self.keys_file or self._beside("keys")

    @property
    def files_place(self) -> Path:
        """Return the folder of the sealed attachments; the first of them makes it."""
        return self.files_folder or self._beside("files")

    def _beside(self, what: str) -> Path:
        if not self.database_url.startswith("sqlite"):
            return Path(f"entente.{what}")
        return Path(self.database_url.partition("?")[0].removeprefix("sqlite:///") + f".{what}")

    @property
    def anchors_place(self) -> Path:
        """Return the folder that anchors of the decision log are written to."""
        if self.anchor_folder:
            return self.anchor_folder
        if not self.database_url.startswith("sqlite"):
            return Path("entente.anchors")
        return Path(self.database_url.partition("?")[0].removeprefix("sqlite:///") + ".anchors")

    @property
    def jobs_place(self) -> str:
        """Return where the job library keeps its tables.

        By default a file beside the SQLite database, never the same one (each has its own
        writer), or the schema `dbos` within the same PostgreSQL database.
        """
        if self.jobs_url:
            return self.jobs_url
        if not self.database_url.startswith("sqlite"):
            return self.database_url
        path, _, options = self.database_url.partition("?")
        return f"{path}.jobs.db" + (f"?{options}" if options else "")
