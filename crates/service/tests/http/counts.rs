//! What `/metrics` says agrees with what was asked, to the last one.

use crate::support::{Reply, Stack, key, value};
use std::collections::BTreeMap;

/// The samples of a page, by name and labels.
fn samples(page: &Reply) -> BTreeMap<&str, f64> {
    let lines = page.text().lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(name, value)| (name, value.parse().unwrap())).collect()
}

#[tokio::test]
async fn counts_agree_with_what_was_asked() {
    const CLIENTS: usize = 8;
    const GETS: usize = 25;
    let stack = Stack::start().await;
    for number in 0..CLIENTS {
        stack.store().preload(&key(&format!("k{number}")), value("x"));
    }
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let mut client = stack.client().await;
        clients.push(tokio::spawn(async move {
            let path = format!("/items/k{number}");
            for _ in 0..GETS {
                assert_eq!(client.get(&path).await.status, 200);
            }
            client.put(&path, b"y").await;
            client.get("/items?key=none&key=none").await;
            client.ask("DELETE", &path, &[], b"").await;
            client.get("/items/%ff").await;
            client
        }));
    }
    let mut open = Vec::new();
    for client in clients {
        open.push(client.await.unwrap());
    }
    let page = open[0].get("/metrics").await;
    assert_eq!(page.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let samples = samples(&page);
    let (clients, gets) = (CLIENTS as f64, GETS as f64);
    let expected = [
        ("http_requests_total{route=\"/items/{key}\",method=\"GET\",status=\"200\"}", clients * gets),
        ("http_requests_total{route=\"/items/{key}\",method=\"GET\",status=\"400\"}", clients),
        ("http_requests_total{route=\"/items/{key}\",method=\"PUT\",status=\"204\"}", clients),
        ("http_requests_total{route=\"/items/{key}\",method=\"DELETE\",status=\"204\"}", clients),
        ("http_requests_total{route=\"/items\",method=\"GET\",status=\"200\"}", clients),
        ("http_request_duration_seconds_count{route=\"/items/{key}\"}", clients * (gets + 3.0)),
        ("http_request_duration_seconds_bucket{route=\"/items\",le=\"+Inf\"}", clients),
        ("operations_total{operation=\"read\",source=\"hit\",result=\"ok\"}", clients * (gets - 1.0)),
        ("operations_total{operation=\"read\",source=\"miss-led\",result=\"ok\"}", clients),
        ("operations_total{operation=\"read\",source=\"miss-led\",result=\"absent\"}", clients * 2.0),
        ("operations_total{operation=\"write\",source=\"none\",result=\"ok\"}", clients),
        ("operations_total{operation=\"delete\",source=\"none\",result=\"ok\"}", clients),
        ("operation_duration_seconds_count{operation=\"read\"}", clients * (gets + 2.0)),
        ("cache_gets_total", clients * (gets + 2.0)),
        ("cache_hits_total", clients * (gets - 1.0)),
        ("cache_misses_total", clients * 3.0),
        ("store_reads_total", clients * 3.0),
        ("store_reads_found_total", clients),
        ("store_writes_total", clients),
        ("store_deletes_total", clients),
        ("store_errors_total", 0.0),
        ("http_requests_in_flight", 1.0),
        ("connections", clients),
        ("connections_accepted_total", clients),
    ];
    for (name, count) in expected {
        assert_eq!(samples.get(format!("cachemark_{name}").as_str()), Some(&count), "{name}\n{}", page.text());
    }
    let asked = samples.iter().filter(|(name, _)| name.starts_with("cachemark_http_requests_total")).map(|(_, n)| n);
    assert_eq!(asked.sum::<f64>(), clients * (gets + 4.0), "nothing else was counted");
}

#[tokio::test]
async fn every_sample_has_its_help_and_type() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    client.get("/items/a").await;
    let page = client.get("/metrics").await;
    let typed: Vec<_> = page.text().lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    let helped = page.text().lines().filter(|line| line.starts_with("# HELP ")).count();
    assert_eq!(typed.len(), helped);
    for name in samples(&page).keys() {
        let name = name.split('{').next().unwrap();
        let fits = |line: &&&str| match line.split_once(' ').unwrap() {
            (base, "histogram") => ["_bucket", "_sum", "_count"].iter().any(|end| name.strip_suffix(end) == Some(base)),
            (base, "counter") => name == base && name.ends_with("_total"),
            (base, kind) => name == base && kind == "gauge",
        };
        assert_eq!(typed.iter().filter(fits).count(), 1, "{name}");
    }
}
