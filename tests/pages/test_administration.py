"""Administration: accounts, people, jobs of everybody and the key, through the page."""

from __future__ import annotations

from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.access.queries import accounts, directory
from core.access.service import change_role, create_account, use_link
from core.access.vault import key_file
from core.errors import ProductError
from core.facts.tables import Customer
from core.language import Message
from core.operations import jobs as operations
from core.store import jobs
from core.store.engine import Store
from tests.conftest import Actors
from tests.pages.conftest import LOCALES, Open, words

PAGE = "administration"
SECTIONS = ["accounts", "people", "jobs", "key"]
OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]


def choose(app: AppTest, table: str, row: int) -> AppTest:
    """Click a row; the harness cannot click cells, so what a click stores is stored."""
    app.session_state["administration.drawer"] = (table, row)
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def drawer(app: AppTest, key: str) -> AppTest:
    """Press a button of a drawer that asks once more, and mean it."""
    press(app, f"administration.sure.{key}.ask")
    return press(app, f"administration.sure.{key}.do")


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("language", LOCALES)
def test_every_section_opens_in_both_languages(
    open_page: Open, actors: Actors, section: str, language: str
) -> None:
    app = open_page(actors.administrator, PAGE, language, section=section)
    assert not app.exception
    assert not app.error
    told = {
        "accounts": ("8 accounts", "共 8 个账号"),
        "people": ("account manager, salesperson", "客户经理、销售和经办人"),
        "jobs": ("Nothing has run yet", "还没有任务"),
        "key": ("not even from a backup", "数据库备份也无济于事"),
    }
    assert told[section][language == "zh_CN"] in words(app).replace("\\", "")


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_can_administer(open_page: Open, actors: Actors, role: Role) -> None:
    app = open_page(actors.of(role))
    app.switch_page("pages/stewardship/administration.py").run()
    assert [error.value for error in app.error] == ["Your role does not allow this. Ask your administrator."]
    assert not app.dataframe


def test_who_loses_the_role_loses_the_page_at_the_next_click(
    open_page: Open, actors: Actors, store: Store, now: datetime
) -> None:
    app = open_page(actors.administrator, PAGE)
    frame = accounts(actors.administrator, store).set_index("username")
    change_role(
        actors.administrator,
        store,
        int(frame.id["mai"]),
        Role.ADMINISTRATOR,
        department_id=None,
        staff_id=None,
        now=now,
    )
    change_role(
        actors.administrator,
        store,
        int(frame.id["ada"]),
        Role.OPERATIONS,
        department_id=None,
        staff_id=None,
        now=now,
    )
    app.run()
    assert not app.dataframe


def test_an_account_is_added_and_its_link_is_shown_once_and_works(
    open_page: Open, actors: Actors, store: Store, now: datetime
) -> None:
    app = press(open_page(actors.administrator, PAGE), "administration.add_account")
    app.text_input(key="new_account.username").set_value("sun")
    app.text_input(key="new_account.display_name").set_value("Sun *Li*")
    app.selectbox(key="new_account.role").set_value(Role.SUPERVISOR).run()
    assert "Without a department" in words(app)
    app.selectbox(key="new_account.department").set_value(actors.west)
    press(app, "new_account.add")
    assert not app.exception
    token = app.code[0].value.rpartition("/link/")[2]
    assert "Sun *Li*" in [each.value for each in app.text]
    press(app, "link.done")
    assert not app.code
    added = accounts(actors.administrator, store).set_index("username").loc["sun"]
    assert (added.role, added.department_id) == ("supervisor", actors.west)
    assert use_link(store, token, now=now)


def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(open_page: Open, actors: Actors) -> None:
    app = press(open_page(actors.administrator, PAGE), "administration.add_account")
    app.text_input(key="new_account.username").set_value("emil")
    app.text_input(key="new_account.display_name").set_value("Emil II")
    press(app, "new_account.add")
    assert len(app.error) == 1
    assert app.text_input(key="new_account.display_name").value == "Emil II"


def test_role_and_links_are_changed(open_page: Open, actors: Actors, store: Store) -> None:
    account = actors.staff.account_id or 0
    app = choose(open_page(actors.administrator, PAGE), "account", account)
    app.selectbox(key=f"account.{account}.role").set_value(Role.INTERN)
    app.selectbox(key=f"account.{account}.department").set_value(actors.west)
    press(app, f"account.{account}.save")
    assert [toast.value for toast in app.toast] == ["Saved."]
    assert not app.get("dialog")
    changed = accounts(actors.administrator, store).set_index("id").loc[account]
    assert (changed.role, changed.department_id) == ("intern", actors.west)


