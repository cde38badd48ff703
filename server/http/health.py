"""``/healthz``, ``/readyz`` and ``/metrics``: for supervisors, load balancers and Prometheus."""

import hmac
from collections.abc import Mapping

import orjson
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from assets.catalog.store.database import StoreError
from server.http.problem import Refused
from server.http.standing import standing
from server.metrics import PrometheusMetrics
from server.store import StoreBusy


async def alive(_: Request) -> Response:
    """The process answers. Whether it should be given visitors is :func:`ready`'s to say."""
    return _told({"status": "alive"})


async def ready(request: Request) -> Response:
    """200 where visitors may be sent here, else 503 with every reason."""
    obstacles = [reason for read in standing(request).obstacles if (reason := read()) is not None]
    try:
        published = await standing(request).museum.count()
    except (StoreBusy, StoreError) as error:
        published = 0
        obstacles.append(str(error) if isinstance(error, StoreBusy) else "the store cannot be read")
    facts = {
        "status": "not ready" if obstacles else "ready", "obstacles": obstacles, "artifacts": published,
        # No obstacle: a museum without recognition is still a museum.
        "recognition": standing(request).recognition(),
    }  # fmt: skip
    return _told(facts, 503 if obstacles else 200)


async def metrics(request: Request) -> Response:
    """Counters for Prometheus; asks for a bearer token where the settings hold one."""
    token = standing(request).settings.metrics_token
    if token is not None:
        wanted = f"Bearer {token.get_secret_value()}"
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise Refused(401, "metrics need the settings' bearer token", {"www-authenticate": "Bearer"})
    counted = standing(request).metrics
    if not isinstance(counted, PrometheusMetrics):
        raise Refused(404, "this server counts nothing")
    # In a thread: figures about the process are read from /proc.
    body, media_type = await to_thread.run_sync(counted.page, request.headers.get("accept", ""))
    return Response(body, headers={"cache-control": "no-store", "content-type": media_type})


def _told(facts: Mapping[str, object], status: int = 200) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(orjson.dumps(facts), status, headers, media_type="application/json")
