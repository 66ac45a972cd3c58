//! Counters over a fixed set of labels: no lock, no allocation, and no series that a client could invent.

use crate::exposition::Exposition;
use std::sync::atomic::{AtomicU64, Ordering};

/// A counter for each combination of `N` labels' values.
#[derive(Debug)]
pub(crate) struct CounterTable<const N: usize> {
    labels: [(&'static str, &'static [&'static str]); N],
    cells: Box<[AtomicU64]>,
}

impl<const N: usize> CounterTable<N> {
    pub(crate) fn new(labels: [(&'static str, &'static [&'static str]); N]) -> Self {
        let cells = labels.iter().map(|(_, values)| values.len()).product();
        Self { labels, cells: (0..cells).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Counts one for the values at the given places.
    pub(crate) fn count(&self, places: [usize; N]) {
        let cell = self.labels.iter().zip(places).fold(0, |cell, ((_, values), place)| cell * values.len() + place);
        self.cells[cell].fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the samples that are not zero. A series appears with its first count: hundreds of zeros would hide the
    /// rest.
    pub(crate) fn print(&self, page: &mut Exposition) {
        for (mut cell, count) in self.cells.iter().map(|count| count.load(Ordering::Relaxed)).enumerate() {
            if count == 0 {
                continue;
            }
            let mut values = [""; N];
            for (value, (_, names)) in values.iter_mut().zip(&self.labels).rev() {
                *value = names[cell % names.len()];
                cell /= names.len();
            }
            let mut labels = [("", ""); N];
            labels
                .iter_mut()
                .zip(&self.labels)
                .zip(values)
                .for_each(|((label, (name, _)), value)| *label = (name, value));
            page.sample(&labels, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination_has_a_counter_of_its_own() {
        let table = CounterTable::new([("a", &["x", "y"]), ("b", &["1", "2", "3"])]);
        table.count([1, 2]);
        table.count([1, 2]);
        table.count([0, 1]);
        let mut page = Exposition::default();
        table.print(&mut page);
        assert_eq!(page.into_text(), "{a=\"x\",b=\"2\"} 1\n{a=\"y\",b=\"3\"} 2\n");
    }
}
