//! `cachemark stack`: servers brought up to stay, looked at, taken down.

use crate::args::{StackAction, StackArgs};
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use crate::stack::{StackKind, refuse_left_out};
use cachemark_stack::{FoundStack, Holder, Native, NativeOptions, clear, stacks};

pub(crate) fn run(args: &StackArgs) -> Result<Exit, Failure> {
    match args.action {
        StackAction::Up => up()?,
        StackAction::Status => status(),
        StackAction::Down => down(),
    }
    Ok(Exit::Pass)
}

/// Prints what a shell takes, so that `eval "$(cachemark stack up)"` is all that `--stack external` needs.
fn up() -> Result<(), Failure> {
    refuse_left_out(StackKind::Native)?;
    let stack = Native::up(&NativeOptions::live_stack())?;
    stack.leave_up()?;
    for (kind, address) in stack.addresses().iter() {
        say(&format!("export {}={}", kind.variable, address.url));
    }
    Ok(())
}

fn status() {
    let found = stacks();
    if found.is_empty() {
        say("no stacks");
    }
    found.iter().for_each(|stack| show(stack, |alive| if alive { "running" } else { "ended" }));
}

fn down() {
    let cleared = clear();
    if cleared.is_empty() {
        say("nothing to take down");
    }
    for stack in &cleared {
        show(stack, |alive| if alive { "taken down" } else { "had ended" });
        say_wrapped("    ", "its folder is removed");
    }
}

fn show(stack: &FoundStack, state: impl Fn(bool) -> &'static str) {
    let holder = match stack.holder {
        Holder::Run(pid) => format!("in use by the run with process id {pid}"),
        Holder::Nobody => "brought up to stay".into(),
        Holder::Gone => "orphaned: its run has ended without it".into(),
    };
    // A path may be as long as a line, and what is said of it is looked for in one piece.
    say(&format!("{}:", stack.folder.display()));
    say_wrapped("    ", &holder);
    for server in &stack.servers {
        let state = state(server.alive);
        let text = format!("{state}, process id {}, 127.0.0.1:{}", server.pid, server.port);
        say_wrapped(&format!("    {:<10} ", server.name), &text);
    }
}
