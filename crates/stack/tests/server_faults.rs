//! What is done to the processes of real servers, and undone.

use cachemark_core::{Fault, FaultError, Settings, StackControl};
use cachemark_stack::{Native, NativeOptions, ProcessId, ServerKind, stacks};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// An answer that has not come by then does not come.
const SILENCE: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(60);

fn up(name: &str) -> Native {
    Native::up(&NativeOptions::of(ServerKind::of(name))).unwrap()
}

fn url(stack: &Native, name: &str) -> String {
    stack.addresses().of(name).unwrap().url.clone()
}

fn begin(stack: &Native, fault: Fault, name: &str) -> Result<(), FaultError> {
    stack.begin(fault, name, &Settings::default())
}

fn end(stack: &Native, fault: Fault, name: &str) {
    stack.end(fault, name, &Settings::default()).unwrap();
}

fn process(stack: &Native) -> ProcessId {
    stack.processes()[0].1
}

fn connect(url: &str) -> std::io::Result<TcpStream> {
    let address = url.split("://").nth(1).unwrap().split('/').next().unwrap();
    let stream = TcpStream::connect(address.split('@').next_back().unwrap())?;
    stream.set_read_timeout(Some(SILENCE))?;
    Ok(stream)
}

/// The first bytes of a session with Postgres; it answers with a request for a password.
const GREETING: &[u8] = b"\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0";

/// Whether the server answers a first question.
fn answers(name: &str, url: &str) -> bool {
    let question: &[u8] = match name {
        "redis" => b"PING\r\n",
        "memcached" => b"version\r\n",
        _ => GREETING,
    };
    let Ok(mut stream) = connect(url) else { return false };
    stream.write_all(question).is_ok() && matches!(stream.read(&mut [0; 64]), Ok(1..))
}

/// Asks Redis something, as who may.
fn redis(url: &str, question: &str) -> String {
    let password = url.strip_prefix("redis://:").unwrap().split('@').next().unwrap();
    let mut stream = connect(url).unwrap();
    write!(stream, "AUTH {password}\r\n{question}\r\nQUIT\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.strip_prefix("+OK\r\n").unwrap().strip_suffix("+OK\r\n").unwrap().to_owned()
}

/// The process that the marker of the stack names.
fn marked(stack: &Native) -> u32 {
    let folder = stack.folder().unwrap();
    stacks().into_iter().find(|found| found.folder == folder).unwrap().servers[0].pid
}

/// Processes whose parent is this one.
fn children(parent: u32) -> Vec<ProcessId> {
    let stat = |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/stat")).ok();
    let parent_of = |pid| stat(pid)?.rsplit(") ").next()?.split(' ').nth(1)?.parse::<u32>().ok();
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent)).filter_map(ProcessId::of).collect()
}

/// What processes hold in shared memory that has a name, by their own word: a container's root may not look into others'.
fn named_memory(processes: &[ProcessId]) -> Vec<String> {
    let files: Vec<_> = processes.iter().map(|process| format!("/proc/{}/maps", process.pid)).collect();
    let owner = std::fs::metadata(format!("/proc/{}", processes[0].pid)).unwrap();
    let maps = Command::new("cat").args(files).uid(owner.uid()).gid(owner.gid()).output().unwrap();
    let maps = String::from_utf8(maps.stdout).unwrap();
    assert!(!maps.is_empty());
    let names = maps.lines().filter_map(|line| line.split(' ').next_back());
    names.filter(|name| name.starts_with("/dev/shm/")).map(str::to_owned).collect()
}

