"""One small page with a form, in the reader's language: what sign-in, links, passwords and sign-out are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.language import LANGUAGES, Message, mark, translate
from core.web.headers import OWN_POLICY
from core.web.requests import keep_language, language_of

PRODUCT = mark("Customer loop")
_LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Field:
    """One input of a form."""

    name: str
    label: str
    kind: str
    complete: str
    """What a password manager fills in (the `autocomplete` of HTML)."""
    value: str = ""

    def holding(self, value: str) -> Field:
        return replace(self, value=value)


@dataclass(frozen=True)
class Page:
    """What a page says, untranslated."""

    title: str
    lead: str | Message
    button: str
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    hint: str | Message | None = None
    problem: Message | None = None
    back: bool = False
    """Whether there is a way back into the app."""
    username: str | None = None
    """For the password manager, where the name is not asked for."""

    def failed(self, problem: Message) -> Page:
        """The same page with what went wrong."""
        return replace(self, problem=problem)


def answer(request: Request, page: Page, *, status: int = 200) -> HTMLResponse:
    """The page as HTML: never stored, without scripts, posting to its own address."""
    person = request.state.person
    language = language_of(request, person.language if person is not None else None)
    html = _templates.get_template("page.html").render(
        page=page,
        product=PRODUCT,
        back_label=mark("Back"),
        language_label=mark("Language"),
        tr=lambda sentence: translate(sentence, language),
        html_language=language.replace("_", "-"),
        languages=[
            (code, _LANGUAGE_NAMES[code], str(request.url.include_query_params(lang=code).query))
            for code in LANGUAGES
        ],
        language=language,
    )
    response = HTMLResponse(
        html,
        status_code=status,
        headers={"content-security-policy": OWN_POLICY, "cache-control": "no-store"},
    )
    keep_language(response, request)
    return response
