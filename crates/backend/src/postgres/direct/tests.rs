//! Against a server that says what the test has it say.

use super::answer::{ERROR, READY};
use super::*;
use crate::postgres::{PostgresEndpoint, Schema, over_tokio};
use cachemark_core::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 4).to_be_bytes();
    [&[tag][..], &length, body].concat()
}

fn ready() -> Vec<u8> {
    message(READY, b"I")
}

fn refusal(severity: &str, code: &str, words: &str) -> Vec<u8> {
    message(ERROR, format!("S{severity}\0V{severity}\0C{code}\0M{words}\0\0").as_bytes())
}

fn notice() -> Vec<u8> {
    message(b'N', b"SNOTICE\0VNOTICE\0C00000\0Mhear\0\0")
}

fn data(fields: &[Option<&[u8]>]) -> Vec<u8> {
    let mut body = (fields.len() as u16).to_be_bytes().to_vec();
    for field in fields {
        let length = field.map_or(-1, |field| field.len() as i32);
        body.extend_from_slice(&length.to_be_bytes());
        body.extend_from_slice(field.unwrap_or_default());
    }
    message(DATA_ROW, &body)
}

/// What a run answers with a row, or with none.
fn run(row: Option<&[Option<&[u8]>]>) -> Vec<u8> {
    let row = row.map(data).unwrap_or_default();
    [message(b'2', b""), row, message(b'C', b"SELECT 1\0"), ready()].concat()
}

/// The row of a read at version 5.
fn found(value: &[u8]) -> Vec<u8> {
    run(Some(&[Some(&5_i64.to_be_bytes()), Some(&[0]), Some(value)]))
}

fn described(name: &[u8], version: u32) -> Vec<u8> {
    let columns = match name {
        b"r" | b"c" => vec![version, prepared::BOOL, prepared::BYTEA],
        b"a" => vec![prepared::TEXT],
        _ => vec![version],
    };
    let mut body = (columns.len() as u16).to_be_bytes().to_vec();
    for column in columns {
        body.extend_from_slice(b"column\0\0\0\0\x01\0\x01");
        body.extend_from_slice(&column.to_be_bytes());
        body.extend_from_slice(&[0; 8]);
    }
    [message(b't', b"\0\0"), message(answer::ROW_DESCRIPTION, &body)].concat()
}

/// A server for one connection.
struct Server {
    /// What it answers to one run after another, from the first again after the last. Nothing: it closes the connection.
    runs: Vec<Vec<u8>>,
    /// So many bytes at once.
    piece: usize,
    /// It closes the connection after an answer that has no end.
    closes: bool,
    /// What it says right after the login, and then before its first answer.
    after_login: [Vec<u8>; 2],
    /// The type of its versions.
    version: u32,
}

impl Server {
    fn answering(runs: Vec<Vec<u8>>) -> Self {
        Self { runs, piece: usize::MAX, closes: false, after_login: Default::default(), version: prepared::INT8 }
    }

    async fn connect(self) -> (Result<Direct, ClientError>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://u:p@{}/d", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Or the second piece waits for the first one's acknowledgement, which waits for 40 ms.
            stream.set_nodelay(true).unwrap();
            self.serve(&mut stream).await;
        });
        let config = over_tokio::config::of(PostgresEndpoint::parse(&url).unwrap().connection());
        (Direct::connect(&config, &Statements::new(&Schema::default())).await, serving)
    }

    async fn serve(&self, stream: &mut TcpStream) {
        let length = stream.read_u32().await.unwrap();
        stream.read_exact(&mut vec![0; length as usize - 4]).await.unwrap();
        let login = [message(b'R', &[0; 4]), message(b'S', b"a\0b\0"), ready(), self.after_login[0].clone()].concat();
        stream.write_all(&login).await.unwrap();
        let (mut runs, mut said) = (self.runs.iter().cycle(), self.after_login[1].clone());
        // It ends where the client does.
        while let Ok(tag) = stream.read_u8().await {
            let mut body = vec![0; stream.read_u32().await.unwrap() as usize - 4];
            stream.read_exact(&mut body).await.unwrap();
            match tag {
                b'Q' => said.extend([message(b'C', b"SET\0"), ready()].concat()),
                b'P' => said.extend(message(b'1', b"")),
                b'D' => said.extend(described(&body[1..body.len() - 1], self.version)),
                b'E' => said.clone_from(runs.next().unwrap()),
                b'S' if said.is_empty() => return,
                b'S' if said[0] == b'1' => said.extend(ready()),
                _ => {}
            }
            if tag == b'Q' || tag == b'S' {
                for piece in said.chunks(self.piece) {
                    stream.write_all(piece).await.unwrap();
                    tokio::task::yield_now().await;
                }
                if self.closes && !said.ends_with(&ready()) {
                    return;
                }
                said.clear();
            }
        }
    }
}