fn a_killed_server_comes_back_where_it_was(name: &str) {
    let stack = up(name);
    let (url, before) = (url(&stack, name), process(&stack));
    let children = children(before.pid);
    let mut all = children.clone();
    all.push(before);
    let memory = named_memory(&all);
    let cost = stack.cpu_times()[name];
    begin(&stack, Fault::Kill, name).unwrap();
    assert!(!all.iter().any(|process| process.is_alive()));
    assert!(!answers(name, &url));
    assert_eq!(!memory.is_empty(), name == "postgres", "{memory:?}");
    assert!(memory.iter().all(|path| !std::path::Path::new(path).exists()), "{memory:?}");
    assert!(stack.cpu_times()[name] >= cost, "what it cost is not forgotten");
    // Twice is a mistake of who asks, and does no harm.
    assert!(matches!(begin(&stack, Fault::Kill, name), Err(FaultError::Failed { .. })));
    end(&stack, Fault::Kill, name);
    let after = process(&stack);
    assert!(answers(name, &url) && after != before && after.is_alive());
    assert_eq!(marked(&stack), after.pid);
    assert!(stack.cpu_times()[name] >= cost);
    end(&stack, Fault::Kill, name);
    assert_eq!(process(&stack), after, "it is undone already");
    stack.down();
    assert!(!after.is_alive());
}

fn a_frozen_server_keeps_silent_until_it_is_thawed(name: &str) {
    let stack = up(name);
    let url = url(&stack, name);
    begin(&stack, Fault::Freeze, name).unwrap();
    let began = Instant::now();
    assert!(connect(&url).is_ok(), "the system takes connections in its name");
    assert!(!answers(name, &url) && began.elapsed() < PATIENCE);
    end(&stack, Fault::Freeze, name);
    assert!(answers(name, &url));
    begin(&stack, Fault::Freeze, name).unwrap();
    let mut all = children(process(&stack).pid);
    all.push(process(&stack));
    stack.down();
    assert!(!all.iter().any(|process| process.is_alive()), "what is frozen is taken down as well");
}

/// A port at which clients knock all the time must not become one of theirs.
fn a_port_is_kept_for_its_server(name: &str) {
    let stack = up(name);
    let url = url(&stack, name);
    begin(&stack, Fault::Kill, name).unwrap();
    let knocking: Vec<bool> = (0..100_000).map(|_| connect(&url).is_ok()).collect();
    assert!(!knocking.contains(&true), "a client has been connected to itself");
    end(&stack, Fault::Kill, name);
    assert!(answers(name, &url));
}

macro_rules! servers {
    ($($check:ident { $($test:ident, $name:literal, $needs:literal;)* })*) => {$($(
        #[test]
        #[ignore = $needs]
        fn $test() {
            $check($name);
        }
    )*)*};
}

servers! {
    a_killed_server_comes_back_where_it_was {
        redis_is_killed, "redis", "needs redis-server";
        memcached_is_killed, "memcached", "needs memcached";
        postgres_is_killed, "postgres", "needs postgresql";
    }
    a_frozen_server_keeps_silent_until_it_is_thawed {
        redis_is_frozen, "redis", "needs redis-server";
        memcached_is_frozen, "memcached", "needs memcached";
        postgres_is_frozen, "postgres", "needs postgresql";
    }
    a_port_is_kept_for_its_server {
        redis_is_missed, "redis", "needs redis-server";
    }
}

