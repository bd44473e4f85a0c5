"""A Postfix of one's own: an instance under a folder, its passwords with Dovecot; /etc stays as it is."""

import base64
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.certificates import Certificates
from support.mail_servers import PASSWORD, USER, free_port

_MAIN = """\
compatibility_level = 3.6
myhostname = localhost
mydestination =
virtual_mailbox_domains = local.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
inet_interfaces = 127.0.0.1, ::1
inet_protocols = all
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = {key}, {chain}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_error_sleep_time = 0
smtpd_sasl_path = {folder}/auth
smtpd_recipient_restrictions =
    check_recipient_access inline:{{ {{ nobody@elsewhere.test = 550 5.1.1 no such user }} }},
    permit_sasl_authenticated, reject
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
error     unix - - n - - error
retry     unix - - n - - error
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""
_DOVECOT = """\
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
log_path = {folder}/log/dovecot.log
protocols =
ssl = no
auth_mechanisms = plain
auth_failure_delay = 0
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True)
class RunningPostfix:
    """The port it listens on, and the folder in which it lives."""

    port: int
    folder: Path

    def mailbox(self, count: int, seconds: float = 15) -> list[bytes]:
        """The messages in the one mailbox there is, as soon as there are so many."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(self._stored()) < count:
            time.sleep(0.05)
        return [path.read_bytes() for path in self._stored()]

    def _stored(self) -> list[Path]:
        return list((self.folder / "mail" / "box" / "new").glob("*"))


@contextmanager
def postfix(certificates: Certificates) -> Iterator[RunningPostfix]:
    """Postfix and Dovecot's authentication, stopped in the end."""
    folder = Path(tempfile.mkdtemp(prefix="tidings-postfix-"))
    folder.chmod(0o755)  # Their own users look into it.
    port = free_port()
    _configure(folder, certificates, port)
    dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")])
    try:
        _run(folder, "start")
        _await_port(port)
        yield RunningPostfix(port, folder)
    finally:
        _run(folder, "stop")
        dovecot.terminate()
        dovecot.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path, certificates: Certificates, port: int) -> None:
    mailer, login = pwd.getpwnam("postfix"), pwd.getpwnam("dovecot")
    for name in ("queue", "log", "dovecot", "data", "mail"):
        (folder / name).mkdir()
    for name in ("data", "mail"):
        os.chown(folder / name, mailer.pw_uid, mailer.pw_gid)
    values = {
        "folder": folder,
        "port": port,
        "uid": mailer.pw_uid,
        "gid": mailer.pw_gid,
        "user": login.pw_name,
        "group": grp.getgrgid(login.pw_gid).gr_name,
        "key": shutil.copy(certificates.key, folder / "server.key"),
        "chain": shutil.copy(certificates.chain, folder / "server.pem"),
    }
    password = base64.b64encode(PASSWORD.encode()).decode()
    (folder / "users").write_text(f"{USER}:{{PLAIN.b64}}{password}\n")
    for name, text in (("main.cf", _MAIN), ("master.cf", _MASTER), ("dovecot.conf", _DOVECOT)):
        (folder / name).write_text(text.format(**values))


def _run(folder: Path, action: str) -> None:
    subprocess.run(["postfix", "-c", str(folder), action], check=True, capture_output=True, timeout=60)


def _await_port(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
