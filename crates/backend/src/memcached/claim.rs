//! A Memcached server as one run's place.

use super::MemcachedEndpoint;
use super::text::TextConnection;
use crate::claim::{self, Claim, ClaimError, KEY, Lock, TTL};
use cachemark_core::CacheError;

impl MemcachedEndpoint {
    /// Claims our keys on this server for a run, until the claim is released, or some 15 s after the run was killed. `who`
    /// is what another run is told of this one, in one line.
    ///
    /// # Errors
    /// [`ClaimError`] if another run has them, or the server does not let us.
    pub async fn claim(&self, who: &str) -> Result<Claim, ClaimError> {
        Claim::take(MemcachedLock::new(self, who)).await
    }
}

struct MemcachedLock {
    endpoint: MemcachedEndpoint,
    /// What the key holds while it is ours.
    who: String,
    /// Not there while something is asked: one whose answer did not come whole is not used again, whatever became of the
    /// question.
    connection: Option<TextConnection>,
    /// The number of the entry that was seen to be ours, over this connection: a server that was started anew begins anew.
    seen: Option<u64>,
}

impl MemcachedLock {
    fn new(endpoint: &MemcachedEndpoint, who: &str) -> Self {
        let who = claim::marked(&who.replace(['\r', '\n'], " "));
        Self { endpoint: endpoint.clone(), who, connection: None, seen: None }
    }

    /// The connection, to be put back once it has nothing more to say.
    async fn connection(&mut self) -> Result<TextConnection, String> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        self.seen = None;
        TextConnection::open(&self.endpoint).await.map_err(|error| CacheError::from(error).to_string())
    }

    async fn ask(&mut self, command: &str) -> Result<String, String> {
        let mut connection = self.connection().await?;
        let answer = connection.ask(command).await.map_err(|error| error.to_string())?;
        self.connection = Some(connection);
        Ok(answer)
    }

    /// What the key holds, and the entry's number.
    async fn look(&mut self) -> Result<Option<(String, Option<u64>)>, String> {
        let mut connection = self.connection().await?;
        let found = connection.numbered(KEY).await.map_err(|error| error.to_string())?;
        self.connection = Some(connection);
        Ok(found.map(|(value, number)| (String::from_utf8_lossy(&value).into_owned(), number)))
    }

    /// Whether the key holds what it held when it was seen to be ours. `me` is neither a get nor a set in the counts that are
    /// compared with ours, and tells an entry's number.
    async fn is_unchanged(&mut self) -> bool {
        let (Some(seen), Some(_)) = (self.seen, &self.connection) else { return false };
        let told = self.ask(&format!("me {KEY}")).await.unwrap_or_default();
        told.split(' ').find_map(|figure| figure.strip_prefix("cas=")?.parse().ok()) == Some(seen)
    }

    /// Takes the key unless it is another's; whose it is then.
    async fn take(&mut self) -> Result<Option<String>, String> {
        let mut found = self.look().await?;
        if found.is_none() {
            let (who, seconds) = (self.who.clone(), TTL.as_secs());
            self.ask(&format!("add {KEY} 0 {seconds} {}\r\n{who}", who.len())).await?;
            found = self.look().await?;
        }
        let (holder, number) = found.ok_or("it forgets at once what it is to keep")?;
        self.seen = number.filter(|_| holder == self.who);
        Ok(Some(holder).filter(|holder| *holder != self.who))
    }
}

impl Lock for MemcachedLock {
    const UNLESS: &'static str = " (15 s after it was killed, its claim ends)";

    /// Renewed by `touch`, which is neither a get nor a set in the counts that are compared with ours, and which does not
    /// tell whose the key is: that is seen first.
    async fn keep(&mut self) -> Result<Option<String>, String> {
        if !self.is_unchanged().await
            && let Some(holder) = self.take().await?
        {
            return Ok(Some(holder));
        }
        // One that has gone in between is taken again at the next renewal.
        self.ask(&format!("touch {KEY} {}", TTL.as_secs())).await.map(|_| None)
    }

