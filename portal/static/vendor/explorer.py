"""GraphiQL in files of our own: bundled once by esbuild from npm, for since version 5 it ships only as ESM.

Kept compressed: that is how they are sent, and a start need not compress five megabytes. Its letters give way to
ours (the page sets `--font-family`), and the icons' font is a file, so that the page's policy needs no `data:` fonts.
"""

import gzip
import json
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).parent
ENTRY = """
export { createElement } from "react";
export { createRoot } from "react-dom/client";
export { GraphiQL } from "graphiql";
export { createGraphiQLFetcher } from "@graphiql/toolkit";
import "graphiql/style.css";
"""
WORKERS = {
    "graphiql-editor": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphiql-json": "monaco-editor/esm/vs/language/json/json.worker.js",
    "graphiql-graphql": "monaco-graphql/esm/graphql.worker.js",
}
OPTIONS = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none", "--log-level=error"]


def bundle(modules: pathlib.Path) -> None:
    """Write graphiql.js.gz, graphiql.css.gz, a file for each worker, codicon.ttf and all licences."""
    (modules.parent / "graphiql.mjs").write_text(ENTRY)
    inputs = _built(
        modules, "graphiql.mjs", "graphiql", "--global-name=GraphiQLKit", "--loader:.ttf=file", "--asset-names=[name]",
        '--define:process.env.NODE_ENV="production"',
    )  # fmt: skip
    for name, source in WORKERS.items():
        inputs |= _built(modules, f"node_modules/{source}", name)
    (HERE / "codicon.ttf").write_bytes((modules.parent / "out/codicon.ttf").read_bytes())
    (HERE / "licences/graphiql.txt").write_text(_licences(modules, inputs))


def _built(modules: pathlib.Path, source: str, name: str, *more: str) -> set[str]:
    folder = modules.parent
    command = [modules / ".bin/esbuild", source, *OPTIONS, *more, f"--outfile=out/{name}.js", "--metafile=out/meta.json"]
    subprocess.run(command, cwd=folder, check=True)
    for made in (folder / "out" / f"{name}.js", folder / "out" / f"{name}.css"):
        if made.exists():
            text = made.read_text()
            text = _without_fonts(text) if made.suffix == ".css" else text
            (HERE / f"{made.name}.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    return set(json.loads((folder / "out/meta.json").read_text())["inputs"])


def _without_fonts(css: str) -> str:
    css = re.sub(r"@font-face\{[^}]*url\(data:[^}]*\}", "", css)
    return css.replace('url("./codicon.ttf")', "url(codicon.ttf)")


def _licences(modules: pathlib.Path, inputs: set[str]) -> str:
    found = {
        match[1] for path in inputs if (match := re.match(r".*node_modules/((?:@[^/]+/)?[^/]+)/", path))
    }
    return f"\n{'=' * 80}\n\n".join(_licence(modules / package, package) for package in sorted(found))


def _licence(folder: pathlib.Path, package: str) -> str:
    about = json.loads((folder / "package.json").read_text())
    texts = [
        path.read_text().strip()
        for path in sorted(folder.iterdir())
        if path.name.upper().startswith(("LICENSE", "LICENCE", "THIRDPARTYNOTICES"))
    ]
    return "\n\n".join([f"{package} {about['version']}: {about.get('license', '')}", *texts]) + "\n"