#[test]
#[ignore = "needs redis-server"]
fn redis_is_restarted_with_what_it_held_or_without() {
    let stack = up("redis");
    let (url, first) = (url(&stack, "redis"), process(&stack));
    let (warm, empty) = (Fault::Restart { empty: false }, Fault::Restart { empty: true });
    assert_eq!(redis(&url, "SET cm:a 1"), "+OK\r\n");
    begin(&stack, warm, "redis").unwrap();
    assert_eq!(redis(&url, "GET cm:a"), "$1\r\n1\r\n");
    assert!(process(&stack) != first && !first.is_alive());
    begin(&stack, empty, "redis").unwrap();
    assert_eq!(redis(&url, "DBSIZE"), ":0\r\n");
    // What a warm restart saved is found by no other start.
    assert_eq!(redis(&url, "SET cm:b 1"), "+OK\r\n");
    begin(&stack, warm, "redis").unwrap();
    begin(&stack, Fault::Kill, "redis").unwrap();
    end(&stack, Fault::Kill, "redis");
    assert_eq!(redis(&url, "DBSIZE"), ":0\r\n");
    end(&stack, warm, "redis");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_that_cannot_save_goes_on() {
    let stack = up("redis");
    let (url, before) = (url(&stack, "redis"), process(&stack));
    let data = stack.folder().unwrap().join("data");
    // A folder in the place of the file.
    std::fs::create_dir_all(data.join("redis.rdb/x")).unwrap();
    let refused = begin(&stack, Fault::Restart { empty: false }, "redis").unwrap_err();
    assert!(matches!(&refused, FaultError::Failed { said, .. } if said.starts_with("-ERR")), "{refused}");
    assert_eq!((redis(&url, "PING").as_str(), process(&stack)), ("+PONG\r\n", before));
}

#[test]
#[ignore = "needs memcached and postgresql"]
fn memcached_and_postgres_are_restarted_as_they_can_be() {
    for (name, empty) in [("memcached", true), ("postgres", false)] {
        let stack = up(name);
        let (url, before) = (url(&stack, name), process(&stack));
        begin(&stack, Fault::Restart { empty }, name).unwrap();
        assert!(answers(name, &url) && process(&stack) != before);
        assert_eq!(marked(&stack), process(&stack).pid);
        let refused = begin(&stack, Fault::Restart { empty: !empty }, name);
        assert!(matches!(refused, Err(FaultError::Impossible { .. })), "{refused:?}");
    }
}

#[test]
#[ignore = "needs redis-server"]
fn a_stack_that_goes_down_while_a_server_starts_leaves_nothing() {
    for millis in [0, 5, 20, 80] {
        let stack = up("redis");
        let url = url(&stack, "redis");
        begin(&stack, Fault::Kill, "redis").unwrap();
        let other = stack.clone();
        let reviving = std::thread::spawn(move || other.end(Fault::Kill, "redis", &Settings::default()));
        std::thread::sleep(Duration::from_millis(millis));
        let folder = stack.folder();
        stack.down();
        let _ = reviving.join().unwrap();
        assert!(!answers("redis", &url) && !folder.unwrap().exists(), "after {millis} ms");
        assert!(matches!(begin(&stack, Fault::Kill, "redis"), Err(FaultError::Impossible { .. })));
    }
}

/// What the test below runs in a process of its own: told by the environment, which is its own too.
const ROLE: &str = "CACHEMARK_TEST_ROLE";

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn what_a_killed_run_left_frozen_is_cleared() {
    match std::env::var(ROLE).as_deref() {
        Ok("run") => return leave_frozen(),
        Ok("clear") => {
            assert_eq!(cachemark_stack::clear().len(), 1);
            return assert!(stacks().is_empty());
        }
        _ => {}
    }
    let place = tempfile::tempdir().unwrap();
    // The servers' account passes through it.
    std::fs::set_permissions(place.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
    let myself = |role: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["what_a_killed_run_left_frozen_is_cleared", "--exact", "--ignored", "--nocapture"]);
        command.env(ROLE, role).env("TMPDIR", place.path()).stdout(Stdio::piped());
        command
    };
    let mut run = myself("run").spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let told = lines.find_map(|line| Some(line.unwrap().split_once("frozen: ")?.1.to_owned())).unwrap();
    let pids: Vec<u32> = told.split(' ').map(|pid| pid.parse().unwrap()).collect();
    let mut all: Vec<ProcessId> = pids.iter().filter_map(|pid| ProcessId::of(*pid)).collect();
    all.extend(pids.iter().flat_map(|pid| children(*pid)));
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(
        all.len() > 3 && all.iter().all(|process| process.is_alive()),
        "they outlive the run, with the children of Postgres"
    );
    let cleared = myself("clear").output().unwrap();
    assert!(cleared.status.success(), "{}", String::from_utf8_lossy(&cleared.stdout));
    let limit = Instant::now() + PATIENCE;
    while all.iter().any(|process| process.is_alive()) {
        assert!(Instant::now() < limit, "{all:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[expect(clippy::print_stdout, reason = "it is how the test is told")]
fn leave_frozen() {
    let stack = Native::up(&NativeOptions::live_stack()).unwrap();
    for (name, _) in stack.processes() {
        begin(&stack, Fault::Freeze, name).unwrap();
    }
    let pids: Vec<_> = stack.processes().iter().map(|(_, process)| process.pid.to_string()).collect();
    println!("\nfrozen: {}", pids.join(" "));
    std::thread::sleep(PATIENCE);
}
