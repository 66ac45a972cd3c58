//! Every strategy with every choice of its settings, over a cache and a store in memory.

use crate::arms::arms;
use crate::held::differences;
use cachemark_core::Deployment;
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;

#[tokio::test(start_paused = true)]
async fn strategies_have_the_anomalies_that_they_declare_and_no_other() {
    let mut found = Vec::new();
    for arm in arms(|_| true) {
        for deployment in Deployment::ALL {
            let shared = Arc::new(ScriptedCache::new());
            let cache = move || match deployment {
                Deployment::OwnCaches => Arc::new(ScriptedCache::new()),
                Deployment::OneProcess | Deployment::SharedCache => Arc::clone(&shared),
            };
            found.extend(differences(&arm, deployment, cache, Arc::new(ScriptedStore::new())).await);
        }
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}
