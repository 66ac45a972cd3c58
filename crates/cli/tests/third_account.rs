//! What other accounts of a machine can do to root's cachemark and its servers: nothing. A third account is neither root nor
//! the one that the servers run as; it has a number and no name. Without root there is no other account to be, and the tests
//! that need one say so.

#![cfg(feature = "servers")]

#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use support::cachemark;
use tempfile::{TempDir, tempdir};

/// The number of an account that nothing runs as.
const STRANGER: u32 = 54321;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn is_root() -> bool {
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if !root {
        eprintln!("skipped: only root can be another account");
    }
    root
}

/// The account that root's servers run as.
fn servers_account() -> u32 {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let number = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        line.split(':').nth(2)?.parse().ok()
    };
    number("postgres").or_else(|| number("nobody")).unwrap()
}

/// Runs a shell script as the account `user`, with `input` on its standard input.
fn as_account(user: u32, script: &str, input: &str) -> Output {
    let number = user.to_string();
    let mut child = Command::new("setpriv")
        .args(["--reuid", &number, "--regid", &number, "--clear-groups", "bash", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A temporary folder that others may enter.
fn open_folder() -> TempDir {
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn stack(folder: &Path, action: &str) -> String {
    let output = cachemark(folder).env("TMPDIR", folder).args(["stack", action]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A stack that was brought up to stay, for as long as this lives.
struct UpStack {
    temporary: TempDir,
    variables: String,
}

impl UpStack {
    fn new() -> Self {
        let temporary = open_folder();
        let variables = stack(temporary.path(), "up");
        Self { temporary, variables }
    }

    fn url(&self, variable: &str) -> &str {
        let found = self.variables.lines().find_map(|line| line.strip_prefix(&format!("export {variable}=")));
        found.unwrap_or_else(|| panic!("no {variable} in {}", self.variables))
    }

    fn connect(&self, variable: &str) -> TcpStream {
        let place = self.url(variable).split('@').next_back().unwrap().split('/').next().unwrap();
        TcpStream::connect(place).unwrap()
    }

    fn passwords(&self) -> Vec<String> {
        let password = |variable| {
            let login = self.url(variable).split("://").nth(1)?.split('@').next()?;
            login.split(':').nth(1).map(str::to_owned)
        };
        ["REDIS_URL", "MEMCACHED_URL", "DATABASE_URL"].into_iter().map(|name| password(name).unwrap()).collect()
    }

    fn folder(&self) -> PathBuf {
        let mut entries = fs::read_dir(self.temporary.path()).unwrap().flatten().map(|entry| entry.path());
        entries.find(|path| path.join("cachemark-stack.json").exists()).unwrap()
    }
}

impl Drop for UpStack {
    fn drop(&mut self) {
        stack(self.temporary.path(), "down");
    }
}

/// What `stream` answers to `request`, as far as `length` bytes.
fn answer(mut stream: TcpStream, request: &[u8], length: usize) -> Vec<u8> {
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    Read::take(stream, length as u64).read_to_end(&mut answer).unwrap();
    answer
}

/// The first message of a session with Postgres.
fn greeting(user: &str) -> Vec<u8> {
    let names = format!("user\0{user}\0database\0postgres\0\0");
    let length = u32::try_from(8 + names.len()).unwrap();
    [&length.to_be_bytes()[..], &196_608_u32.to_be_bytes(), names.as_bytes()].concat()
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn no_server_of_ours_answers_without_its_password() {
    let up = UpStack::new();
    for request in ["PING\r\n", "GET cm:k1\r\n", "CONFIG GET dir\r\n"] {
        let refusal = answer(up.connect("REDIS_URL"), request.as_bytes(), 7);
        assert_eq!(String::from_utf8(refusal).unwrap(), "-NOAUTH", "{request}");
    }
    for request in ["version\r\n", "get cm:k1\r\n", "mg cm:k1 v\r\n", "flush_all\r\n", "stats settings\r\n"] {
        let refusal = answer(up.connect("MEMCACHED_URL"), request.as_bytes(), 28);
        assert_eq!(String::from_utf8(refusal).unwrap(), "CLIENT_ERROR unauthenticated", "{request}");
    }
    // An authentication request (R) that says: SASL (10), and not: you are in (0).
    let request = answer(up.connect("DATABASE_URL"), &greeting("postgres"), 9);
    assert_eq!((request[0], &request[5..]), (b'R', &10_u32.to_be_bytes()[..]));
    assert_eq!(answer(up.connect("DATABASE_URL"), &greeting("nobody"), 1), b"E", "there is no other user");
    // A wrong password is no better than none.
    let wrong = "x".repeat(up.passwords()[1].len());
    let login = format!("cachemark {wrong}");
    let login = format!("set login 0 0 {}\r\n{login}\r\n", login.len());
    assert!(answer(up.connect("MEMCACHED_URL"), login.as_bytes(), 12).starts_with(b"CLIENT_ERROR"));
    assert!(answer(up.connect("REDIS_URL"), format!("AUTH {wrong}\r\n").as_bytes(), 10).starts_with(b"-WRONGPASS"));
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn passwords_stand_where_nobody_else_reads() {
    let up = UpStack::new();
    let (folder, passwords) = (up.folder(), up.passwords().join("\n"));
    assert!(up.passwords().iter().all(|password| password.len() >= 32), "too short to be random");
    // The search is given what to search for on its standard input, and finds what is there.
    let control = up.temporary.path().join("control");
    fs::write(&control, &passwords).unwrap();
    let search = |user: u32| {
        let script = format!(
            "grep -rsaFl -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ /proc/[0-9]*/comm '{}'; true",
            up.temporary.path().display()
        );
        let found = as_account(user, &script, &passwords);
        String::from_utf8(found.stdout).unwrap()
    };
    if is_root() {
        for user in [STRANGER, servers_account(), 0] {
            assert_eq!(search(user).trim(), control.display().to_string(), "as the account {user}");
        }
        let look = as_account(STRANGER, &format!("ls '{0}' || cd '{0}'", folder.display()), "");
        assert!(!look.status.success() && look.stdout.is_empty(), "{look:?}");
    }
    assert_eq!(
        folder.metadata().unwrap().mode() & 0o027,
        0,
        "others have no right to it, the group may not write or list"
    );
    for entry in fs::read_dir(&folder).unwrap().flatten() {
        let (name, mode) = (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().mode() & 0o777);
        let expected = if entry.path().is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode & !0o040, expected, "{name}: {mode:o}");
    }
}

/// Postgres's account may be anybody who broke into a Postgres of the machine: what root writes, it must not be able to lead
/// elsewhere.
#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn the_servers_account_cannot_change_what_root_writes() {
    if !is_root() {
        return;
    }
    let up = UpStack::new();
    let folder = up.folder().display().to_string();
    for user in [servers_account(), STRANGER] {
        for script in [
            "touch new",
            "ln -s /etc/passwd postgres2.log",
            "rm -f redis.log",
            "mv memcached.log other",
            "echo >> cachemark-stack.json",
            "rm -rf data",
            "echo >> postgres.hba",
        ] {
            let tried = as_account(user, &format!("cd '{folder}' && {script}"), "");
            assert!(!tried.status.success(), "as the account {user}: {script}");
        }
    }
    let ours = ["cachemark-stack.json", "redis.log", "memcached.log", "postgres.log", "postgres.hba", ""];
    for name in ours {
        assert_eq!(up.folder().join(name).metadata().unwrap().uid(), 0, "{name}");
    }
    assert_eq!(up.folder().join("data").metadata().unwrap().uid(), servers_account());
}

/// A process that only root may end.
struct Bystander(Child);

impl Bystander {
    fn new() -> Self {
        use std::os::unix::process::CommandExt;
        Self(Command::new("sleep").arg("600").process_group(0).spawn().unwrap())
    }

    fn lives(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// A marker that names it as a server which runs as `user`.
    fn marker(&self, user: u32) -> String {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        let started = stat.rsplit(") ").next().unwrap().split(' ').nth(19).unwrap();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
        format!(
            r#"{{"boot_id": "{}", "holder": null, "servers": [{{"name": "redis", "user": {user}, "port": 1,
                "process": {{"pid": {}, "started_ticks": {started}}}}}]}}"#,
            boot.trim(),
            self.0.id()
        )
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Puts a folder with a marker into `temporary`, owned by `owner`, with the mode `mode`.
fn forge(temporary: &Path, marker: &str, owner: u32, mode: u32) -> PathBuf {
    let folder = temporary.join("cachemark-stack-forged");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("cachemark-stack.json");
    fs::write(&file, marker).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    for path in [&folder, &file] {
        chown(path, Some(owner), None).unwrap();
    }
    folder
}

#[test]
fn a_marker_that_others_wrote_or_could_have_ends_nothing() {
    if !is_root() {
        return;
    }
    let mut bystander = Bystander::new();
    let forgers = [(servers_account(), 0o700), (65534, 0o755), (STRANGER, 0o700), (0, 0o777), (0, 0o720)];
    for (owner, mode) in forgers {
        let temporary = open_folder();
        let folder = forge(temporary.path(), &bystander.marker(0), owner, mode);
        assert_eq!(stack(temporary.path(), "status").trim(), "no stacks", "owner {owner}, mode {mode:o}");
        assert_eq!(stack(temporary.path(), "down").trim(), "nothing to take down", "owner {owner}, mode {mode:o}");
        assert!(bystander.lives() && folder.exists(), "owner {owner}, mode {mode:o}");
    }
    // A file of another's in a folder of root's, and links in the place of either.
    let temporary = open_folder();
    let folder = forge(temporary.path(), &bystander.marker(0), 0, 0o700);
    let file = folder.join("cachemark-stack.json");
    chown(&file, Some(STRANGER), None).unwrap();
    assert_eq!(stack(temporary.path(), "down").trim(), "nothing to take down");
    fs::rename(&file, folder.join("real")).unwrap();
    chown(folder.join("real"), Some(0), None).unwrap();
    std::os::unix::fs::symlink("real", &file).unwrap();
    assert_eq!(stack(temporary.path(), "down").trim(), "nothing to take down");
    fs::rename(folder.join("real"), &file).unwrap();
    fs::rename(&folder, temporary.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", &folder).unwrap();
    assert_eq!(stack(temporary.path(), "down").trim(), "nothing to take down");
    assert!(bystander.lives());
}

/// A process that runs as another than the server's account is no server, whatever the marker says of its number.
#[test]
fn only_a_process_of_the_servers_account_is_ended() {
    if !is_root() {
        return;
    }
    let mut bystander = Bystander::new();
    let temporary = open_folder();
    forge(temporary.path(), &bystander.marker(servers_account()), 0, 0o700);
    let down = stack(temporary.path(), "down");
    assert!(down.contains("had ended"), "{down}");
    assert!(bystander.lives());
    // Believed, as one that root's own cachemark wrote is: otherwise the test above would prove nothing.
    forge(temporary.path(), &bystander.marker(0), 0, 0o700);
    let down = stack(temporary.path(), "down");
    assert!(down.contains("taken down"), "{down}");
    assert!(!bystander.lives());
}