    async fn free(&mut self) {
        if self.look().await.is_ok_and(|found| found.is_some_and(|(holder, _)| holder == self.who)) {
            // A key that stays goes by itself.
            let _ = self.ask(&format!("delete {KEY}")).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    /// What a server holds under the one key, with its number; how often it was asked what; and what it holds back the
    /// answers to, until the connection is not waited for any more.
    #[derive(Default)]
    struct Server {
        entry: Option<(String, u64)>,
        asked: BTreeMap<String, u32>,
        stalls_at: Option<&'static str>,
    }

    impl Server {
        fn answer(&mut self, verb: &str, value: String) -> String {
            *self.asked.entry(verb.to_owned()).or_default() += 1;
            match (verb, &self.entry) {
                ("add", None) => {
                    self.put(value);
                    "STORED".to_owned()
                }
                ("add", Some(_)) => "NOT_STORED".to_owned(),
                ("mg", Some((value, number))) => format!("VA {} c{number}\r\n{value}", value.len()),
                ("me", Some((_, number))) => format!("ME {KEY} exp=-9 la=0 cas={number} fetch=yes cls=1 size=69"),
                ("touch", Some(_)) => "TOUCHED".to_owned(),
                ("delete", Some(_)) => {
                    self.entry = None;
                    "DELETED".to_owned()
                }
                (_, None) => "EN".to_owned(),
                (other, _) => format!("ERROR {other}"),
            }
        }

        fn put(&mut self, value: String) {
            let number = self.asked.values().sum::<u32>();
            self.entry = Some((value, u64::from(number) + 1));
        }
    }

    async fn serve(server: Arc<Mutex<Server>>, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while stream.read_line(&mut line).await.is_ok_and(|len| len > 0) {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            let mut value = String::new();
            if words[0] == "add" {
                let mut bytes = vec![0; words[4].parse::<usize>().unwrap() + 2];
                stream.read_exact(&mut bytes).await.unwrap();
                value = String::from_utf8(bytes).unwrap().trim_end().to_owned();
            }
            let (answer, stalls) = {
                let mut server = server.lock().unwrap();
                (server.answer(&words[0], value), server.stalls_at.take_if(|verb| *verb == words[0]).is_some())
            };
            if stalls {
                // Long enough that whoever asked has given up, and is at its next question.
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            if stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
            line.clear();
        }
    }

    async fn server() -> (Arc<Mutex<Server>>, MemcachedEndpoint) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = MemcachedEndpoint::parse(&listener.local_addr().unwrap().to_string()).unwrap();
        let server = Arc::<Mutex<Server>>::default();
        let serving = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(Arc::clone(&serving), stream));
            }
        });
        (server, endpoint)
    }

    #[tokio::test]
    async fn a_claim_is_its_takers_alone_whatever_they_are_called() {
        let (_server, endpoint) = server().await;
        let (mut one, mut other) = (MemcachedLock::new(&endpoint, "a run"), MemcachedLock::new(&endpoint, "a run"));
        assert_eq!(one.keep().await, Ok(None));
        assert_eq!(other.keep().await, Ok(Some(one.who.clone())));
        other.free().await;
        assert_eq!(one.keep().await, Ok(None));
        one.free().await;
        assert_eq!(other.keep().await, Ok(None));
    }

    #[tokio::test]
    async fn a_renewal_counts_as_no_get_and_sees_that_another_has_the_key() {
        let (server, endpoint) = server().await;
        let mut lock = MemcachedLock::new(&endpoint, "a run");
        assert_eq!(lock.keep().await, Ok(None));
        let gets = || server.lock().unwrap().asked["mg"];
        let before = gets();
        for _ in 0..3 {
            assert_eq!(lock.keep().await, Ok(None));
        }
        assert_eq!(gets(), before);
        server.lock().unwrap().entry = None;
        assert_eq!(lock.keep().await, Ok(None), "an entry that was evicted is put there again");
        server.lock().unwrap().put("somebody else".to_owned());
        assert_eq!(lock.keep().await, Ok(Some("somebody else".to_owned())));
        lock.free().await;
        assert!(server.lock().unwrap().entry.is_some(), "what is another's is left alone");
    }

    #[tokio::test]
    async fn an_answer_that_comes_late_goes_to_no_other_question() {
        for verb in ["mg", "add", "me", "touch"] {
            let (server, endpoint) = server().await;
            let mut lock = MemcachedLock::new(&endpoint, "a run");
            if matches!(verb, "me" | "touch") {
                assert_eq!(lock.keep().await, Ok(None));
            }
            server.lock().unwrap().stalls_at = Some(verb);
            let hurried = tokio::time::timeout(Duration::from_millis(50), lock.keep()).await;
            assert!(hurried.is_err(), "{verb}: {hurried:?}");
            for _ in 0..3 {
                assert_eq!(lock.keep().await, Ok(None), "{verb}");
                tokio::time::sleep(Duration::from_millis(150)).await;
            }
        }
    }
}
