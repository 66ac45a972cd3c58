//! `cachemark audit`: what the cache of a stack that stands has, held against its store. It changes nothing there.

use crate::addresses;
use crate::args::AuditArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use crate::servers::standing::{self, Standing};
use crate::signal;
use cachemark_bench::{Probes, StopFlag, TargetError, audit_stack};
use cachemark_report::sheet::{Column, Group, Sheet};
use cachemark_report::{Emphasis, Row, units};
use cachemark_results::{Audit, CacheAudit};
use serde_json::json;
use std::collections::BTreeSet;

/// The version of the JSON's form.
const FORM: u32 = 1;

/// What was looked at, and what came of it.
struct Looked {
    /// Cache and store, each by its name and version.
    servers: [String; 2],
    /// Whether there are rows that were not looked at.
    more_rows: bool,
    audit: Audit,
}

pub(crate) fn run(args: &AuditArgs) -> Result<Exit, Failure> {
    let names = standing::names(&args.cache)?;
    let addresses = addresses::of_servers(&names, args.addresses.given())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::System("start a runtime", error))?;
    let stop = StopFlag::default();
    signal::listen(&runtime, stop.clone(), || ()).map_err(|error| Failure::System("listen for signals", error))?;
    let looked = runtime.block_on(async {
        let stack = Standing::reach(names, &addresses).await?;
        look(&stack, names, args.keys, &stop).await
    })?;
    if args.json {
        let [cache, store] = &looked.servers;
        let found = json!({
            "form": FORM,
            "result": result(&looked),
            "cache": cache,
            "store": store,
            "more_rows": looked.more_rows,
            "audit": looked.audit,
        });
        say(&format!("{found:#}"));
    } else {
        show(&sheet(&looked));
    }
    if stop.is_stopped() {
        return Ok(Exit::Interrupted);
    }
    Ok(exit(&looked))
}

/// Lists the keys of both, and holds what the cache has under each against its row.
async fn look(stack: &Standing, [cache, store]: [&str; 2], most: u64, stop: &StopFlag) -> Result<Looked, TargetError> {
    let of_cache = |error| TargetError::new(cache, "listing the keys of", error);
    let of_store = |error| TargetError::new(store, "listing the keys of", error);
    let servers = [stack.cache().version().await.map_err(of_cache)?, stack.store().version().await.map_err(of_store)?];
    let mut rows = stack.store().keys(most.saturating_add(1)).await.map_err(of_store)?;
    let more_rows = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let known: BTreeSet<Vec<u8>> = rows.iter().map(|key| key.as_bytes().to_vec()).collect();
    let cached = stack.cache().keys().await.map_err(of_cache)?;
    rows.extend(cached.into_iter().filter(|key| !known.contains(key.as_bytes())));
    Ok(Looked { servers, more_rows, audit: audit_stack(rows, stack, stop).await })
}

/// Whether nothing is wrong; if so in one word.
fn result(looked: &Looked) -> &'static str {
    match exit(looked) {
        Exit::Pass => "equal",
        Exit::Untrusted => "incomplete",
        _ => "different",
    }
}

/// What differs is what was asked for, so it fails as an assertion does; what was not seen is not to be trusted.
fn exit(looked: &Looked) -> Exit {
    let audit = &looked.audit;
    let differs = audit.cache.as_ref().is_some_and(|cache| cache.equal < cache.held);
    if differs || audit.store.corrupt > 0 {
        return Exit::AssertionFailed;
    }
    if audit.incomplete.is_some() || looked.more_rows { Exit::Untrusted } else { Exit::Pass }
}

fn sheet(looked: &Looked) -> Sheet {
    let audit = &looked.audit;
    let cache = audit.cache.clone().unwrap_or_default();
    let rows = counts(audit, &cache).into_iter().map(|(name, count, meaning)| {
        let emphasis = if count > 0 && meaning.is_some() { Emphasis::Reference } else { Emphasis::Plain };
        let cells = vec![name.to_owned(), units::count(count as f64), meaning.unwrap_or_default().to_owned()];
        Row { cells, emphasis, begins_group: false }
    });
    let examples = audit.examples.iter().map(|example| {
        let left = example.remaining_ns.map(|ns| format!(", {} left", units::time(ns as f64)));
        let entry = example.entry.map(|entry| format!("entry v{entry}, "));
        let seen = format!(
            "{}{}row v{}",
            example.key,
            entry.map_or_else(|| ": ".into(), |entry| format!(": {entry}")),
            example.row
        );
        let cells = vec![example.finding.name().to_owned(), String::new(), seen + &left.unwrap_or_default()];
        Row { cells, emphasis: Emphasis::Plain, begins_group: false }
    });
    let [cache_name, store_name] = &looked.servers;
    let mut groups = vec![Group { heading: format!("{cache_name} over {store_name}"), rows: rows.collect() }];
    if !audit.examples.is_empty() {
        groups.push(Group { heading: "the first of each".into(), rows: examples.collect() });
    }
    Sheet {
        columns: vec![Column::names("found", 0), Column::figures("how many", 0), Column::prose("what it is", 0)],
        groups,
        footnotes: footnotes(looked, &cache),
        ..Sheet::default()
    }
}

/// What is counted; with a meaning where it should be none.
fn counts(audit: &Audit, cache: &CacheAudit) -> Vec<(&'static str, u64, Option<&'static str>)> {
    vec![
        ("keys", audit.store.seen, None),
        ("entries", cache.held, None),
        ("equal", cache.equal, None),
        ("behind", cache.behind, Some("of a version below the row's")),
        ("resurrected", cache.resurrected, Some("of those, with a value though the row is deleted")),
        ("stale negative", cache.stale_negatives, Some("of those, saying that there is no row")),
        ("ahead", cache.ahead, Some("of a version above the row's")),
        ("orphan", cache.orphans, Some("of those, without any row")),
        ("corrupt", cache.corrupt, Some("damaged, another key's, or of the row's version with other content")),
        ("corrupt row", audit.store.corrupt, Some("damaged, or another key's, in the store")),
    ]
}

fn footnotes(looked: &Looked, cache: &CacheAudit) -> Vec<String> {
    let audit = &looked.audit;
    let mut notes = Vec::new();
    if let Some(left) = cache.behind_remaining {
        notes.push(format!("Entries that are behind live on for up to {}.", units::time(left.max_ns as f64)));
    }
    if cache.behind_without_end > 0 {
        let count = units::count(cache.behind_without_end as f64);
        notes.push(format!("Behind without end: {count}; they stay until the next write or an eviction."));
    }
    if looked.more_rows {
        notes.push("There are more rows: --keys raises how many are looked at.".into());
    }
    notes.push(match cache.recency_kept {
        true => "Nothing was changed: no entry, no lifetime, and not what is evicted next.".into(),
        false => {
            "No entry and no lifetime was changed. Each entry counts as used, for this version of the cache has no other way to \
             read it (Redis has from 7.2 on)."
                .to_owned()
        }
    });
    notes.push("Of the cache those keys are listed that begin with cm:, and looked up those of all rows.".into());
    notes.push("What is being written meanwhile may seem behind or ahead: ask a stack at rest.".into());
    if let Some(why) = &audit.incomplete {
        notes.push(format!("Not all was seen: {why}."));
    }
    notes
}
