//! What others did on the client's machine meanwhile.

use cachemark_results::HostNoise;
use cachemark_results::host::HostReading;

/// The machine before the load, at both ends of its window, and after it.
#[derive(Debug)]
pub(crate) struct Noise {
    begun: HostReading,
    window: [Option<HostReading>; 2],
}

impl Noise {
    pub(crate) fn begin() -> Self {
        Self { begun: read(), window: [None, None] }
    }

    /// Looks at the machine as the window begins (0) or ends (1); a second look changes nothing.
    pub(crate) fn look(&mut self, end: usize) {
        self.window[end].get_or_insert_with(read);
    }

    /// What was seen; nothing of the window if it never came to its end.
    pub(crate) fn end(&self) -> HostNoise {
        let [start, end] = &self.window;
        let window = end.as_ref().zip(start.as_ref()).map(|(end, start)| end.since(start));
        HostNoise { window: window.unwrap_or_default(), whole: read().since(&self.begun) }
    }
}

/// The service, its cache and its store may run on this machine, and cannot be told from others.
fn read() -> HostReading {
    HostReading::now(None)
}
