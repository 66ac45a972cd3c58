//! How many blocks two builds take: reckoned from the noise of an earlier record, or of a pilot.

use crate::exit::Failure;
use cachemark_bench::definition::Definition;
use cachemark_report::analysis::analyse;
use cachemark_report::worth::block_noise;
use cachemark_results::{Figure, Power, Run};
use cachemark_stats::power::{MOST_BLOCKS, WANTED_POWER};
use cachemark_stats::{ALPHA, StatsError};
use std::path::{Path, PathBuf};

/// The blocks of a pilot: two more than the fewest that tell any noise.
pub(in crate::command) const PILOT_BLOCKS: u32 = 8;

/// What the run is to find, and whence its noise is known.
pub(in crate::command) struct Sought {
    /// The difference, as a ratio less 1.
    pub(in crate::command) difference: f64,
    /// A record that tells the noise.
    pub(in crate::command) like: Option<PathBuf>,
    /// Whether it was asked for, and isn't the default.
    pub(in crate::command) is_asked: bool,
    /// The blocks that were given; none for as many as it takes.
    pub(in crate::command) blocks: Option<u32>,
}

impl Sought {
    /// What is looked for: a difference as large as was said, or else the least that matters.
    pub(in crate::command) fn of(
        find: Option<f64>,
        like: Option<&Path>,
        blocks: Option<u32>,
        margin: f64,
    ) -> Result<Self, Failure> {
        if let Some(find) = find.filter(|find| *find < margin) {
            return Err(Failure::Usage(format!(
                "--find {find}: a difference below the margin of {margin} is declared not to matter, and gets no verdict; give a larger one, \
                 or a smaller equivalence-margin in the definition"
            )));
        }
        let is_asked = find.is_some() || like.is_some();
        Ok(Self { difference: find.unwrap_or(margin), like: like.map(Path::to_owned), is_asked, blocks })
    }

    /// Whether a pilot is run first: blocks that were given need none unless somebody asks what they find.
    pub(in crate::command) fn takes_pilot(&self) -> bool {
        self.like.is_none() && (self.blocks.is_none() || self.is_asked)
    }

    /// What the run's blocks find at the noise of `run`, a figure each; of a figure without noise there, none.
    pub(super) fn reckon(&self, definition: &Definition, run: &Run, is_pilot: bool) -> Result<Vec<Power>, Failure> {
        let analysis = analyse(run);
        let known: Vec<_> = definition
            .verdict_on
            .iter()
            .filter_map(|figure| Some((*figure, self.at(definition, block_noise(&analysis, figure)?))))
            .collect();
        let failed = |error: StatsError| Failure::Usage(format!("--find: {error}"));
        let needed = known
            .into_iter()
            .map(|(figure, sought)| Ok((figure, sought, sought.blocks_for(WANTED_POWER, MOST_BLOCKS)?)))
            .collect::<Result<Vec<_>, StatsError>>()
            .map_err(failed)?;
        let most = needed.iter().map(|(_, _, needed)| needed.unwrap_or(MOST_BLOCKS)).max().unwrap_or(definition.blocks);
        let blocks = self.blocks.unwrap_or(most);
        let name = run.folder.file_name().unwrap_or(run.folder.as_os_str()).to_string_lossy();
        let told = needed.into_iter().map(|(figure, sought, needed)| {
            Ok(Power {
                figure: figure.name.to_owned(),
                difference: sought.difference,
                deviation: sought.noise.deviation,
                measured_over: sought.noise.degrees.map_or(0, |degrees| degrees as u32 + 1),
                measured_in: name.clone().into_owned(),
                is_pilot,
                blocks,
                power: sought.power(blocks)?,
                wanted: WANTED_POWER,
                needed,
                most_blocks: MOST_BLOCKS,
            })
        });
        told.collect::<Result<_, StatsError>>().map_err(failed)
    }

    /// A cell is a family of one comparison.
    fn at(&self, definition: &Definition, noise: cachemark_stats::BlockNoise) -> cachemark_stats::Sought {
        let (difference, delta, seed) = (self.difference, definition.equivalence_margin, definition.seed);
        cachemark_stats::Sought { difference, noise, family: 1, alpha: ALPHA, delta, seed }
    }

    /// The same at the noise of the record that was named, if one was.
    pub(in crate::command) fn by_record(&self, definition: &Definition) -> Result<Vec<Power>, Failure> {
        let Some(like) = &self.like else { return Ok(Vec::new()) };
        let power = self.reckon(definition, &Run::open(like)?, false)?;
        let lacks = |figure: &&&Figure| !power.iter().any(|power| power.figure == figure.name);
        match definition.verdict_on.iter().find(lacks) {
            None => Ok(power),
            Some(figure) => Err(Failure::Usage(format!(
                "--like {}: it does not tell how {} strays: that takes an A/A control, or a comparison, over 6 blocks; leave --like out for a \
                 pilot of its own",
                like.display(),
                figure.title
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_is_not_looked_for() {
        assert!(Sought::of(Some(0.02), None, None, 0.05).is_err());
        let default = Sought::of(None, None, None, 0.05).unwrap();
        assert!(default.difference == 0.05 && default.takes_pilot());
    }

    #[test]
    fn blocks_that_were_given_take_a_pilot_only_if_somebody_asks_what_they_find() {
        let pilot = |find, like: Option<&str>, blocks| {
            Sought::of(find, like.map(Path::new), blocks, 0.05).unwrap().takes_pilot()
        };
        assert!(pilot(None, None, None) && pilot(Some(0.1), None, Some(8)));
        assert!(!pilot(None, None, Some(8)) && !pilot(Some(0.1), Some("run"), None) && !pilot(None, Some("run"), None));
    }
}
