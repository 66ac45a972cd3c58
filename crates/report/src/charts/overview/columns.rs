//! What stands over the columns: one line for each thing that tells the families apart.

use super::HEAD;
use crate::analysis::Family;
use crate::scene::{Align, DARK, GREY, GRID, SMALL, Scene, shorten_name};
use cachemark_results::Cell;
use cachemark_results::axis::{AXES, Axis};

/// A family, with its reference cell.
pub(super) struct Column<'a> {
    pub(super) family: &'a Family,
    pub(super) cell: &'a Cell,
}

impl Column<'_> {
    /// The cache of its cells: the reference may ask none.
    fn cache(&self) -> &str {
        // A family's name begins with its cache.
        self.family.name.split_once(" + ").map_or(self.cell.cache.as_str(), |(cache, _)| cache)
    }
}

/// A line over the columns.
#[derive(Debug, Clone, Copy)]
enum Head {
    Cache,
    Store,
    Axis(&'static Axis),
}

impl Head {
    fn name(self) -> String {
        match self {
            Self::Cache => "cache".to_owned(),
            Self::Store => "store".to_owned(),
            Self::Axis(axis) => axis.name.replace('_', " "),
        }
    }

    fn of(self, column: &Column<'_>) -> String {
        match self {
            Self::Cache => column.cache().to_owned(),
            Self::Store => column.cell.store.clone(),
            Self::Axis(axis) => (axis.of)(column.cell).map(axis.print).unwrap_or_default(),
        }
    }
}

/// The lines over the columns, from above.
pub(super) struct Heads(Vec<(Head, String)>);

impl Heads {
    /// What differs among the columns; families that nothing tells apart have their read ratio over them.
    pub(super) fn of(columns: &[Column<'_>]) -> Self {
        let all = [Head::Cache, Head::Store].into_iter().chain(AXES.into_iter().map(Head::Axis));
        let differs = |head: &Head| columns.windows(2).any(|pair| head.of(&pair[0]) != head.of(&pair[1]));
        let mut heads: Vec<(Head, String)> = all.filter(differs).map(|head| (head, head.name())).collect();
        // The read ratio changes fastest, so it stands next to the cells.
        heads.sort_by_key(|(head, _)| matches!(head, Head::Axis(axis) if axis.name == "read_ratio"));
        Self(heads)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, name)| name.as_str())
    }

    /// Draws them over columns that are `wide`; what is the same in columns side by side is said once.
    pub(super) fn draw(
        &self,
        scene: &mut Scene,
        (names, left): (f64, f64),
        top: f64,
        columns: &[Column<'_>],
        wide: f64,
    ) {
        for (line, (head, name)) in self.0.iter().enumerate() {
            let y = top + (line as f64 + 0.5) * HEAD;
            scene.text((names + 11.0, y), name.clone(), SMALL, GREY, Align::Left);
            let mut from = 0;
            for run in columns.chunk_by(|a, b| self.0[..=line].iter().all(|(head, _)| head.of(a) == head.of(b))) {
                let (start, end) = (left + from as f64 * wide, left + (from + run.len()) as f64 * wide);
                let text = shorten_name(&head.of(&run[0]), SMALL, end - start - 6.0);
                scene.text((f64::midpoint(start, end), y), text, SMALL, DARK, Align::Middle);
                if from > 0 {
                    scene.line(&[(start, y - HEAD / 2.0 + 2.0), (start, y + HEAD / 2.0)], GRID, 1.0);
                }
                from += run.len();
            }
        }
    }
}