async fn connected(runs: Vec<Vec<u8>>) -> (Direct, JoinHandle<()>) {
    let (direct, serving) = Server::answering(runs).connect().await;
    (direct.unwrap(), serving)
}

async fn read(direct: &mut Direct) -> Result<Row, DirectError> {
    direct.read(&Key::new("cm:k").unwrap(), None).await
}

fn row(value: &[u8]) -> Row {
    Row { version: Version(5), value: Some(Value::new(value.to_vec())) }
}

/// The runtime has seen what the server did by the time that it has slept.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

#[tokio::test]
async fn an_answer_may_come_in_pieces_and_the_next_question_has_its_own() {
    for piece in [1, 2, 7] {
        let server = Server { piece, ..Server::answering(vec![found(b"abc"), run(None), found(b"")]) };
        let mut direct = server.connect().await.0.unwrap();
        for expected in [row(b"abc"), Row::NEVER, row(b""), row(b"abc")] {
            assert_eq!(read(&mut direct).await.unwrap(), expected);
        }
    }
}

#[tokio::test]
async fn what_a_row_says_is_told() {
    let version = 5_i64.to_be_bytes();
    let deleted = run(Some(&[Some(&version), Some(&[1]), Some(b"")]));
    let (mut direct, _serving) =
        connected(vec![deleted, run(Some(&[None, None, None])), run(Some(&[Some(&version)]))]).await;
    assert_eq!(read(&mut direct).await.unwrap(), Row { version: Version(5), value: None });
    let key = Key::new("cm:k").unwrap();
    assert_eq!(direct.read(&key, Some(Duration::from_millis(1))).await.unwrap(), Row::NEVER);
    let value = Value::new(vec![7; 300]);
    assert_eq!(direct.change(Change::Write { key: &key, value: &value }).await.unwrap(), Version(5));
}

#[tokio::test]
async fn a_batch_is_prepared_with_the_first_and_says_what_was_put() {
    let (mut direct, _serving) = connected(vec![run(Some(&[Some(b"b")]))]).await;
    let change = |key: &'static str| StoreChange { key: Key::new(key).unwrap(), version: Version(1), value: None };
    let statements = Statements::new(&Schema::default());
    for _ in 0..2 {
        let applied = direct.apply(&statements, &[change("a"), change("b")]).await.unwrap();
        assert_eq!(applied, [Applied::Superseded, Applied::Put]);
    }
}

#[tokio::test]
async fn a_large_answer_leaves_no_large_buffer() {
    let value = vec![b'x'; 3 << 20];
    let (mut direct, _serving) = connected(vec![found(&value), found(b"abc")]).await;
    assert_eq!(read(&mut direct).await.unwrap(), row(&value));
    assert_eq!(read(&mut direct).await.unwrap(), row(b"abc"));
}

#[tokio::test]
async fn a_refusal_leaves_the_session_usable() {
    let refused = [refusal("ERROR", "42P01", "no such table"), ready()].concat();
    let (mut direct, _serving) = connected(vec![refused, found(b"abc")]).await;
    let error = read(&mut direct).await.unwrap_err();
    let Wrong::Refused(said) = &error.wrong else { panic!("{error:?}") };
    assert_eq!((&*said.message, said.code.as_deref(), said.last), ("no such table", Some("42P01"), false));
    assert!(!error.unsent);
    assert_eq!(read(&mut direct).await.unwrap(), row(b"abc"));
}

