"""The preview's server: page and mail side by side on this machine alone, seen again after each save."""

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import time
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request as Call
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from watchfiles import awatch

from tidings.errors import UsageError
from tidings.kernels import warm_kernels
from tidings.preview.preview import Preview, Shown
from tidings.preview.render import in_media
from tidings.reports.order import Request

_HOST = "127.0.0.1"
_SITE = Path(__file__).with_name("site")
_TEMPLATES = Path(__file__).parents[1] / "parts" / "templates"
_SECONDS_FOR_A_CELL = 3  # that was begun before the notebook was saved again
_QUIET_MILLISECONDS = 30  # without a further change, before a save is taken for whole
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_OWN = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src {pictures}; "
    "frame-ancestors 'self'; form-action 'none'"
)

Say = Callable[[str], None]


def serve(request: Request, port: int, say: Say) -> None:
    """Serve the preview of a report until Ctrl-C, on this machine's own address alone.

    Parameters
    ----------
    request : Request
        Whose report, of when, from which notebook.
    port : int
        Where it is served; 0 for any that is free.
    say : callable
        Tells the user, a line at a time, where it is and what came of each save.

    Raises
    ------
    UsageError
        The port is taken, or the tenants' files are not on this machine.
    """
    if not isinstance(request.parameters, Path):
        raise UsageError(
            "is in an object store, where no one can see that a file is saved",
            where=f"folder {request.parameters}",
            remedy="copy the tenant's file to this machine, and name its folder (PARAMETERS=)",
        )
    with _listen(port) as listening:
        site = _Site(request, say)
        key = secrets.token_urlsafe(12)  # what other users of this machine do not know
        address = f"http://{_HOST}:{listening.getsockname()[1]}/{key}/"
        say(f"preview of {request.tenant}: {address} (Ctrl-C ends it)")
        config = uvicorn.Config(
            site.application(key),
            log_level="critical",
            loop="asyncio",
            lifespan="on",
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        with suppress(KeyboardInterrupt):
            _Server(config, site).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
        listening.listen()  # a browser that is quicker than the server's start is made to wait
    except OSError as error:
        listening.close()
        raise UsageError(
            f"cannot be listened at: {error.strerror}",
            where=f"port {port}",
            remedy="end the other preview, or choose another port (PORT=8766; PORT=0 takes any that is free)",
        ) from None
    return listening


class _Server(uvicorn.Server):
    """Ends the streams of events first: a browser would keep them open for ever."""

    def __init__(self, config: uvicorn.Config, site: "_Site"):
        super().__init__(config)
        self._site = site

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._site.end()
        await super().shutdown(sockets)


class _Site:
    """What is served: the frame around page and mail, the two, and news of what became of each save."""

    def __init__(self, request: Request, say: Say):
        self._request, self._say = request, say
        self._preview: Preview
        self._shown: Shown | None = None
        self._saved: dict[int, float] = {}
        self._news = asyncio.Condition()
        self._told = 0
        self._is_busy = self._is_over = False

    def application(self, key: str) -> Starlette:
        """The site below a path that only who was told it knows."""
        routes = [
            Route("/", self._frame),
            Route("/page", self._document),
            Route("/mail", self._document),
            Route("/events", self._events),
            Route("/seen/{number:int}", self._seen, methods=["POST"]),
            Mount("/site", StaticFiles(directory=_SITE)),
        ]
        # Another site may have its name lead to this machine; its requests still bear that name.
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[_HOST, "localhost"], www_redirect=False)
        return Starlette(routes=[Mount(f"/{key}", routes=routes)], middleware=[hosts], lifespan=self._follow)

    def end(self) -> None:
        """Let the streams of events come to their end."""
        self._is_over = True
        self._wake = asyncio.ensure_future(self._tell())

    @asynccontextmanager
    async def _follow(self, application: Starlette) -> AsyncIterator[None]:
        """While the site is served, look again at the notebook whenever a file is saved."""
        with warm_kernels() as kernel:
            self._preview = Preview(self._request, kernel)
            following = asyncio.create_task(self._look_after_each_save())
            try:
                yield
            finally:
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following
                await self._preview.close()

    async def _look_after_each_save(self) -> None:
        looking = asyncio.create_task(self._look(None))
        try:
            async for saved in _saves(self._preview):
                self._preview.stop()
                await asyncio.wait({looking}, timeout=_SECONDS_FOR_A_CELL)
                if not looking.done():
                    await self._give_up(looking)
                looking = asyncio.create_task(self._look(saved))
        finally:
            await self._give_up(looking)

    async def _give_up(self, looking: asyncio.Task[None]) -> None:
        if not looking.done():
            self._preview.stop()
            looking.cancel()
            await asyncio.wait({looking})
            await self._preview.close()

    async def _look(self, saved: float | None) -> None:
        self._is_busy = True
        await self._tell()
        shown = await self._preview.update()
        if shown is None:
            return
        self._is_busy, self._shown = False, shown
        self._saved = {shown.number: saved} if saved else {}
        if shown.problem:
            problem = shown.problem
            self._say("\n  ".join(filter(None, [f"{problem.where}: {problem.what}", problem.line])))
        else:
            self._say(f"{shown.about}: {shown.told}")
        await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._told += 1
            self._news.notify_all()

    async def _frame(self, call: Call) -> Response:
        html = (_SITE / "index.html").read_text("utf-8")
        return HTMLResponse(html, headers={**_HEADERS, "Content-Security-Policy": _OWN})

    async def _document(self, call: Call) -> Response:
        """The page or the mail, as it looks in the medium that the query asks for."""
        rendered, asked = self._preview.rendered, call.query_params
        if rendered is None:
            return Response("There is nothing to see yet.", 404, _HEADERS, "text/plain")
        html = rendered.mail if call.url.path.endswith("/mail") else rendered.page
        policy = _FRAMED.format(pictures="'none'" if "bare" in asked else "data:")
        return HTMLResponse(
            in_media(html, dark="dark" in asked, printed="print" in asked),
            headers={**_HEADERS, "Content-Security-Policy": policy},
        )

    async def _events(self, call: Call) -> Response:
        return StreamingResponse(self._stream(), headers=_HEADERS, media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        """What is shown now, and whenever that changes, until the preview ends."""
        while not self._is_over:
            told = self._told
            yield f"data: {json.dumps(self._state())}\n\n"
            async with self._news:
                while self._told == told:
                    await self._news.wait()

    def _state(self) -> dict[str, Any]:
        shown = self._shown.to_json() if self._shown else {"number": 0, "about": self._request.tenant}
        return {**shown, "busy": self._is_busy, "there": self._preview.rendered is not None}

    async def _seen(self, call: Call) -> Response:
        """A browser shows what was made: say how long that took from the save on, for the first one."""
        saved = self._saved.pop(call.path_params["number"], None)
        if saved is None or self._shown is None:
            return Response(status_code=204, headers=_HEADERS)
        told = f"seen {max(time() - saved, 0):.1f} s after it was saved"
        self._say(f"  {told}")
        return Response(told, headers=_HEADERS, media_type="text/plain")


async def _saves(preview: Preview) -> AsyncIterator[float]:
    """When a file of a preview, or a template, was saved.

    Folders are watched and not files, for many editors and JupyterLab put a new file in the place of the old.
    """
    templates = [folder for folder in (_TEMPLATES, *_TEMPLATES.rglob("*")) if folder.is_dir()]
    watched = {path.resolve().parent for path in preview.files}

    def is_ours(change: Any, path: str) -> bool:
        names = {str(file.resolve().parent / file.name) for file in preview.files}
        return path in names or path.startswith(f"{_TEMPLATES}/")

    async for changes in awatch(
        *watched, *templates, watch_filter=is_ours, step=_QUIET_MILLISECONDS, debounce=400, recursive=False
    ):
        yield max(_saved_at(Path(path)) for _, path in changes)


def _saved_at(path: Path) -> float:
    try:
        stat = path.stat()
    except OSError:  # it is being replaced, or was removed
        return time()
    return max(stat.st_mtime, stat.st_ctime)
