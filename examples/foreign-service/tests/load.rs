//! The load definition beside the service drives it, and both count the same.

use cachemark_bench::definition::Overrides;
use cachemark_bench::{DriverThreads, Labels, Plan, Silent, StopFlag, Sweep};
use cachemark_core::{Capabilities, UnseenServers};
use cachemark_http::{BaseUrl, HttpAssembler, Service, Spoken};
use cachemark_results::{Environment, Run, Status, Tool, Trial};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// A process of this test's, ended with it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A Redis of this test's own. A port that was free may be taken before the server has it; then another is tried.
fn redis() -> (Process, String) {
    for _ in 0..5 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let mut command = Command::new("redis-server");
        command.args([
            "--bind",
            "127.0.0.1",
            "--port",
            &address.port().to_string(),
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut server = Process(child.expect("redis-server is installed"));
        for _ in 0..2000 {
            if server.0.try_wait().unwrap().is_some() {
                break;
            }
            if answers(address) {
                return (server, format!("redis://{address}/"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    panic!("redis-server does not start");
}

fn answers(address: SocketAddr) -> bool {
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        let mut answer = [0; 5];
        stream.write_all(b"PING\r\n")?;
        stream.read_exact(&mut answer)?;
        Ok(answer)
    });
    asked.is_ok_and(|answer| &answer == b"+PONG")
}

/// The service, and where it listens.
fn service(redis_url: &str) -> (Process, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cachemark-example-foreign-service"));
    let child = command.env("REDIS_URL", redis_url).env("LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).spawn();
    let mut process = Process(child.unwrap());
    let mut line = String::new();
    BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("it says `{line}`"));
    (process, address.to_owned())
}

/// What the service counted.
fn counted(address: &str) -> serde_json::Value {
    let (head, body) = answer(address, "GET", "/v1/stats", "");
    assert!(head.contains(" 200 "), "{head}");
    serde_json::from_str(&body).unwrap()
}

/// Head and body of the answer to one request.
fn answer(address: &str, method: &str, path: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let (host, length) = ("host: localhost", body.len());
    write!(stream, "{method} {path} HTTP/1.1\r\n{host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn spoken(address: &str) -> Spoken {
    let base_url = BaseUrl::parse(&format!("http://{address}")).unwrap();
    let services = [Service { name: "foreign".into(), base_url }];
    let text = include_bytes!("../load.toml");
    cachemark_http::spoken("load.toml", text, &services, Overrides::default(), &["cachemark"])
        .unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn run(Spoken { definition, templates }: &Spoken, address: &str) -> Run {
    let base_url = BaseUrl::parse(&format!("http://{address}")).unwrap();
    let tool = Tool { version: "0.0.0".into(), revision: None, rustc: None, profile: "test".into(), executable: None };
    let environment = Environment::capture(tool, Vec::new(), "client and service on one machine".into());
    let (out, stop) = (tempfile::tempdir().unwrap(), StopFlag::default());
    let plan = Plan::lay_out(definition, |_| Capabilities::NONE);
    let background = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let assembler = HttpAssembler {
        services: vec![Service { name: "foreign".into(), base_url }],
        templates: Arc::new(templates.clone()),
        sessions: definition.driving.clients,
        timeout: definition.driving.operation_timeout,
        preload: true,
        stop: stop.clone(),
    };
    let sweep = Sweep {
        definition,
        plan: &plan,
        assembler: &assembler,
        driver: &DriverThreads,
        out: out.path(),
        environment: &environment,
        labels: &Labels::default(),
        key_prefix: "cm:",
        servers: &UnseenServers,
        background: background.handle(),
        stop: &stop,
    };
    let end = sweep.run(&mut Silent).unwrap();
    assert_eq!(end.status, Status::Complete);
    Run::open(&end.folder).unwrap()
}

fn hits(trial: &Trial) -> u64 {
    trial.buckets.iter().filter(|bucket| bucket.source == "hit").map(|bucket| bucket.count).sum()
}

#[test]
fn the_definition_has_no_mistake() {
    assert_eq!(spoken("127.0.0.1:1").definition.name, "foreign-service");
}

#[test]
#[ignore = "needs redis-server"]
fn the_record_and_the_service_count_the_same() {
    let (_redis, redis_url) = redis();
    let (_service, address) = service(&redis_url);
    let spoken = spoken(&address);
    let (run, definition) = (run(&spoken, &address), spoken.definition);
    assert_eq!(run.trials.len(), definition.read_ratios.len() * definition.blocks as usize);

    // Every key is written before each trial.
    let mut asked = run.trials.len() as u64 * definition.keys;
    for trial in &run.trials {
        asked += trial.issued_whole;
        assert!(hits(trial) > 0);
        assert_eq!((trial.totals.absent, trial.totals.error, trial.bad_stamps), (0, 0, 0), "{:?}", trial.totals);
        assert!(!trial.warnings.iter().any(|warning| warning.code == "unstamped"), "values are found in the JSON");
    }
    let counted = counted(&address);
    let count = |name: &str| counted[name].as_u64().unwrap();
    assert_eq!(count("reads") + count("writes"), asked, "{counted}");
    // The trials tell the hits of their windows alone.
    let told: u64 = run.trials.iter().map(hits).sum();
    assert!((told..=count("reads")).contains(&count("hits")), "{told} of {counted}");
}

#[test]
#[ignore = "needs redis-server"]
fn a_thing_is_missed_then_hit_until_it_changes() {
    let (_redis, redis_url) = redis();
    let (_service, address) = service(&redis_url);
    let put = |body: &str| answer(&address, "PUT", "/v1/things/a", body).0;
    let get = || {
        let (head, body) = answer(&address, "GET", "/v1/things/a", "");
        (head.contains("x-cache: HIT"), body)
    };
    assert!(answer(&address, "GET", "/v1/things/a", "").0.contains(" 404 "));
    assert!(put("no json").contains(" 400 "));
    for data in ["first", "second"] {
        assert!(put(&format!(r#"{{"data": "{data}"}}"#)).contains(" 204 "));
        let body = format!(r#"{{"data":"{data}","id":"a"}}"#);
        assert_eq!([get(), get()], [(false, body.clone()), (true, body)]);
    }
}
