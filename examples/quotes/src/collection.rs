//! The quotes that the application begins with. Nobody famous said any of them.

/// Quote 1 and so on.
pub(crate) const QUOTES: [&str; 10] = [
    "A cache remembers for you what you would rather not ask again.",
    "The quickest query is the one that stays at home.",
    "Write it down twice, and one of the two will be wrong by Friday.",
    "Whoever forgets on purpose must know what to forget first.",
    "A hit is a promise; the store has to keep it.",
    "Measure on a dull day: the exciting ones prove nothing.",
    "Sixty seconds is a long time to believe an old answer.",
    "An empty shelf is an answer, too, until somebody fills it.",
    "The mean of two strangers is a third stranger.",
    "Be kind to the slow disk: it is the one that remembers.",
];