def test_of_two_administrators_the_second_is_told_and_sees_what_is_stored(
    open_page: Open, actors: Actors, store: Store, now: datetime
) -> None:
    account = actors.staff.account_id or 0
    app = choose(open_page(actors.administrator, PAGE), "account", account)
    app.selectbox(key=f"account.{account}.role").set_value(Role.INTERN)
    change_role(
        actors.administrator,
        store,
        account,
        Role.SUPERVISOR,
        department_id=actors.east,
        staff_id=None,
        now=now,
    )
    press(app, f"account.{account}.save")
    assert "Somebody changed this account" in app.error[0].value
    assert "Supervisor · East" in words(app)
    assert app.selectbox(key=f"account.{account}.role").value == Role.INTERN
    press(app, f"account.{account}.save")
    assert accounts(actors.administrator, store).set_index("id").role[account] == "intern"


def test_an_account_is_disabled_and_enabled_after_asking_once_more(
    open_page: Open, actors: Actors, store: Store
) -> None:
    account = actors.staff.account_id or 0
    app = choose(open_page(actors.administrator, PAGE), "account", account)
    press(app, "administration.sure.disable.ask")
    assert accounts(actors.administrator, store).set_index("id").disabled_at.isna()[account]
    press(app, "administration.sure.disable.do")
    assert not accounts(actors.administrator, store).set_index("id").disabled_at.isna()[account]
    choose(app, "account", account)
    press(app, f"account.{account}.enable")
    assert accounts(actors.administrator, store).set_index("id").disabled_at.isna()[account]


def test_a_reset_takes_the_password_and_gives_a_link(open_page: Open, actors: Actors, store: Store) -> None:
    account = actors.staff.account_id or 0
    app = drawer(choose(open_page(actors.administrator, PAGE), "account", account), "reset")
    assert "/link/" in app.code[0].value
    assert not accounts(actors.administrator, store).set_index("id").has_password[account]


def test_who_has_no_password_gets_a_link_at_one_click(
    open_page: Open, actors: Actors, store: Store, now: datetime
) -> None:
    account, first = create_account(
        actors.administrator, store, username="sun", display_name="Sun Li", role=Role.MANAGER, now=now
    )
    app = choose(open_page(actors.administrator, PAGE), "account", account)
    assert "No password yet" in words(app)
    assert not [button for button in app.button if "reset" in str(button.key)]
    press(app, f"account.{account}.link")
    second = app.code[0].value.rpartition("/link/")[2]
    with pytest.raises(ProductError):
        use_link(store, first, now=now)
    assert use_link(store, second, now=now)


def test_the_last_administrator_stays(open_page: Open, actors: Actors, store: Store) -> None:
    account = actors.administrator.account_id or 0
    app = drawer(choose(open_page(actors.administrator, PAGE), "account", account), "disable")
    assert "last administrator" in app.error[0].value
    assert accounts(actors.administrator, store).set_index("id").disabled_at.isna()[account]


def test_a_person_and_a_department_are_added(open_page: Open, actors: Actors, store: Store) -> None:
    app = press(open_page(actors.administrator, PAGE, section="people"), "administration.add_department")
    app.text_input(key="new_department.name").set_value("South")
    press(app, "new_department.add")
    press(app, "administration.add_person")
    south = app.selectbox(key="new_person.department").options.index("South")
    app.text_input(key="new_person.name").set_value("Sun Li")
    app.selectbox(key="new_person.department").select_index(south)
    press(app, "new_person.add")
    assert not app.exception
    person = directory(actors.administrator, store).set_index("name").loc["Sun Li"]
    assert person.department == "South"


def test_who_leaves_hands_over(
    open_page: Open, actors: Actors, store: Store, company: dict[str, int]
) -> None:
    leaver, successor = actors.staff.staff_id or 0, actors.west_staff.staff_id or 0
    app = choose(open_page(actors.administrator, PAGE, section="people"), "person", leaver)
    app.selectbox(key=f"person.{leaver}.successor").set_value(successor).run()
    drawer(app, "hand_over")
    assert [toast.value for toast in app.toast] == ["Handed over: 2 customers, 2 work orders, 0 leads"]
    assert "Left; Walt took over" in words(app)
    with store.read() as session:
        assert session.get_one(Customer, company["K1"]).account_manager_id == successor
    choose(app, "person", leaver)
    assert not [box for box in app.selectbox if "successor" in str(box.key)]


def test_everybodys_failed_work_is_seen_and_run_again(
    open_page: Open, actors: Actors, store: Store, now: datetime
) -> None:
    asked = operations.ask_cycle(actors.operations, store, now=now)
    claimed = jobs.claim_next(store, "worker", now=now)
    assert claimed is not None
    jobs.fail(store, claimed.id, Message("There is no job {number}.", {"number": 7}), now=now)
    app = open_page(actors.administrator, PAGE, section="jobs")
    row = app.dataframe[0].value.iloc[0]
    assert (row["by"], row["status"], row["message"]) == ("Olga", "Failed", "There is no job 7.")
    choose(app, "job", asked)
    press(app, "job.retry")
    assert not app.exception
    assert [job.status for job in operations.all_jobs(actors.administrator, store)] == ["queued", "failed"]


def test_the_page_says_where_the_key_lies(open_page: Open, actors: Actors, store: Store) -> None:
    app = open_page(actors.administrator, PAGE, section="key")
    assert app.code[0].value == str(key_file(store))
