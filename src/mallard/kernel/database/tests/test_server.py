from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import psycopg
import pytest

from mallard.kernel.database import identity
from mallard.kernel.database.embedded import running
from mallard.kernel.database.errors import DatabaseServerError, ForeignMajor, ServerFailed
from mallard.kernel.database.layout import Layout, make_private
from mallard.kernel.database.server import Server
from mallard.kernel.database.tests.conftest import connect, mode
from mallard.kernel.environment import Environment

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about leaving root")

JOINER = """
import sys, time
from pathlib import Path
from mallard.kernel.database.embedded import running
from mallard.kernel.environment import Environment
with running(Environment(home=Path(sys.argv[1])), durable=False) as server:
    print(server.pid(), flush=True)
    sys.stdin.readline()
"""


def join_in_another_process(home: Path) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", JOINER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("done\n", timeout=60)
    assert process.returncode == 0


def is_alive(pid: int) -> bool:
    """Runs still. A process that ended may stay listed until its new parent looks."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_is_durable_scram_and_deterministic_by_default(own_environment: Environment) -> None:
    with running(own_environment) as server, connect(own_environment) as connection:
        assert server is not None
        row = connection.execute(
            "SELECT current_setting('fsync'), current_setting('data_checksums'),"
            " current_setting('listen_addresses'), current_setting('log_error_verbosity'),"
            " current_setting('log_min_error_statement'), current_setting('server_version_num')"
        ).fetchone()
        locale = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        powers = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolreplication FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()

    assert row is not None
    assert row[:5] == ("on", "on", "", "terse", "panic")
    assert str(row[5]).startswith("18")
    assert locale == ("b", "C.UTF-8")
    assert powers == (False, False, False)
    layout = Layout(own_environment.home)
    assert mode(layout.data) == 0o700
    assert mode(layout.socket_folder) == 0o700
    assert mode(layout.superuser_password_file) == 0o600
    assert mode(layout.log) == 0o600
    assert not server.is_running()


def test_a_wrong_password_is_refused(own_environment: Environment) -> None:
    with running(own_environment, durable=False):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(own_environment, password="guess")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            connect(own_environment, password="")


def test_rows_survive_stop_and_start(own_environment: Environment) -> None:
    with running(own_environment), connect(own_environment) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with running(own_environment), connect(own_environment) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_killed_server_is_recovered_with_every_commit(own_environment: Environment) -> None:
    with running(own_environment) as server, connect(own_environment) as connection:
        assert server is not None
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.is_running() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not server.is_running()
        assert Layout(own_environment.home).pid_file.exists()

    with running(own_environment) as server, connect(own_environment) as connection:
        assert server is not None
        assert server.pid() != pid
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_busy_orphan_of_a_killed_server_is_seen_off(own_environment: Environment) -> None:
    """A backend that computes does not notice that its server is gone."""
    with running(own_environment) as server:
        assert server is not None
        pid = server.pid()
        assert pid is not None
        connection = connect(own_environment)
        backend = connection.info.backend_pid
        busy = connection.pgconn
        busy.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000) AS n")
        busy.flush()
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        assert is_alive(backend), "the orphan must outlive its server for this test"
        busy.finish()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mallard.kernel.database.server.ORPHAN_GRACE_SECONDS", 0.5)
        with running(own_environment), connect(own_environment) as again:
            assert again.execute("SELECT 1").fetchone() == (1,)
    assert not is_alive(backend)


def test_a_pid_file_that_names_a_stranger_does_not_mislead(own_environment: Environment) -> None:
    with running(own_environment, durable=False) as server:
        assert server is not None
    layout = Layout(own_environment.home)
    layout.pid_file.write_text(f"{os.getpid()}\n{layout.data}\n1\n5432\n\n\n0 0\nready\n")

    assert not Server(layout).is_running()
    with running(own_environment, durable=False), connect(own_environment) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_socket_lock_that_names_a_stranger_does_not_keep_a_killed_server_down(
    own_environment: Environment,
) -> None:
    layout = Layout(own_environment.home)
    server = Server(layout, durable=False)
    server.start()
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while server.is_running():
        time.sleep(0.02)
    # The same account's, as another database's process would be: PostgreSQL believes in it.
    stranger = server.identity.popen(["/bin/sleep", "120"])
    try:
        lock = layout.socket_lock.read_text()
        layout.socket_lock.write_text(lock.replace(str(pid), str(stranger.pid), 1))

        with running(own_environment, durable=False), connect(own_environment) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        stranger.kill()
        stranger.wait()


def test_commands_join_one_server_and_the_last_one_stops_it(own_environment: Environment) -> None:
    first, pid = join_in_another_process(own_environment.home)
    second, same = join_in_another_process(own_environment.home)
    assert same == pid

    let_go(first)  # it had started the server
    assert is_alive(pid)
    with connect(own_environment) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    let_go(second)
    assert not Server(Layout(own_environment.home)).is_running()


def test_a_killed_command_leaves_a_server_that_the_next_one_stops(
    own_environment: Environment,
) -> None:
    killed, pid = join_in_another_process(own_environment.home)
    killed.kill()
    killed.communicate()
    assert Server(Layout(own_environment.home)).pid() == pid

    with running(own_environment, durable=False) as server:
        assert server is not None
        assert server.pid() == pid
    assert not server.is_running()


def test_many_commands_at_once_start_one_server(own_environment: Environment) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", JOINER, str(own_environment.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    pids = {process.stdout.readline() for process in processes if process.stdout}
    for process in processes:
        let_go(process)
    assert len(pids) == 1
    assert not Server(Layout(own_environment.home)).is_running()


def test_being_killed_while_making_the_database_leaves_nothing_half_done(
    own_environment: Environment,
) -> None:
    layout = Layout(own_environment.home)
    layout.make_folder()
    half = layout.folder / "data.building" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with running(own_environment, durable=False), connect(own_environment) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not (layout.folder / "data.building").exists()


def test_another_major_version_is_refused_untouched(own_environment: Environment) -> None:
    layout = Layout(own_environment.home)
    layout.data.mkdir(parents=True)
    (layout.data / "PG_VERSION").write_text("16\n")

    with pytest.raises(ForeignMajor, match=r"PostgreSQL 16.*pg-dump.*MALLARD_DATABASE_URL"):
        running(own_environment).__enter__()

    assert [path.name for path in layout.data.iterdir()] == ["PG_VERSION"]
    assert (layout.data / "PG_VERSION").read_text() == "16\n"


def test_a_folder_that_is_no_database_is_refused(own_environment: Environment) -> None:
    layout = Layout(own_environment.home)
    layout.data.mkdir(parents=True)
    (layout.data / "holiday.jpg").touch()
    with pytest.raises(DatabaseServerError, match="no PostgreSQL database"):
        running(own_environment).__enter__()


def test_a_server_that_cannot_start_says_why(own_environment: Environment) -> None:
    with running(own_environment, durable=False):
        pass
    layout = Layout(own_environment.home)
    (layout.data / "conf.d" / "90-own.conf").write_text("max_connections = 'plenty'\n")
    with pytest.raises(ServerFailed, match="max_connections"):
        running(own_environment).__enter__()
    assert not Server(layout).is_running()


def test_settings_of_ones_own_are_kept_over_a_restart(own_environment: Environment) -> None:
    with running(own_environment, durable=False):
        pass
    own = Layout(own_environment.home).data / "conf.d" / "90-own.conf"
    own.write_text("work_mem = '33MB'\n")
    own.chmod(0o644)
    with running(own_environment, durable=False), connect(own_environment) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("33MB",)


def test_a_lost_password_file_is_made_anew_and_works(own_environment: Environment) -> None:
    with running(own_environment, durable=False):
        pass
    Layout(own_environment.home).password_file.unlink()
    with running(own_environment, durable=False), connect(own_environment) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lost_superuser_password_is_a_clear_error(own_environment: Environment) -> None:
    with running(own_environment, durable=False):
        pass
    Layout(own_environment.home).superuser_password_file.unlink()
    with pytest.raises(DatabaseServerError, match="put the right file back"):
        running(own_environment, durable=False).__enter__()


def test_a_home_deeper_than_a_socket_address_still_serves(tmp_path: Path) -> None:
    environment = Environment(home=tmp_path / ("x" * 120))
    layout = Layout(environment.home)
    try:
        with running(environment, durable=False), connect(environment) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert mode(layout.socket_folder) == 0o700
    finally:
        layout.socket_folder.rmdir()


def test_a_planted_socket_folder_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    with pytest.raises((PermissionError, FileExistsError)):
        make_private(tmp_path / "link", os.geteuid(), os.getegid())


def test_a_url_of_ones_own_starts_nothing(tmp_path: Path) -> None:
    environment = Environment(
        home=tmp_path / "home", database_url="postgresql://ann@db.example/crm"
    )
    with running(environment) as server:
        assert server is None
    assert not (tmp_path / "home").exists()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may walk to."""
    with tempfile.TemporaryDirectory(prefix="mallard-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def capabilities(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("CapEff:")[1].split()[0], 16)


@as_root
def test_root_lends_no_power_where_the_account_can_walk(open_folder: Path) -> None:
    with running(Environment(home=open_folder / "home"), durable=False) as server:
        assert server is not None
        pid = server.pid()
        assert pid is not None
        assert psutil.Process(pid).uids().effective != 0
        assert capabilities(pid) == 0


@as_root
def test_below_a_private_folder_the_server_keeps_one_capability(
    own_environment: Environment,
) -> None:
    with running(own_environment, durable=False) as server:
        assert server is not None
        pid = server.pid()
        assert pid is not None
        assert psutil.Process(pid).uids().effective != 0
        assert capabilities(pid) == 1 << identity.CAP_DAC_OVERRIDE


@as_root
def test_where_root_may_not_change_users_a_namespace_disguises_it(
    own_environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> object:
        def become() -> None:
            raise PermissionError("setuid")

        return become

    monkeypatch.setattr(identity, "_switch_to", refuse)
    try:
        chosen = identity.server_identity(Layout(own_environment.home).data)
    except PermissionError as error:
        pytest.skip(f"no user namespaces here: {error}")
    assert (chosen.uid, chosen.gid) == (0, 0)
    with running(own_environment, durable=False), connect(own_environment) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert Layout(own_environment.home).data.stat().st_uid == 0


def python_as(
    account: pwd.struct_passwd,
) -> Callable[[list[str]], subprocess.CompletedProcess[str]]:
    """Runs a Python with our packages as ``account``; skips where no interpreter is in reach."""

    def run(arguments: list[str], interpreter: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [interpreter, *arguments],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            capture_output=True,
            text=True,
            check=False,
        )

    needed = ["-c", "import psycopg, pydantic_settings, mallard"]
    same_version = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for interpreter in (sys.executable, same_version):
        try:
            if run(needed, interpreter).returncode == 0:
                return partial(run, interpreter=interpreter)
        except OSError:
            continue
    pytest.skip("no Python that another user can reach")


@as_root
def test_an_ordinary_user_runs_it_as_itself(open_folder: Path) -> None:
    account = pwd.getpwnam("nobody")
    os.chown(open_folder, account.pw_uid, account.pw_gid)
    script = JOINER.replace("sys.stdin.readline()", "print('served')")

    result = python_as(account)(["-c", script, str(open_folder / "home")])

    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("served\n")
    data = Layout(open_folder / "home").data
    assert data.stat().st_uid == account.pw_uid
    assert not Server(Layout(open_folder / "home")).is_running()


@as_root
def test_root_continues_as_the_user_who_made_the_data(open_folder: Path) -> None:
    data = open_folder / "data"
    data.mkdir()
    os.chown(data, 12345, 12345)
    assert identity.server_identity(data).uid == 12345
