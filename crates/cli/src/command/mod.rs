//! The commands, one a file.

mod ab;
#[cfg(feature = "servers")]
mod audit;
mod compare;
mod completions;
mod confirm;
mod doctor;
mod explain;
mod init;
#[cfg(feature = "http")]
mod load;
mod man;
mod measure;
mod pack;
mod recommend;
mod report;
mod resume;
mod schema;
mod search;
mod serve;
mod stability;
mod stack;
mod strategies;
mod sweep;
mod workload;
mod worth;

use crate::args::{Args, Command};
use crate::exit::{Exit, Failure};

/// Runs the command that was asked for.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Command::Sweep(sweep) => sweep::run(sweep, args.quiet),
        Command::Report(report) => report::run(report),
        Command::Worth(args) => worth::run(args),
        Command::Stability(stability) => stability::run(stability, args.quiet),
        Command::Compare(compare) => compare::run(compare),
        Command::Confirm(confirm) => confirm::run(confirm, args.quiet),
        Command::Recommend(recommend) => recommend::run(recommend),
        Command::Pack(pack) => pack::run(pack),
        Command::Strategies(list) => strategies::run(list),
        Command::Init(init) => init::run(init),
        Command::Explain(explain) => explain::run(explain),
        Command::Completions(completions) => completions::run(completions),
        Command::Schema(schema) => schema::run(schema),
        Command::Man(man) => man::run(man),
        Command::Workload(workload) => workload::run(workload),
        Command::Stack(stack) => stack::run(stack),
        Command::Serve(serve) => serve::run(serve),
        #[cfg(feature = "servers")]
        Command::Audit(audit) => audit::run(audit),
        Command::CellProtocol => {
            crate::output::say(ab::PROTOCOL);
            Ok(Exit::Pass)
        }
        Command::Doctor(doctor) => doctor::run(doctor),
        #[cfg(feature = "http")]
        Command::Load(load) => load::run(load, args.quiet),
        #[cfg(not(feature = "http"))]
        Command::Load { .. } => {
            Err(Failure::Usage(cachemark_core::LeftOut { name: "load", feature: "http" }.to_string()))
        }
    }
}
