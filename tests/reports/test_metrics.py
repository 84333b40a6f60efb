"""Figures for machines: who may read them."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.settings(metrics_token="a token for machines")
@pytest.mark.parametrize(("sent", "status"), [
    ("Bearer a token for machines", 200), ("Bearer a token", 404), ("Bearer ", 404), ("", 404), ("a token for machines", 404), ("Bearer tökën", 404),
    ("Bearer a token for machines ", 404),
])  # fmt: skip
def test_figures_for_machines_ask_for_their_token(client: FlaskClient, sent: str, status: int) -> None:
    answer = client.get("/metrics", headers={"Authorization": sent.encode().decode("latin-1")})
    assert answer.status_code == status
    assert (b"terugkoppel_promises_open" in answer.data) is (status == 200)


@pytest.mark.parametrize(("address", "forwarded", "status"), [
    ("127.0.0.1", "", 200), ("::1", "", 200), ("192.0.2.1", "", 404), ("127.0.0.1", "192.0.2.1", 404), ("192.0.2.1", "127.0.0.1", 404),
])  # fmt: skip
def test_without_a_token_only_this_machine_reads_them(
    client: FlaskClient, address: str, forwarded: str, status: int
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert (
        client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code == status
    )
