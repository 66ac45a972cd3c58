//! The table written out in full.

use crate::HttpTemplates;
use crate::http::{HitRule, OperationTemplate};
use toml::{Table, Value};

impl HttpTemplates {
    /// The table `[http]`, every default spelt out. Reading it gives the same templates.
    #[must_use]
    pub fn to_table(&self) -> Table {
        let hit = match &self.hit {
            HitRule::CacheStatus => table([("rule", "cache-status".into())]),
            HitRule::Untold => table([("rule", "none".into())]),
            HitRule::Header { name, hit } => {
                table([("rule", "header".into()), ("header", name.as_str().into()), ("matches", hit.as_str().into())])
            }
            HitRule::Json { at, hit } => {
                table([("rule", "json".into()), ("at", at.clone().into()), ("matches", hit.as_str().into())])
            }
        };
        let mut value = table([("encoding", self.value.encoding.name().into())]);
        if !self.value.at.is_empty() {
            value.insert("at".into(), self.value.at.clone().into());
        }
        let connect_timeout = i64::try_from(self.connect_timeout.as_millis()).unwrap_or(i64::MAX);
        table([
            ("read", operation(&self.read).into()),
            ("write", operation(&self.write).into()),
            ("delete", operation(&self.delete).into()),
            ("hit", hit.into()),
            ("value", value.into()),
            ("version", self.version.as_str().into()),
            ("shed", statuses(&self.shed)),
            ("unknown", statuses(&self.unknown)),
            ("connect-timeout-ms", connect_timeout.into()),
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

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
