import pytest

from core.access.masking import mask_email, mask_name, mask_phone
from core.access.vault import key_file, open_vault
from core.errors import Refused
from core.store.engine import open_store


@pytest.mark.parametrize(("name", "masked"), [("张伟", "张*"), ("欧阳娜娜", "欧***"), ("张", "张"), ("", "")])
def test_a_masked_name_keeps_the_first_character(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("+8613812345678", "+86138****5678"), ("62345678", "****78")],
)
def test_a_masked_phone_cannot_be_dialled(phone, masked):
    assert mask_phone(phone) == masked


def test_a_masked_email_keeps_the_domain():
    assert mask_email("zhangwei@example.com") == "z***@example.com"


@pytest.fixture
def files(tmp_path):
    return open_store(data_dir=tmp_path)


def test_what_is_sealed_opens_only_in_its_own_place(files):
    vault = open_vault(files)
    sealed = vault.seal("13812345678", "customers.phone.1")
    assert b"13812345678" not in sealed
    assert vault.open(sealed, "customers.phone.1") == "13812345678"
    with pytest.raises(Refused, match="key file"):
        vault.open(sealed, "customers.phone.2")


def test_sealing_twice_gives_different_bytes_but_one_index(files):
    vault = open_vault(files)
    assert vault.seal("13812345678", "p") != vault.seal("13812345678", "p")
    assert vault.index("13812345678", "phone") == vault.index("13812345678", "phone")
    assert vault.index("13812345678", "phone") != vault.index("13812345678", "email")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(files):
    open_vault(files)
    assert key_file(files).stat().st_mode & 0o077 == 0


def test_a_damaged_key_file_is_refused_by_name(files):
    key_file(files).parent.mkdir(parents=True)
    key_file(files).write_bytes(b"c2hvcnQ=")
    with pytest.raises(Refused, match=r"field\.key"):
        open_vault(files)


def test_what_is_signed_is_verified_only_as_it_was_for_its_purpose_and_by_its_key(files, tmp_path):
    vault, other = open_vault(files), open_vault(open_store(data_dir=tmp_path / "other"))
    signature = vault.sign(b"content", "report")
    assert vault.verify(b"content", "report", signature)
    assert not vault.verify(b"content ", "report", signature)
    assert not vault.verify(b"content", "another", signature)
    assert not vault.verify(b"content", "report", "é")
    assert not other.verify(b"content", "report", signature)
