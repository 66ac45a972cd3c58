//! A native stack over real servers.

use cachemark_stack::{Native, NativeOptions, ServerKind, StackError, stacks};
use std::net::TcpStream;
use std::time::Duration;

fn connects(url: &str) -> bool {
    let address = url.split("://").nth(1).unwrap().split('/').next().unwrap();
    TcpStream::connect(address.split('@').next_back().unwrap()).is_ok()
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn servers_come_up_are_watched_and_go_down_without_a_trace() {
    let stack = Native::up(&NativeOptions::live_stack()).unwrap();
    let addresses = stack.addresses();
    let urls: Vec<_> = addresses.iter().map(|(_, address)| address.url.clone()).collect();
    assert!(urls.iter().all(|url| connects(url)));
    let processes = stack.processes();
    assert_eq!((urls.len(), processes.len()), (3, 3));
    assert!(processes.iter().all(|(_, process)| process.is_alive() && process.cpu_time().is_some()));
    let pid = processes[0].1.pid;
    let folder = || stacks().into_iter().find(|stack| stack.servers.iter().any(|server| server.pid == pid));
    let found = folder().expect("a stack that is up is found by its marker");
    assert_eq!(found.holder, cachemark_stack::Holder::Run(std::process::id()));
    stack.down();
    assert!(!urls.iter().any(|url| connects(url)));
    assert!(processes.iter().all(|(_, process)| !process.is_alive()));
    assert!(!found.folder.exists() && folder().is_none());
}

#[test]
#[ignore = "needs redis-server"]
fn a_panic_takes_the_servers_down() {
    let options = NativeOptions::of(ServerKind::of("redis"));
    let url = std::thread::spawn(move || {
        let stack = Native::up(&options).unwrap();
        let url = stack.addresses().of("redis").unwrap().url.clone();
        std::panic::panic_any(url);
    })
    .join()
    .unwrap_err();
    let url = url.downcast::<String>().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    assert!(!connects(&url));
}

#[test]
#[ignore = "needs memcached"]
fn a_server_takes_as_many_connections_as_it_is_to() {
    use std::io::{Read, Write};
    let mut options = NativeOptions::of(ServerKind::of("memcached"));
    options.servers.get_mut("memcached").unwrap().connections = 100;
    let stack = Native::up(&options).unwrap();
    let url = stack.addresses().of("memcached").unwrap().url.clone();
    let (login, place) = url.strip_prefix("memcached://").unwrap().split_once('@').unwrap();
    let login = login.replace(':', " ");
    let mut connection = TcpStream::connect(place).unwrap();
    write!(connection, "set login 0 0 {}\r\n{login}\r\nstats settings\r\nquit\r\n", login.len()).unwrap();
    let mut settings = String::new();
    connection.read_to_string(&mut settings).unwrap();
    assert!(settings.contains("STAT maxconns 100\r\n"), "{settings}");
}

#[test]
fn what_is_missing_is_named_with_what_to_install() {
    let message = StackError::Missing(vec!["redis-server", "postgresql"]).to_string();
    assert!(message.contains("not installed: redis-server, postgresql"), "{message}");
    assert!(message.contains("apt-get install redis-server postgresql"), "{message}");
}
