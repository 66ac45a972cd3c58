//! Figures that verdicts are asked on and that no cell can be compared by.

use crate::definition::{Arm, Definition};
use cachemark_results::figure::Needs;

impl Definition {
    /// What is to be said where the reference asks no cache and verdicts are asked on a figure of what asks one: the figure
    /// stands in the tables, without a verdict. None where every two arms are compared.
    #[must_use]
    pub fn figures_without_verdict(&self) -> Option<String> {
        let reference = self.arms.iter().find(|arm| arm.name == self.reference)?;
        if self.pairs || reference.asks_cache() {
            return None;
        }
        let of_caches =
            self.verdict_on.iter().filter(|figure| matches!(figure.needs, Needs::Lookups | Needs::CacheCalls));
        let names: Vec<_> = of_caches.map(|figure| figure.name).collect();
        let other = self.arms.iter().find(|arm| Arm::asks_cache(arm))?;
        (!names.is_empty()).then(|| {
            format!(
                "no verdict on {}: the reference `{}` asks no cache; take one that does (--reference '{}'), or --pairs",
                names.join(", "),
                self.reference,
                other.name
            )
        })
    }
}
