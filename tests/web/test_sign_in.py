"""The pages around the app: sign-in, links, passwords, sign-out, as a browser uses them."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from sqlalchemy import update

from core.access import service
from core.access.actor import SYSTEM
from core.access.queries import actor_of_account
from core.access.tables import Account
from core.clock import now
from core.operations.handing_out import made_for
from core.store.tables import Job
from tests.serving import PASSWORD, Server


def sign_in(browser: httpx.Client, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return browser.post("/sign-in", data={"username": name, "password": password, **more})


def test_the_first_link_is_printed_and_leads_into_the_app(server: Server) -> None:
    link = re.search(r"http://\S+(/link/\S+)", server.printed)
    assert link is not None
    with server.browser() as browser:
        for _ in range(3):  # a program that previews links does not use it up
            assert browser.get(link[1]).status_code == 200
        answer = browser.post(link[1])
        assert answer.headers["location"] == "/password"
        assert browser.get("/").headers["location"] == "/password"
        answer = browser.post("/password", data={"new": PASSWORD, "again": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert browser.get("/").status_code == 200
    with server.browser() as another:
        answer = another.post(link[1])
        assert answer.status_code == 403
        assert "expired or was used before" in answer.text


def test_the_terminal_says_where_the_key_lies(server: Server) -> None:
    assert str(server.store.data_dir / "keys" / "field.key") in server.printed


def test_signing_in_sets_a_cookie_that_scripts_cannot_read_and_goes_where_one_wanted(server: Server) -> None:
    with server.browser() as browser:
        answer = sign_in(browser, "bob", next="/churn-worklist?status=open")
        cookie = answer.headers["set-cookie"].lower()
        assert (answer.status_code, answer.headers["location"]) == (303, "/churn-worklist?status=open")
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "secure" not in cookie
        assert browser.get("/").status_code == 200
        assert browser.get("/sign-in").headers["location"] == "/"


def test_over_https_the_cookie_is_secure(server: Server) -> None:
    with server.browser(**{"x-forwarded-proto": "https"}) as browser:
        assert "secure" in sign_in(browser, "bob").headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "wanted",
    [
        "http://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "x",
        "",
    ],
)
def test_sign_in_never_leads_to_another_site(server: Server, wanted: str) -> None:
    with server.browser() as browser:
        assert sign_in(browser, "bob", next=wanted).headers["location"] == "/"


def test_a_failure_says_the_same_for_unknown_names_and_shows_input_as_text(server: Server) -> None:
    with server.browser() as browser:
        wrong = sign_in(browser, "bob", "not the password")
        unknown = sign_in(browser, '"><script>alert(1)</script>')
        sign_in(browser, "bob")  # clears the count
    sentence = "The user name or the password is wrong. Check both and try again."
    assert wrong.status_code == unknown.status_code == 403
    assert sentence in html.unescape(wrong.text)
    assert sentence in html.unescape(unknown.text)
    assert "<script>" not in unknown.text


def test_a_form_that_is_no_form_is_a_failed_sign_in(server: Server) -> None:
    with server.browser() as browser:
        assert browser.post("/sign-in", content=b"\xff" * 100_000).status_code == 403
        assert browser.post("/sign-in", json={"username": "bob"}).status_code == 403


def test_two_different_new_passwords_and_a_poor_one_are_refused(server: Server) -> None:
    with server.browser(cookie=server.cookie("bob")) as browser:
        differ = browser.post(
            "/password", data={"current": PASSWORD, "new": "one long password", "again": "x"}
        )
        poor = browser.post("/password", data={"current": PASSWORD, "new": "short", "again": "short"})
        guess = browser.post(
            "/password",
            data={"current": "a guess of it", "new": "one long password", "again": "one long password"},
        )
    assert [answer.status_code for answer in (differ, poor, guess)] == [400, 400, 400]
    assert "two new passwords differ" in differ.text
    assert "at least 10" in poor.text
    assert "current password is wrong" in guess.text


def test_sign_out_asks_first_then_ends_the_session(server: Server) -> None:
    with server.browser() as browser:
        sign_in(browser, "bob")
        kept = browser.cookies["customer_session"]
        assert browser.get("/sign-out").status_code == 200
        assert browser.get("/").status_code == 200
        assert browser.post("/sign-out").headers["location"] == "/sign-in"
        assert "customer_session" not in browser.cookies
    with server.browser(cookie=f"customer_session={kept}") as thief:
        assert thief.get("/").status_code == 303


def test_signing_in_again_gives_a_new_token_and_ends_the_old_session(server: Server) -> None:
    with server.browser() as browser:
        sign_in(browser, "bob")
        old = browser.cookies["customer_session"]
        sign_in(browser, "ann")
        assert browser.cookies["customer_session"] != old
    with server.browser(cookie=f"customer_session={old}") as thief:
        assert thief.get("/").status_code == 303


@pytest.mark.parametrize(
    ("asked", "browsers", "shown"),
    [
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("", "en-GB,en;q=0.9,zh;q=0.1", "en"),
        ("", "fr;q=0.9, en;q=0.5, zh;q=broken", "en"),
        ("", "", "zh-CN"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=xx", "zh-CN", "zh-CN"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_browsers(
    server: Server, asked: str, browsers: str, shown: str
) -> None:
    with server.browser(**{"accept-language": browsers}) as browser:
        assert f'<html lang="{shown}">' in browser.get("/sign-in" + asked).text
        if asked == "?lang=en":
            assert '<html lang="en">' in browser.get("/sign-in").text  # remembered


def test_an_export_reaches_only_who_asked_for_it_and_administrators(server: Server) -> None:
    owner = server.account("exporter")
    signed_in = actor_of_account(server.store, owner)
    assert signed_in is not None
    folder = server.store.data_dir / "exports"
    folder.mkdir(exist_ok=True)
    (folder / "7.xlsx").write_bytes(b"workbook")
    (server.store.data_dir / "secret.txt").write_text("secret")

    def job(file: str) -> int:
        with server.store.write() as session:
            made = Job(
                kind="export",
                payload={},
                status="done",
                result={"file": file, "name": "客户分级.xlsx", "made_for": made_for(signed_in.actor)},
                requested_by=owner,
                created_at=now(),
            )
            session.add(made)
            session.commit()
        return made.id

    good, outside = job("7.xlsx"), job("../secret.txt")
    for name, status in (("exporter", 200), ("ann", 200), ("bob", 404)):
        with server.browser(cookie=server.cookie(name)) as browser:
            answer = browser.get(f"/exports/{good}")
            assert answer.status_code == status, name
            assert browser.get(f"/exports/{outside}").status_code == 404
            assert browser.get("/exports/987654").status_code == 404
            if status == 200:
                assert answer.content == b"workbook"
                assert "filename*=utf-8''%E5%AE%A2" in answer.headers["content-disposition"].lower().replace(
                    "%e5%ae%a2", "%E5%AE%A2"
                )
    with server.store.write() as session:
        session.execute(update(Account).where(Account.id == owner).values(role="intern"))
        session.commit()
    with server.browser(cookie=server.cookie("exporter")) as browser:
        assert browser.get(f"/exports/{good}").status_code == 404  # the role no longer exports


def test_health_tells_the_state_and_nothing_else(server: Server) -> None:
    with server.browser() as browser:
        answer = browser.get("/health").json()
    assert set(answer) == {"status", "database", "schema", "worker"}
    assert (answer["status"], answer["database"], answer["schema"]) == ("ok", True, True)


def test_an_account_that_is_disabled_meanwhile_is_out_at_its_next_request(server: Server) -> None:
    account_id = server.account("shortlived")
    with server.browser(cookie=server.cookie("shortlived")) as browser:
        assert browser.get("/").status_code == 200
        service.disable_account(SYSTEM, server.store, account_id, now=now())
        assert browser.get("/").headers["location"].startswith("/sign-in")


def test_a_form_with_more_fields_than_any_of_ours_is_read_as_empty(server: Server) -> None:
    with server.browser() as browser:
        answer = sign_in(browser, "bob", **{f"field{number}": "x" for number in range(30)})
    assert answer.status_code == 403
