//! Chromium without a window: what it says of a page, what the page asks for, what it prints.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What it is called, here and there.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// A browser that takes longer, in seconds, hangs.
const PATIENCE_S: &str = "120";
/// The browser's own requests: time, updates. They are no page's, and come to nothing.
const ALONE: [&str; 6] = [
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-extensions",
    "--disable-gpu",
];

/// A browser that may be used.
pub(crate) struct Chromium {
    program: PathBuf,
}

/// What a browser saw of a page.
pub(crate) struct Opened {
    /// Errors and whatever else stood on its console.
    pub(crate) console: Vec<String>,
    /// Addresses that the page asked for over a network.
    pub(crate) requests: Vec<String>,
    /// The document in the end.
    pub(crate) dom: String,
}

impl Chromium {
    /// The browser of this machine. None is said aloud, and may not be in CI.
    pub(crate) fn find() -> Option<Self> {
        let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
        let there = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        let found = there.into_iter().find(|path| path.is_file());
        if found.is_none() {
            assert!(
                std::env::var_os("CI").is_none_or(|ci| ci != "true"),
                "chromium is not installed; scripts/test installs it"
            );
            writeln!(std::io::stderr().lock(), "skipped: chromium is not installed").unwrap();
        }
        found.map(|program| Self { program })
    }

    /// Opens a page. It may read the files beside it, and the file beside it may look into it.
    pub(crate) fn open(&self, page: &Path) -> Opened {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("net.json");
        let own = [
            "--allow-file-access-from-files".to_owned(),
            "--enable-logging=stderr".to_owned(),
            "--virtual-time-budget=5000".to_owned(),
            format!("--log-net-log={}", log.display()),
            "--dump-dom".to_owned(),
        ];
        let (dom, said) = self.run(folder.path(), &own, page);
        let console = said.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
        Opened { console, requests: requests(&fs::read(log).unwrap()), dom }
    }

    /// How many pages of paper a page takes.
    pub(crate) fn printed(&self, page: &Path) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let paper = folder.path().join("page.pdf");
        self.run(
            folder.path(),
            &[format!("--print-to-pdf={}", paper.display()), "--no-pdf-header-footer".into()],
            page,
        );
        let bytes = fs::read(paper).unwrap();
        // Its pages are objects that are not packed: `/Type /Page`, and one `/Type /Pages` over them.
        let text = String::from_utf8_lossy(&bytes);
        text.match_indices("/Type /Page").filter(|(at, found)| !text[at + found.len()..].starts_with('s')).count()
    }

    /// What it wrote and said.
    fn run(&self, folder: &Path, own: &[String], page: &Path) -> (String, String) {
        // A browser that hangs is ended, with what it has started.
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", PATIENCE_S]).arg(&self.program);
        command.args(["--headless", "--no-sandbox"]).args(ALONE).args(own);
        command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
        command.arg(format!("file://{}", page.display())).stdin(Stdio::null());
        let output = command.output().unwrap();
        let [out, said] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "{} over {}: {said}", self.program.display(), page.display());
        (out, said)
    }
}

/// The requests that a page made, of a log that has the browser's own as well: those have no origin.
fn requests(log: &[u8]) -> Vec<String> {
    let log: Value = serde_json::from_slice(log).unwrap();
    let of_page = |event: &Value| {
        let told = &event["params"];
        let url = told["url"].as_str().filter(|url| url.starts_with("http") || url.starts_with("ws"))?;
        (told["initiator"].as_str()? != "not an origin").then(|| url.to_owned())
    };
    log["events"].as_array().unwrap().iter().filter_map(of_page).collect()
}
