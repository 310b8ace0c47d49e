"""The files of the hosting guide, tried: nginx with HTTPS before a running app, signing in through it, the services."""

import os
import re
import shutil
import subprocess
import time

import pytest

from tests.browser.conftest import CHROMIUM_ARGUMENTS, PROJECT, find_chromium, free_port
from workbench.config import read_settings
from workbench.core.people import Role
from workbench.services.seed_service import SEEDED_KEY
from workbench.services.workspace import Workspace

FILES = PROJECT / "docs" / "hosting"
HOST = "workbench.example.org"
nginx_needed = pytest.mark.skipif(
    shutil.which("nginx") is None or shutil.which("openssl") is None, reason="needs nginx and openssl"
)


def settings_of(path):
    """Return the variables of an environment file, those that are commented out too."""
    return dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", path.read_text(encoding="utf-8"), re.M))


def certificate(folder, host):
    """Make a certificate for a host and sign it ourselves, as the guide says for trying."""
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={host}", "-addext",
        f"subjectAltName=DNS:{host}", "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


def nginx_configuration(folder, *, https, http, app):
    """Put the guide's site into a configuration that listens on these ports of this machine only."""
    site = (FILES / "nginx.conf").read_text(encoding="utf-8")
    for old, new in [
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{https} ssl"),
        ("/etc/workbench/", f"{folder}/"),
        ("http://127.0.0.1:8501", f"http://127.0.0.1:{app}"),
    ]:
        assert old in site
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {places} include {folder}/site.conf; }}\n"
    )
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


@nginx_needed
def test_the_proxys_file_is_valid(tmp_path):
    certificate(tmp_path, HOST)
    command = nginx_configuration(tmp_path, https=free_port(), http=free_port(), app=free_port())
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_services_files_are_valid(tmp_path):
    home = tmp_path / "srv"
    program = home / "venv" / "bin" / "workbench"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = []
    for path in sorted([*FILES.glob("*.service"), *FILES.glob("*.timer")]):
        unit = tmp_path / path.name
        unit.write_text(path.read_text(encoding="utf-8").replace("/srv/workbench", str(home)), encoding="utf-8")
        units.append(str(unit))
    assert len(units) == 3
    tried = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    about = [line for line in tried.stderr.splitlines() if "workbench" in line]
    assert tried.returncode == 0 and not about, tried.stderr


def test_the_settings_of_the_guides_files_exist():
    from streamlit import config

    known = {option.env_var for option in config.get_config_options().values()}
    for name in settings_of(FILES / "workbench.env"):
        if name.startswith("STREAMLIT_"):
            assert name in known, name
        else:
            assert f"`{name}`" in (PROJECT / "docs" / "scripts.md").read_text(encoding="utf-8"), name


@pytest.mark.browser
@nginx_needed
def test_a_team_works_through_the_proxy(browser, make_app_server, tmp_path):
    mock = pytest.importorskip("oidc_provider_mock")
    pytest.importorskip("authlib")
    certificate(tmp_path, HOST)
    https = free_port()
    secrets = tmp_path / "secrets.toml"

    def prepare(home):
        workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
        workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
        workspace.people.add("ana@example.org", Role.ADMINISTRATOR)
        workspace.close()

    user = mock.User(sub="ana-1", claims={"email": "ana@example.org", "email_verified": True, "name": "Ana Silva"})
    with mock.run_server_in_thread(user_claims=[user]) as provider:
        text = (FILES / "secrets.toml").read_text(encoding="utf-8")
        text = text.replace(f"https://{HOST}", f"https://{HOST}:{https}")
        secrets.write_text(text.replace("https://id.example.org", f"http://localhost:{provider.server_port}"))
        hosts = settings_of(FILES / "workbench.env")["STREAMLIT_SERVER_ALLOWED_HOSTS"]
        server = make_app_server(prepare, STREAMLIT_SECRETS_FILES=str(secrets), STREAMLIT_SERVER_ALLOWED_HOSTS=hosts)
        command = nginx_configuration(tmp_path, https=https, http=free_port(), app=server.port)
        proxy = subprocess.Popen(command, env={**os.environ}, stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            assert proxy.poll() is None, (tmp_path / "error.log").read_text()
            arguments = [*CHROMIUM_ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
            chromium = browser.browser_type.launch(executable_path=find_chromium(), args=arguments)
            context = chromium.new_context(ignore_https_errors=True, locale="en-GB")
            page = context.new_page()
            page.set_default_timeout(30_000)
            sockets = []
            page.on("websocket", lambda socket: sockets.append(socket.url))
            page.goto(f"https://{HOST}:{https}")
            page.get_by_role("button", name="Sign in").click()
            page.fill("input[name=sub]", "ana-1")
            page.get_by_role("button", name="Authorize").click()
            page.get_by_role("button", name="Add a text").first.click()
            # More than nginx lets through by itself; the reader tells from its first bytes that it is no text.
            page.locator("input[type=file]").first.set_input_files(
                {"name": "plan.fr.txt", "mimeType": "text/plain", "buffer": b"%PDF-1.4" + b"x" * 1_500_000}
            )
            page.get_by_text("plan.fr.txt is a PDF").wait_for()
            assert any(url.startswith(f"wss://{HOST}:{https}/") for url in sockets)
            chromium.close()
        finally:
            proxy.terminate()
            proxy.wait()
