//! Servers that are started for a run: one of each that is needed, and further ones for arms that set theirs otherwise.

mod budget;
mod control;
#[cfg(all(test, feature = "servers"))]
mod tests;
mod variants;

use crate::exit::Failure;
use budget::{Budget, Running};
use cachemark_bench::definition::Definition;
use cachemark_core::Settings;
use cachemark_stack::{Addresses, Native, SERVERS, StackError};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use variants::{Variants, of_part, options, variants};

/// The servers that the arms of a definition need.
pub(super) struct OwnServers {
    /// Started for the whole run: the n-th holds the n-th variant of each server that has as many. Where servers run in turn, there
    /// is one, of what all arms share.
    natives: Vec<Native>,
    /// How each server is set, by the part's name: the n-th is in the n-th stack.
    variants: Variants,
    /// Of servers that run in turn.
    in_turn: Option<InTurn>,
}

/// Servers of which one variant runs at a time.
struct InTurn {
    definition: Definition,
    up: Mutex<Option<Turn>>,
}

/// The variants that run now.
struct Turn {
    /// Each server's number among its variants, by the part's name.
    numbers: BTreeMap<&'static str, usize>,
    native: Native,
}

impl OwnServers {
    /// Starts what the arms need; each answers then. Where that is too much at a time, servers that arms set otherwise wait for their
    /// turn.
    ///
    /// # Errors
    /// As [`check`], and if one does not start.
    pub(super) fn up(definition: &Definition) -> Result<Self, Failure> {
        Self::up_within(definition, Budget::of_machine())
    }

    fn up_within(definition: &Definition, budget: Budget) -> Result<Self, Failure> {
        let variants = variants(definition);
        if budget.running(&variants)? == Running::InTurn {
            let shared = |part: &str| variants.get(part).filter(|each| each.len() == 1).and_then(|each| each.first());
            let natives = vec![Native::up(&options(definition, shared))?];
            let in_turn = Some(InTurn { definition: definition.clone(), up: Mutex::default() });
            return Ok(Self { natives, variants, in_turn });
        }
        let most = variants.values().map(Vec::len).max().unwrap_or(0).max(1);
        let start = |number: usize| Native::up(&options(definition, |part| variants.get(part)?.get(number)));
        let natives = (0..most).map(start).collect::<Result<_, _>>()?;
        Ok(Self { natives, variants, in_turn: None })
    }

    /// Whether servers that arms set otherwise run in trials that ask them alone.
    pub(super) fn run_in_turn(&self) -> bool {
        self.in_turn.is_some()
    }

    /// Starts the servers that are set so, unless they run; those of another turn end first.
    ///
    /// # Errors
    /// If one does not start.
    pub(super) fn make_ready(&self, servers: &Settings) -> Result<(), StackError> {
        let Some(in_turn) = &self.in_turn else { return Ok(()) };
        let several = self.variants.iter().filter(|(_, each)| each.len() > 1);
        let numbers: BTreeMap<_, _> = several.map(|(part, _)| (*part, self.number_of(part, servers))).collect();
        let mut up = in_turn.up();
        if up.as_ref().is_some_and(|turn| turn.numbers == numbers) {
            return Ok(());
        }
        // They go before the next come: there is no room for both.
        if let Some(turn) = up.take() {
            turn.native.down();
        }
        let wanted = |part: &str| self.variants.get(part)?.get(*numbers.get(part)?);
        let native = Native::up(&options(&in_turn.definition, wanted))?;
        *up = Some(Turn { numbers, native });
        Ok(())
    }

    /// Where the first of each server is that runs.
    pub(super) fn addresses(&self) -> Addresses {
        self.addresses_of(&Settings::default())
    }

    /// Where the servers are that are set so; of one that `servers` says nothing of, the first. Of servers that run in turn, those whose
    /// turn it is.
    pub(super) fn addresses_of(&self, servers: &Settings) -> Addresses {
        let mut addresses = Addresses::default();
        let turn = self.in_turn.as_ref().map(InTurn::up);
        let of_turn = turn.as_ref().and_then(|up| up.as_ref()).map(|turn| turn.native.addresses()).unwrap_or_default();
        for name in SERVERS.iter().map(|kind| kind.name) {
            let native = self.natives.get(self.number_of(name, servers)).or(self.natives.first());
            let lasting = native.map(Native::addresses).unwrap_or_default();
            if let Some(address) = of_turn.of(name).or_else(|| lasting.of(name)) {
                addresses.put(name, address.clone());
            }
        }
        addresses
    }

    /// The stack that the server of `part` runs in that is set so; none while it has not its turn.
    fn native_of(&self, part: &str, servers: &Settings) -> Option<Native> {
        let turn = self.in_turn.as_ref().map(InTurn::up);
        let of_turn = turn.as_ref().and_then(|up| up.as_ref()).map(|turn| &turn.native);
        let lasting = self.natives.get(self.number_of(part, servers));
        let here = |native: &&Native| native.processes().iter().any(|(name, _)| *name == part);
        of_turn.into_iter().chain(lasting).chain(self.natives.first()).find(here).cloned()
    }

    /// Which of its variants the server of `part` is that is set so.
    fn number_of(&self, part: &str, servers: &Settings) -> usize {
        let wanted = of_part(servers, part);
        let number = self.variants.get(part).and_then(|known| known.iter().position(|one| *one == wanted));
        number.unwrap_or(0)
    }

    pub(super) fn variants_of(&self, part: &str) -> Vec<Settings> {
        self.variants.get(part).cloned().unwrap_or_else(|| vec![Settings::default()])
    }

    /// The folder of the first: all lie side by side.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        self.natives.first().and_then(Native::folder)
    }

    pub(super) fn down(&self) {
        self.natives.iter().for_each(Native::down);
        if let Some(turn) = self.in_turn.as_ref().and_then(|in_turn| in_turn.up().take()) {
            turn.native.down();
        }
    }
}

impl InTurn {
    fn up(&self) -> MutexGuard<'_, Option<Turn>> {
        self.up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses arms that need more servers for one trial, or more memory for them, than the machine can be asked for.
pub(super) fn check(definition: &Definition) -> Result<(), Failure> {
    Budget::of_machine().running(&variants(definition)).map(drop)
}

/// What is to be said where servers have to run in turn.
pub(super) fn in_turn(definition: &Definition) -> Option<String> {
    let (budget, variants) = (Budget::of_machine(), variants(definition));
    let in_turn = budget.running(&variants).is_ok_and(|running| running == Running::InTurn);
    in_turn.then(|| {
        format!(
            "the arms' servers {}: those that arms set otherwise are started for their trials, and end before others come",
            budget.exceeded_by(variants.values().flatten())
        )
    })
}