#[tokio::test]
async fn a_refusal_with_which_the_session_ends_is_told_as_such() {
    for severity in ["FATAL", "ERROR"] {
        // Of an error alone it is known once the connection is closed.
        let closes = severity == "ERROR";
        let server = Server { closes, ..Server::answering(vec![refusal(severity, "57P01", "going down")]) };
        let error = read(&mut server.connect().await.0.unwrap()).await.unwrap_err();
        assert!(matches!(&error.wrong, Wrong::Refused(said) if said.last) && !error.unsent, "{error:?}");
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_with_a_question_under_way_may_have_carried_it_out() {
    let (mut direct, _serving) = connected(vec![Vec::new()]).await;
    let error = read(&mut direct).await.unwrap_err();
    assert!(matches!(error.wrong, Wrong::Closed | Wrong::Io(_)) && !error.unsent, "{error:?}");
}

#[tokio::test]
async fn over_a_connection_that_was_closed_before_nothing_is_sent() {
    let (mut direct, serving) = connected(vec![found(b"abc")]).await;
    read(&mut direct).await.unwrap();
    serving.abort();
    drop(serving.await);
    a_while().await;
    let error = read(&mut direct).await.unwrap_err();
    assert!(matches!(error.wrong, Wrong::Closed | Wrong::Io(_)) && error.unsent, "{error:?}");
}

#[tokio::test]
async fn the_last_words_to_an_idle_session_are_told_and_nothing_is_sent() {
    let (mut direct, _serving) =
        connected(vec![[found(b"abc"), refusal("FATAL", "57P01", "going down")].concat()]).await;
    read(&mut direct).await.unwrap();
    a_while().await;
    let error = read(&mut direct).await.unwrap_err();
    assert!(matches!(&error.wrong, Wrong::Refused(said) if said.message == "going down" && said.last), "{error:?}");
    assert!(error.unsent);
}

#[tokio::test]
async fn what_the_server_says_aside_is_no_answer() {
    let aside = [notice(), message(b'S', b"TimeZone\0UTC\0"), message(b'A', b"\0\0\0\x01c\0p\0")].concat();
    let amid = [message(b'2', b""), aside.clone(), found(b"abc"), aside.clone()].concat();
    // The last aside is cut: the rest comes before the next answer.
    let (first, second) = aside.split_at(aside.len() - 3);
    let (cut, rest) = ([found(b"abc"), first.to_vec()].concat(), [second, &found(b"abc")].concat());
    let (mut direct, _serving) = connected(vec![amid, cut, rest]).await;
    for wait in [true, true, false, false] {
        assert_eq!(read(&mut direct).await.unwrap(), row(b"abc"));
        if wait {
            a_while().await;
        }
    }
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_refused() {
    let (mut direct, _serving) = connected(vec![[found(b"abc"), found(b"abc")].concat()]).await;
    read(&mut direct).await.unwrap();
    let error = read(&mut direct).await.unwrap_err();
    assert!(matches!(&error.wrong, Wrong::Protocol(_)) && error.unsent, "{error:?}");
}

#[tokio::test]
async fn what_follows_the_login_is_not_lost() {
    let said = notice();
    for cut in [0, 3, said.len()] {
        let after_login = [said[..cut].to_vec(), said[cut..].to_vec()];
        let server = Server { after_login, ..Server::answering(vec![found(b"abc")]) };
        assert_eq!(read(&mut server.connect().await.0.unwrap()).await.unwrap(), row(b"abc"));
    }
    let after_login = [refusal("FATAL", "57P01", "going down"), Vec::new()];
    let refused = Server { after_login, ..Server::answering(Vec::new()) }.connect().await.0.err().unwrap();
    let told = format!("{refused:?}");
    assert!(told.contains("going down"), "{told}");
}

#[tokio::test]
async fn a_table_with_columns_of_other_types_is_refused() {
    let server = Server { version: prepared::TEXT, ..Server::answering(Vec::new()) };
    let refused = server.connect().await.0.err().unwrap();
    assert!(matches!(&refused, ClientError::Direct(error) if matches!(error.wrong, Wrong::Value(_))), "{refused:?}");
}

#[tokio::test]
async fn a_row_that_is_none_is_said_to_be_none() {
    let version = 5_i64.to_be_bytes();
    let rows: [&[Option<&[u8]>]; 4] = [
        &[Some(&version)],
        &[Some(&[0; 4]), Some(&[0]), Some(b"")],
        &[Some(&version), Some(&[2]), Some(b"")],
        &[Some(&version), Some(&[0]), None],
    ];
    for fields in rows {
        let (mut direct, _serving) = connected(vec![run(Some(fields))]).await;
        let error = read(&mut direct).await.unwrap_err();
        assert!(matches!(error.wrong, Wrong::Value(_)), "{error:?}");
    }
}
