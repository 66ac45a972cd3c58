//! Requests that are too long, no text, or of the wrong kind.

use crate::{Service, exchange, status};

/// A request that closes its connection.
fn request(method: &str, path: &[u8], headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(" HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}\r\n");
    [method.as_bytes(), b" ", path, head.as_bytes(), body].concat()
}

#[test]
fn a_body_of_ten_megabytes_is_refused() {
    let service = Service::start(&[]);
    let body = vec![b'x'; 10 << 20];
    let declared = request("PUT", b"/items/a", &format!("content-length: {}\r\n", body.len()), &body);
    let mut chunks = Vec::new();
    for chunk in body.chunks(1 << 16) {
        chunks.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
    }
    let chunked = request("PUT", b"/items/a", "transfer-encoding: chunked\r\n", &chunks);
    for bytes in [declared, chunked] {
        let answer = exchange(&service, &bytes);
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains(r#""kind":"too-large""#), "{answer}");
    }
    assert!(service.ask("GET /items/a HTTP/1.1").starts_with("HTTP/1.1 404 "), "nothing was written");
    let (code, summary) = service.stop();
    assert_eq!((code, summary["store"]["writes"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn the_longest_body_is_what_the_operator_says() {
    let service = Service::start(&["--body-bytes", "64"]);
    for (len, right) in [(64, 201), (65, 413)] {
        let body = vec![b'x'; len];
        let answer = exchange(&service, &request("PUT", b"/items/a", &format!("content-length: {len}\r\n"), &body));
        assert_eq!(status(&answer), right, "{answer}");
    }
}

#[test]
fn a_key_of_a_megabyte_is_refused() {
    let service = Service::start(&[]);
    // A key that is too long is told so; one that is longer than any head is, by HTTP's own parser.
    for (len, right) in [(251, &[414][..]), (16 << 10, &[414]), (1 << 20, &[414, 431])] {
        let path = [b"/items/".as_slice(), &vec![b'k'; len]].concat();
        for method in ["GET", "PUT", "DELETE"] {
            let answer = exchange(&service, &request(method, &path, "content-length: 0\r\n", b""));
            assert!(right.contains(&status(&answer)), "{method}, {len}: {answer}");
        }
    }
    assert_eq!(service.metric("cachemark_operations_total"), 0);
    assert!(service.ask("GET /ready HTTP/1.1").starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_key_that_is_no_text_is_refused() {
    let service = Service::start(&[]);
    let (overlong, alone, cut): (&[u8], &[u8], &[u8]) = (b"%c0%af", b"%ff", b"%e2%82");
    let escapes: [&[u8]; 4] = [b"%", b"%4", b"%zz", b"a%00b"];
    let raw: [&[u8]; 3] = [b"\xff", b"caf\xe9", b"\xe2\x82"];
    for key in escapes.into_iter().chain(raw).chain([overlong, alone, cut]) {
        for (method, prefix) in [("GET", "/items/"), ("PUT", "/items/"), ("DELETE", "/items/"), ("GET", "/items?key=")]
        {
            let path = [prefix.as_bytes(), key].concat();
            let answer = exchange(&service, &request(method, &path, "content-length: 0\r\n", b""));
            assert_eq!(status(&answer), 400, "{method} {prefix}{}: {answer}", key.escape_ascii());
        }
    }
    assert_eq!(service.metric("cachemark_operations_total"), 0);
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let service = Service::start(&[]);
    let routes = [("/items/a", "GET,HEAD,PUT,DELETE"), ("/items", "GET,HEAD"), ("/health", "GET,HEAD")];
    for (path, allowed) in routes {
        for method in ["POST", "PATCH", "TRACE", "BREW"] {
            let answer = exchange(&service, &request(method, path.as_bytes(), "content-length: 0\r\n", b""));
            assert_eq!(status(&answer), 405, "{method} {path}: {answer}");
            assert!(answer.contains(&format!("\r\nallow: {allowed}\r\n")), "{answer}");
        }
    }
    let wrong = service.ask("GET /item/a HTTP/1.1");
    assert_eq!(status(&wrong), 404, "{wrong}");
}
