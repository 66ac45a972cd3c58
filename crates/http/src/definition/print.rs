//! The definition written out in full.

use super::LoadDefinition;
use crate::http::{HitRule, OperationTemplate};
use cachemark_workload::KeyDistribution;
use toml::{Table, Value};

impl LoadDefinition {
    /// The definition as TOML, every default spelt out. Reading it gives the same definition.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut root = Table::new();
        root.insert("name".into(), self.name.clone().into());
        root.insert("description".into(), self.description.clone().into());
        if !self.assertions.is_empty() {
            let texts: Vec<_> = self.assertions.iter().map(ToString::to_string).collect();
            root.insert("assert".into(), texts.into());
        }
        root.insert("workload".into(), self.workload().into());
        let sweep: [(&str, Value); 3] = [
            ("seed", whole(self.seed)),
            ("blocks", whole(self.blocks)),
            ("equivalence-margin", self.equivalence_margin.into()),
        ];
        root.insert("sweep".into(), table(sweep).into());
        root.insert("run".into(), self.run().into());
        root.insert("http".into(), self.http().into());
        // A table of plain values always has a text.
        toml::to_string_pretty(&root).unwrap_or_default()
    }

    fn workload(&self) -> Table {
        let mut workload = table([
            ("keys", whole(self.keys)),
            ("read-ratio", self.read_ratios.clone().into()),
            ("delete-ratio", self.delete_ratio.into()),
            ("value-bytes", whole(self.value_bytes)),
        ]);
        let law = match self.distribution {
            KeyDistribution::Uniform => "uniform",
            KeyDistribution::Zipf { exponent } => {
                workload.insert("exponent".into(), exponent.into());
                "zipf"
            }
        };
        workload.insert("distribution".into(), law.into());
        workload
    }

    fn run(&self) -> Table {
        let millis = |duration: std::time::Duration| whole(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        let mut run = table([
            ("clients", whole(self.users)),
            ("driver-threads", whole(self.threads as u64)),
            ("preload", self.preload.into()),
            ("warm-up-ms", millis(self.warm_up)),
            ("duration-ms", millis(self.duration)),
            ("interval-ms", millis(self.interval)),
            ("operation-timeout-ms", millis(self.timeout)),
        ]);
        if let Some(rate) = self.hatch {
            run.insert("hatch-per-s".into(), rate.into());
        }
        run
    }

    fn http(&self) -> Table {
        let http = &self.http;
        let hit = match &http.hit {
            HitRule::CacheStatus => table([("rule", "cache-status".into())]),
            HitRule::Untold => table([("rule", "none".into())]),
            HitRule::Header { name, hit } => {
                table([("rule", "header".into()), ("header", name.as_str().into()), ("matches", hit.as_str().into())])
            }
            HitRule::Json { at, hit } => {
                table([("rule", "json".into()), ("at", at.clone().into()), ("matches", hit.as_str().into())])
            }
        };
        let mut value = table([("encoding", http.value.encoding.name().into())]);
        if !http.value.at.is_empty() {
            value.insert("at".into(), http.value.at.clone().into());
        }
        table([
            ("read", operation(&http.read).into()),
            ("write", operation(&http.write).into()),
            ("delete", operation(&http.delete).into()),
            ("hit", hit.into()),
            ("value", value.into()),
            ("shed", statuses(&http.shed)),
            ("unknown", statuses(&http.unknown)),
            ("connect-timeout-ms", whole(u64::try_from(http.connect_timeout.as_millis()).unwrap_or(u64::MAX))),
        ])
    }
}

fn operation(operation: &OperationTemplate) -> Table {
    let headers = operation.headers.iter();
    let headers: Table = headers.map(|(name, template)| (name.as_str().to_owned(), template.source().into())).collect();
    let mut printed = table([
        ("method", operation.method.as_str().into()),
        ("path", operation.path.source().into()),
        ("headers", headers.into()),
        ("ok", statuses(&operation.ok)),
    ]);
    if let Some(body) = &operation.body {
        printed.insert("body".into(), body.source().into());
    }
    // An empty list is no list: the field takes at least one.
    if !operation.absent.is_empty() {
        printed.insert("absent".into(), statuses(&operation.absent));
    }
    printed
}

fn statuses(statuses: &[u16]) -> Value {
    statuses.iter().map(|status| i64::from(*status)).collect::<Vec<_>>().into()
}

fn whole(number: impl Into<u64>) -> Value {
    i64::try_from(number.into()).unwrap_or(i64::MAX).into()
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
