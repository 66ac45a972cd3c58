//! A chart on the page: whether it is unfolded, which tables have its figures, where it lies as a file.

use super::grid::name;
use crate::charts::Chart;
use crate::table::Table;

/// A chart on the page.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) reading: String,
    pub(super) svg: String,
    /// Whether it is seen, and printed, without being asked for.
    pub(super) is_open: bool,
    /// Its files, from the page on.
    pub(super) files: Vec<String>,
    /// The names and titles of the page's tables that have its figures.
    pub(super) tables: Vec<(String, String)>,
    /// Its figures, where no other table has them.
    pub(super) own: Option<Table>,
}

/// The charts that an answer rests on; those for which `name-..` stands are one for each further figure.
const OPEN: [&str; 8] =
    ["stability", "timeline", "overview", "over", "throughput-response", "response-time", "service-time", "store-load"];

impl Figure {
    /// A chart, drawn as `svg`, whose `files` lie in `charts/`.
    pub(crate) fn new(chart: &Chart, svg: String, files: Vec<String>) -> Self {
        let (name, title, reading) = (chart.name.clone(), chart.title.clone(), chart.reading.clone());
        Self { name, title, reading, svg, is_open: false, files, tables: Vec::new(), own: chart.table.clone() }
    }

    /// Whether it shows what a fault did over time.
    pub(super) fn is_timeline(&self) -> bool {
        self.is("timeline")
    }

    /// Whether it is the chart of this name, or that of a further figure.
    fn is(&self, name: &str) -> bool {
        self.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

/// Unfolds the charts that the answer rests on. Where a response time is shown the service time is not what counts, and ratios stand in
/// the overview where there is one.
pub(super) fn unfold(figures: &mut [Figure]) {
    let has = |name: &str| figures.iter().any(|figure| figure.is(name));
    let (responds, overview) = (has("response-time") || has("throughput-response"), has("overview"));
    for figure in figures {
        let is_open = OPEN.iter().any(|open| figure.is(open)) || (!overview && figure.is("ratios"));
        figure.is_open = is_open && !(responds && figure.is("service-time"));
    }
}

/// The page's tables, for the charts to name those behind them.
pub(super) struct Tables<'a> {
    pub(super) verdicts: &'a Table,
    /// One row a cell: in an open loop two of them.
    pub(super) cells: [&'a Table; 2],
    pub(super) hops: &'a Table,
    pub(super) freshness: &'a [Table],
}

impl Tables<'_> {
    /// Says of each chart which tables have its figures.
    pub(super) fn stand_behind(&self, figures: &mut [Figure]) {
        for figure in figures {
            let own = figure.own.as_ref().map(|own| vec![own]);
            let tables = own.unwrap_or_else(|| self.of(figure)).into_iter().filter(|table| !table.rows.is_empty());
            figure.tables = tables.map(|table| (name(&table.title), table.title.clone())).collect();
            figure.tables.dedup();
        }
    }

    fn of(&self, figure: &Figure) -> Vec<&Table> {
        match figure.name.as_str() {
            "throughput" => self.with("throughput"),
            "hit-ratio" => self.with("hit ratio"),
            "store-load" => self.with("store load"),
            "response-time" => self.with("response"),
            "service-time" => self.with("p50"),
            "throughput-response" => [self.with("throughput"), self.with("response")].concat(),
            "freshness-cost" => [self.fresh("Stale reads"), self.cells.to_vec()].concat(),
            "staleness-age" => [self.fresh("Stale reads"), self.fresh("Fresh within")].concat(),
            "stale-causes" => self.fresh("Why reads were stale"),
            "hops" => vec![self.hops],
            _ => vec![self.verdicts],
        }
    }

    /// The tables of cells that have such a column.
    fn with(&self, words: &str) -> Vec<&Table> {
        let has = |table: &&Table| table.headers.iter().any(|header| header.contains(words));
        self.cells.into_iter().filter(has).collect()
    }

    fn fresh(&self, title: &str) -> Vec<&Table> {
        self.freshness.iter().filter(|table| table.title == title).collect()
    }
}
