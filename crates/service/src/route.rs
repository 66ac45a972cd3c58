//! The routes' names, for counts and logs: a fixed set, so that no client can make new series.

/// A route, by the form of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Item,
    Batch,
    Health,
    Ready,
    Metrics,
    Other,
}

impl Route {
    pub(crate) const NAMES: [&'static str; 6] = ["/items/{key}", "/items", "/health", "/ready", "/metrics", "other"];

    pub(crate) fn of(path: &str) -> Self {
        match path {
            "/items" => Self::Batch,
            "/health" => Self::Health,
            "/ready" => Self::Ready,
            "/metrics" => Self::Metrics,
            _ => match path.strip_prefix("/items/") {
                Some(key) if !key.is_empty() && !key.contains('/') => Self::Item,
                _ => Self::Other,
            },
        }
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_few_names() {
        let names = ["/items/a", "/items", "/items/", "/items/a/b", "/health", "/x"].map(|path| Route::of(path).name());
        assert_eq!(names, ["/items/{key}", "/items", "other", "other", "/health", "other"]);
    }
}
