"""The one family of errors a person may read. Everything else is a defect and goes to the log."""

from __future__ import annotations

from core.language import Message, translate


class ProductError(Exception):
    """Base of every refusal: carries a translatable sentence that says what is wrong and what to do.

    Pages, the command line and jobs catch only this. `message` survives storage (see
    `Message.to_json`), so a job that failed in the worker is read later in the reader's language.
    """

    def __init__(self, sentence: str | Message, **values: object) -> None:
        self.message = sentence if isinstance(sentence, Message) else Message(sentence, values)
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The sentence in `language` (a code of `core.language.LANGUAGES`)."""
        return translate(self.message, language)


class Refused(ProductError):
    """The request cannot be done as given: bad input, a wrong state, a limit."""


class NotAllowed(ProductError):
    """The actor lacks the permission, or the subject lies outside the actor's scope."""


class NotFound(ProductError):
    """No such record, or none that the actor may see: the two are never told apart."""


class StaleEdit(ProductError):
    """Somebody saved the record in between; nothing was changed."""
