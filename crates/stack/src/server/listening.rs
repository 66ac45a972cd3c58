//! Who listens on a port of loopback. Any account of the machine may, and would be told the password of a server of ours that
//! is asked whether it is there: so it is asked once the system says that the socket is its own.

use std::fs;
use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;

/// The state of a socket that listens, in the system's table.
const LISTENS: &str = "0A";

/// The number of the socket on which the process `pid`, which runs as `user`, listens on `port` of loopback, if it does and
/// nobody else.
pub(super) fn socket_of(pid: u32, user: u32, port: u16) -> Option<u64> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let mut listening = listeners(&table, port);
    let (owner, socket) = listening.next()?;
    // Several share a port if all ask for it, and one of them gets the connection.
    let alone = listening.next().is_none();
    (alone && owner == user && holds(pid, socket)).then_some(socket)
}

/// User and number of every socket that listens on `port` of loopback. The fields are numbered as in proc_net_tcp(5): address
/// and port, those of the other end, the state; the user is the eighth, the number the tenth.
fn listeners(table: &str, port: u16) -> impl Iterator<Item = (u32, u64)> {
    let address = u32::from_ne_bytes(Ipv4Addr::LOCALHOST.octets());
    let place = format!("{address:08X}:{port:04X}");
    table.lines().filter_map(move |line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let listens = *fields.get(1)? == place && *fields.get(3)? == LISTENS;
        let (user, socket) = (fields.get(7)?.parse().ok()?, fields.get(9)?.parse().ok()?);
        listens.then_some((user, socket))
    })
}

/// Whether the process has the socket open.
fn holds(pid: u32, socket: u64) -> bool {
    match open_files(pid) {
        Ok(mut files) => files.any(|file| file == format!("socket:[{socket}]")),
        // A container's root may not look into processes of other accounts. The socket's user, which was compared, has to do:
        // the servers' account can look into the servers anyhow.
        Err(error) => error.kind() == ErrorKind::PermissionDenied,
    }
}

fn open_files(pid: u32) -> io::Result<impl Iterator<Item = String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(format!("/proc/{pid}/fd"))? {
        match fs::read_link(entry?.path()) {
            Ok(file) => files.push(file.to_string_lossy().into_owned()),
            // Closed meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn only_what_listens_on_the_port_of_loopback_is_taken() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:5BA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000   107        0 4242 1 0 100 0 0 10 0\n\
            1: 0100007F:5BA0 0100007F:D431 01 00000000:00000000 00:00000000 00000000   108        0 4243 1 0 100 0 0 10 0\n\
            2: 00000000:5BA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000   109        0 4244 1 0 100 0 0 10 0\n\
            3: 0100007F:5BA1 00000000:0000 0A 00000000:00000000 00:00000000 00000000   110        0 4245 1 0 100 0 0 10 0\n";
        // As a machine writes it that has the lowest byte first.
        if cfg!(target_endian = "little") {
            assert_eq!(listeners(table, 0x5BA0).collect::<Vec<_>>(), [(107, 4242)]);
        }
        assert_eq!(listeners("nonsense\n", 1).count(), 0);
    }

    #[test]
    fn a_socket_is_its_process_and_users_alone() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (own, user) = (std::process::id(), rustix::process::geteuid().as_raw());
        assert!(socket_of(own, user, port).is_some());
        assert_eq!(socket_of(own, user + 1, port), None, "of another user");
        let mut other = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let of_other = socket_of(other.id(), user, port);
        other.kill().unwrap();
        other.wait().unwrap();
        assert_eq!(of_other, None, "of another process");
        drop(listener);
        assert_eq!(socket_of(own, user, port), None, "closed");
    }
}
