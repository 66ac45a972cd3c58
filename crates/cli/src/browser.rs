//! A page, opened in the browser of the one who asked. Without a browser the page is there all the same: nothing here is an error.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A program that has not failed by then has opened the page: some of them end when their window does.
const SETTLES_WITHIN: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Opens a page.
///
/// # Errors
/// Why no browser has it, for people.
pub(crate) fn show(page: &Path) -> Result<(), &'static str> {
    if std::env::var_os("CI").is_some_and(|ci| !ci.is_empty()) {
        return Err("CI is set, so nobody sits before it");
    }
    // A browser would look for it where it runs itself.
    let page = std::path::absolute(page).unwrap_or_else(|_| page.to_owned());
    let chosen = std::env::var_os("BROWSER").filter(|program| !program.is_empty()).map(|program| of(program, &page));
    let mut commands = chosen.into_iter().chain(open::commands(&page));
    if commands.any(has_opened) { Ok(()) } else { Err("there is no browser, or none that can be started here") }
}

fn of(program: OsString, page: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(page);
    command
}

/// Whether it started and did not fail at once. What it says is of no concern to whoever reads our output.
fn has_opened(mut command: Command) -> bool {
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut browser) = started else { return false };
    let begun = Instant::now();
    loop {
        match browser.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if begun.elapsed() < SETTLES_WITHIN => sleep(LOOK_EVERY),
            // It goes on without us.
            Ok(None) | Err(_) => return true,
        }
    }
}
