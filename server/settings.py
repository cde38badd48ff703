"""Settings of the server: from flags, the environment, a TOML file, or their defaults, in that order.

A name such as ``live.idle_s`` is ``--set live.idle_s=60`` as a flag, ``MUSEUM_TWIN_LIVE__IDLE_S=60`` in the
environment, and ``idle_s = 60`` under ``[live]`` in the file. Names end with their unit: ``_s`` seconds,
``_bytes`` bytes, ``_m`` metres, ``_deg`` degrees of angle. :mod:`server.settle` reads the sources.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from server.protocol.posebytes import LONGEST

PREFIX: Final = "MUSEUM_TWIN_"

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Bytes = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Pair = tuple[Positive, Positive]


class Section(BaseModel):
    """One table of the settings file."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Tls(Section):
    """Encryption. Browsers give a page camera and WebXR only over HTTPS (or on localhost)."""

    certificate: Path | None = None
    """PEM file with the certificate and its chain; none: plain HTTP."""
    key: Path | None = None
    """PEM file with the private key; none: it stands in the certificate's file."""
    key_password: SecretStr | None = None
    """Password of the private key."""
    warn_days: Count = 14
    """Days before the certificate's end from which the log warns."""

    @model_validator(mode="after")
    def _key_needs_a_certificate(self) -> "Tls":
        if self.certificate is None and (self.key or self.key_password):
            raise ValueError("a key without a certificate: set tls.certificate, or leave out both")
        return self


class Http(Section):
    """Pages, assets and the catalog API."""

    request_bytes: Bytes = 65_536
    """Largest request body; more is answered 413."""
    header_bytes: Bytes = 16_384
    """Largest request line with headers; more is answered 400."""
    header_s: Seconds = 10.0
    """Time for a TLS handshake, for the head of a request from its first byte (a new connection's from its
    start, websocket handshakes included), and for its body."""
    send_s: Seconds = 30.0
    """Time a client may stop reading an answer; then its connection is cut."""
    keep_alive_s: Seconds = 15.0
    """Time an idle HTTP connection is kept."""
    read_s: Seconds = 5.0
    """Time a read of the store may take; more is answered 503."""
    readers: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads that read the store."""
    cached_records: Count = 4_096
    """Records each reading thread keeps decoded; forgotten at any change of the catalog."""
    page_records: Annotated[int, Field(ge=1, le=1_000)] = 100
    """Most records a page of the API."""
    compress_from_bytes: Bytes = 1_024
    """Smallest JSON or HTML body that is compressed; assets and the websocket never are."""
    cors_origins: tuple[str, ...] = ("*",)
    """Origins whose pages may read API and assets; ``*`` is all. No credentials are ever allowed."""
    framed_by: tuple[str, ...] = ("'self'",)
    """Origins that may show the pages in a frame (CSP ``frame-ancestors``)."""


class Allowance(Section):
    """What a client may send of one message type."""

    size_bytes: Bytes
    """Longest message."""
    rate: Positive
    """Messages per second that can go on for ever."""
    burst: Count
    """Messages that may come at once after a rest."""


class Live(Section):
    """The websocket: what one client may cost, and how long the server is patient with it."""

    visitors: Count = 20_000
    """Most sessions, those without a connection included."""
    parked: Count = 5_000
    """Most sessions without a connection; the longest gone is forgotten first."""
    handshake_s: Seconds = 10.0
    """From the open connection to the hello; then close 4408."""
    idle_s: Seconds = 30.0
    """Longest silence of a client; then close 4431. The session stays resumable."""
    resume_s: Seconds = 120.0
    """How long a session outlives its connection."""
    return_after_s: Seconds = 2.0
    """What clients are told to wait when the server goes down."""
    depth: Count = 6
    """Arrays within arrays in a message; deeper closes 4414."""
    excess: Count = 5
    """A type's bursts that may be dropped before the connection closes 4429."""
    faults: Count = 100
    """Errors that do not close by themselves before they do, 4430."""
    unanswered_frames: Count = 4
    """Camera frames of a client without their answer; one more is dropped and told."""
    unanswered_questions: Count = 4
    """Questions of a client without their answer; one more is dropped and told."""
    replay_events: Count = 1_024
    """Most events kept for a resume."""
    replay_bytes: Bytes = 512 * 1024
    """Most bytes of them."""
    acknowledge_every: Count = 32
    """Events after which a client must acknowledge."""
    resync_s: Seconds = 5.0
    """A client that reads nothing for so long gets a snapshot instead of what it missed."""
    stuck_s: Seconds = 20.0
    """A client that reads nothing for so long is closed."""
    socket_bytes: Bytes = 64 * 1024
    """Bytes a socket may hold unsent before its client counts as blocked."""
    delta_bytes: Bytes = 32 * 1024
    """Bytes of one delta, about; the rest follows in the next."""
    hello: Allowance = Allowance(size_bytes=4_096, rate=1, burst=2)
    clock: Allowance = Allowance(size_bytes=32, rate=5, burst=20)
    acknowledge: Allowance = Allowance(size_bytes=32, rate=100, burst=200)
    bye: Allowance = Allowance(size_bytes=2_048, rate=1, burst=2)
    pose: Allowance = Allowance(size_bytes=LONGEST, rate=144, burst=288)
    gaze: Allowance = Allowance(size_bytes=256, rate=144, burst=288)
    frame: Allowance = Allowance(size_bytes=512 * 1024, rate=10, burst=10)
    question: Allowance = Allowance(size_bytes=5_120, rate=1, burst=5)


