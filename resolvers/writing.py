"""Writing: what members type, made safe to show once, when it is written. Markdown in, a little HTML out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline

from models.problems import BadField, Invalid

LONGEST_BODY = 20_000
#: ``@alexandria-va``: whoever is mayor of that city.
_MENTION = re.compile(r"@([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")
_INSIDE_A_WORD = re.compile(r"[\w/.@]")
_TAGS = {
    "p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "class"}, "ol": {"start"}}
#: Tags within a line, which part no words.
_INLINE = re.compile(r"</?(?:em|strong|s|code|a)\b[^>]*>")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e]")


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it was typed, as it is shown, and its words without any dress, by which it is found."""

    body: str
    html: str
    words: str


def body_of(text: str, field: str = "body") -> str:
    """A text of 1 to 20,000 characters; what can be neither seen nor stored refuses it."""
    trimmed = text.replace("\r\n", "\n").strip()
    if not 0 < len(trimmed) <= LONGEST_BODY:
        raise Invalid(BadField(field, f"Write 1 to {LONGEST_BODY:,} characters; these are {len(trimmed):,}."))
    _must_be_visible(trimmed, field)
    return trimmed


def line_of(text: str, field: str, most: int, *, empty: bool = False) -> str:
    """One line of at most ``most`` characters, its spaces tidied."""
    trimmed = " ".join(text.split())
    if (not trimmed and not empty) or len(trimmed) > most:
        raise Invalid(BadField(field, f"Write {'at most' if empty else '1 to'} {most} characters."))
    _must_be_visible(trimmed, field)
    return trimmed


def paragraph_of(text: str, field: str, most: int) -> str:
    """Plain text of 1 to ``most`` characters, the spaces in each of its lines tidied."""
    lines = (" ".join(one.split()) for one in text.replace("\r\n", "\n").strip().split("\n"))
    trimmed = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if not 0 < len(trimmed) <= most:
        raise Invalid(BadField(field, f"Write 1 to {most:,} characters; these are {len(trimmed):,}."))
    _must_be_visible(trimmed, field)
    return trimmed


def named(body: str) -> list[str]:
    """The cities whose mayors a text names, each once, in the order of naming; none inside code or links."""
    environment: dict[str, Any] = {"named": {}}
    _MARKDOWN.parse(body, environment)
    return list(environment["named"])


def written(body: str, heard: Mapping[str, str]) -> Written:
    """The text as it is shown. ``heard`` says of the cities whose mayors are told what those mayors are called."""
    shown = _MARKDOWN.render(body, {"named": {}, "heard": heard})
    html = nh3.clean(
        shown,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        link_rel="noopener nofollow",
        url_schemes={"https", "http", "mailto"},
    )
    return Written(body, html, " ".join(_plain(html).split()))


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", _INLINE.sub("", html)))


def _must_be_visible(text: str, field: str) -> None:
    if _SURROGATES.search(text) or _CONTROLS.search(text):
        raise Invalid(
            BadField(field, "There are characters in it that cannot be seen; type it anew, please.")
        )


def _mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    found = _MENTION.match(state.src, state.pos)
    if not found or (state.pos and _INSIDE_A_WORD.match(state.src[state.pos - 1])) or state.linkLevel:
        return False
    if not silent:
        state.env["named"][found[1]] = None
        state.push("mention", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _shown(_self: RendererHTML, tokens: Any, at: int, _options: Any, environment: Any) -> str:
    slug = tokens[at].content
    name = environment.get("heard", {}).get(slug)
    if name is None:
        return f"@{escape(slug)}"
    return f'<a class="mention" href="/cities/{escape(slug)}">@{escape(name)}</a>'


def _made() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    made.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    made.inline.ruler.before("link", "mention", _mention)
    made.add_render_rule("mention", _shown)
    # A post stands below the page's own headings: what its author calls the first is the third.
    made.add_render_rule("heading_open", lambda _s, tokens, at, _o, _e: f"<h{_depth(tokens[at])}>")
    made.add_render_rule("heading_close", lambda _s, tokens, at, _o, _e: f"</h{_depth(tokens[at])}>\n")
    return made


def _depth(token: Any) -> int:
    return min(6, int(token.tag[1]) + 2)


_MARKDOWN = _made()
