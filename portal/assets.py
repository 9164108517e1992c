"""The portal's files: styles, scripts and letters under addresses that name their content, so they keep."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static"
A_YEAR = "public, max-age=31536000, immutable"
KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "svg": "image/svg+xml",
}

# One request for all styles and one for all scripts, in this order.
BUNDLES = {
    "rotunda.css": [
        "fonts.css",
        "tokens.css",
        "vendor/uswds.css",
        "rotunda.css",
        "masthead.css",
        "programme.css",
        "delegations.css",
        "groups.css",
        "resolutions.css",
        "places.css",
        "home.css",
        "account.css",
        "desk.css",
        "print.css",
    ],
    "rotunda.js": ["vendor/htmx.min.js", "vendor/hx-sse.min.js", "rotunda.js", "places.js", "passkeys.js"],
}
# What a single page needs is not sent with all others.
PAGES = ["api.css", "explorer.css", "explorer.js"]
# Kept compressed, for they are large; graphiql.css is opened once more, to be told where its font is.
PACKED = ["graphiql.js", "graphiql-editor.js", "graphiql-graphql.js", "graphiql-json.js"]
FILES = [
    "vendor/newsreader.woff2",
    "vendor/newsreader-ext.woff2",
    "vendor/public-sans.woff2",
    "vendor/public-sans-ext.woff2",
    "vendor/codicon.ttf",
    "mark.svg",
]


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `zipped` is empty where compressing gains nothing, `plain` where hardly anybody asks."""

    path: str
    kind: str
    plain: bytes
    zipped: bytes


class Assets:
    """All files, read and compressed once at the start."""

    def __init__(self) -> None:
        self._by_name: dict[str, Asset] = {}
        for file in FILES:
            self._add(Path(file).name, (FOLDER / file).read_bytes())
        for name, sources in BUNDLES.items():
            joined = b"\n".join((FOLDER / source).read_bytes() for source in sources)
            self._add(name, self._addressed(joined) if name.endswith(".css") else joined)
        for page in PAGES:
            self._add(page, (FOLDER / page).read_bytes())
        for name in PACKED:
            self._keep(name, b"", (FOLDER / f"vendor/{name}.gz").read_bytes())
        graphiql = gzip.decompress((FOLDER / "vendor/graphiql.css.gz").read_bytes())
        self._add("graphiql.css", self._addressed(graphiql))
        self._by_path = {asset.path: asset for asset in self._by_name.values()}

    def address(self, name: str) -> str:
        """Where a file is: `rotunda.css` is at `/static/rotunda.3f9c….css`."""
        return f"/static/{self._by_name[name].path}"

    def routes(self) -> list[Route]:
        """The one route that serves them."""
        return [Route("/static/{path}", self._serve)]

    async def _serve(self, request: Request) -> Response:
        asset = self._by_path.get(request.path_params["path"])
        if asset is None:
            return PlainTextResponse("There is no such file.", status_code=404)
        headers = {"Cache-Control": A_YEAR, "Vary": "Accept-Encoding"}
        if asset.zipped and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.zipped, media_type=asset.kind, headers=headers | {"Content-Encoding": "gzip"}
            )
        return Response(asset.plain or gzip.decompress(asset.zipped), media_type=asset.kind, headers=headers)

    def _add(self, name: str, content: bytes) -> None:
        self._keep(name, content, b"" if name.endswith("woff2") else gzip.compress(content, 9, mtime=0))

    def _keep(self, name: str, plain: bytes, zipped: bytes) -> None:
        stem, ending = name.rsplit(".", 1)
        digest = hashlib.sha256(plain or zipped).hexdigest()[:12]
        self._by_name[name] = Asset(f"{stem}.{digest}.{ending}", KINDS[ending], plain, zipped)

    def _addressed(self, css: bytes) -> bytes:
        """Point `url(name)` at the file's own address."""
        return re.sub(
            rb"url\(([\w.-]+)\)", lambda found: f"url({self.address(found[1].decode())})".encode(), css
        )