class FrameWork(Section):
    """Camera frames: how much work they may make."""

    deadline_s: Seconds = 2.0
    """From a frame's turn to its answer; then it is answered as late."""
    wait_s: Seconds = 2.0
    """Time a visitor's next frame may wait for its turn among all visitors'; then it is answered as late."""
    parallel: Count = 4
    """Frames of all clients looked at at once."""
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads that open images."""


class Recognition(Section):
    """Which artifact a camera frame shows. See docs/recognition.md; ``twin index`` makes it possible."""

    enabled: bool = True
    """Off: every frame is answered as unavailable."""
    folder: Path | None = None
    """Folder of indexes and of the museum's own models; none: ``recognition`` in the store."""
    model: Path | None = None
    """Manifest (.onnx.json) of the model; none: the museum's own, else the shipped one."""
    gpu_model: Path | None = None
    """Another one for a graphics processor; only beside ``model``."""
    small_model: Path | None = None
    """One with a smaller input, for when the other is too slow; only beside ``model``."""
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    """Threads that compute one batch together."""
    canary_share: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.2
    """Share of visitors whose frames a new model answers first, beside the one in service; 0: it serves at
    once."""
    canary_s: Seconds = 600.0
    """Time from its first frame after which a new model that is not judged yet answers everybody's frames, or
    half of them while there is nothing to compare it with; after twice that time everybody's."""

    @model_validator(mode="after")
    def _others_stand_beside_a_model(self) -> "Recognition":
        if self.model is None and (self.gpu_model or self.small_model):
            raise ValueError("gpu_model and small_model stand beside model: set recognition.model as well")
        return self


class Perception(Section):
    """What a visitor is told of. Of two values, an artifact comes at the first and goes at the second."""

    size_deg: Pair = (1.0, 0.8)
    """Visual angle from which an artifact is perceived."""
    reach_m: Pair = (25.0, 27.5)
    """Distance within which anything is perceived, however large."""
    near_m: Pair = (1.2, 1.6)
    """Distance within which an artifact is perceived whether or not it is in view."""
    margin_deg: Pair = (10.0, 25.0)
    """Added to half the field of view."""
    large_deg: Pair = (12.0, 10.0)
    """Visual angle from which an artifact goes before smaller ones."""
    kept: Positive = 1.25
    """What is perceived already counts this much larger when the budget is short."""
    gaze_reach_m: Positive = 12.0
    """Distance within which a look is taken as meant for an artifact."""
    label_m: Pair = (3.0, 3.6)
    """Gap at which the label is shown."""
    label_s: Positive = 0.7
    """Dwell after which the label is shown at any distance."""
    full_m: Pair = (2.0, 2.5)
    """Gap at which the whole text is shown, after its dwell."""
    full_s: Positive = 2.0
    """Dwell before the whole text is shown."""
    media_m: Pair = (1.5, 2.0)
    """Gap at which images, audio and links are shown, after their dwell."""
    media_s: Positive = 6.0
    """Dwell before images, audio and links are shown."""
    tracker_deg: Positive = 1.0
    """Error of the gaze ray."""
    hotspot_deg: Positive = 2.0
    """A hotspot is under the ray within this angle of it ..."""
    hotspot_m: Positive = 0.02
    """... or within this distance."""
    artifacts: Count = 32
    """Most artifacts perceived at once."""
    model_bytes: Bytes = 64_000_000
    """Most bytes of models perceived at once."""
    cell_m: Positive = 2.0
    """Edge of the cells whose candidates are found once and kept."""
    cells: Count = 8_192
    """Cells kept; the least used is forgotten first."""


class Logs(Section):
    """What the server writes to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity that is written."""
    shape: Literal["auto", "json", "text"] = "auto"
    """One JSON object a line, or text for people; ``auto``: text on a terminal, JSON elsewhere."""


class Settings(BaseSettings):
    """Everything that can be set; the defaults serve one museum in its own network."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    store: Path = Path("museum")
    """Folder that holds the museum's catalog, placements and derivatives."""
    name: str = "Museum Twin"
    """Name shown on the page and in the API."""
    host: str = "0.0.0.0"
    """Address to listen on: ``0.0.0.0`` is every network of this machine, ``127.0.0.1`` this machine only."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """Port for everything: pages, assets, API, metrics and the websocket; 0 lets the system choose."""
    public_url: Annotated[str | None, Field(pattern=r"^https?://[^/?#\s]+(/[^?#\s]*)?$")] = None
    """Address under which visitors reach the server, where a proxy stands before it; also the base of the
    identifiers in Linked Art and IIIF documents. None: what each request names as its host."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    web_client: Path | None = None
    """Folder of the built web client: its page at ``/``, the rest under ``/app/``. None: what ``make web``
    built; where it did not, a plain page."""
    connections: Count = 20_000
    """Most connections at a time, HTTP and websockets together; more are answered 503."""
    drain_s: Seconds = 10.0
    """Time for farewells and open answers after SIGTERM or SIGINT; then everything is closed."""
    metrics_token: SecretStr | None = None
    """Bearer token that ``/metrics`` asks for; none: anyone who reaches the port may read it."""
    tls: Tls = Tls()
    http: Http = Http()
    live: Live = Live()
    frames: FrameWork = FrameWork()
    recognition: Recognition = Recognition()
    perception: Perception = Perception()
    logs: Logs = Logs()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed: :mod:`server.settle` reads the other sources, so that it can name them."""
        return (init_settings,)
