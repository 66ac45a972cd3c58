//! How the instances came to rest, where each driver thread waited for each of them.

use cachemark_core::OpError;

/// How all instances ended together; each of the threads has an end of each instance, in the same order.
///
/// Whoever waits for an instance hears of all that it has lost until then, so of what several heard of one the most counts once. What one
/// of them did not see come to rest is told, whatever the others saw.
pub(super) fn together(threads: &[Vec<Result<(), OpError>>]) -> Result<(), OpError> {
    let instances = threads.iter().map(Vec::len).max().unwrap_or(0);
    let of = |instance| of_one(threads.iter().filter_map(move |ends| ends.get(instance)));
    (0..instances).map(of).reduce(OpError::of_drains).unwrap_or(Ok(()))
}

fn of_one<'a>(heard: impl Iterator<Item = &'a Result<(), OpError>> + Clone) -> Result<(), OpError> {
    let losses = heard.clone().filter_map(|end| match end {
        Err(OpError::Lost(lost)) => Some(lost),
        _ => None,
    });
    let lost = losses.max_by_key(|lost| lost.keys());
    let unfinished = heard.filter_map(|end| end.as_ref().err()).find_map(|error| match error {
        OpError::Lost(lost) => lost.unfinished.as_deref(),
        error => Some(error),
    });
    OpError::of_drains(
        lost.map_or(Ok(()), |lost| Err(OpError::Lost(lost.clone()))),
        unfinished.map_or(Ok(()), |error| Err(error.clone())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::LostWrites;
    use std::time::Duration;

    fn lost(keys: u64) -> Result<(), OpError> {
        let (waited, writes) = (Duration::from_secs(1), 2 * keys);
        let lost = LostWrites { queued_keys: keys, refused_keys: 0, writes, waited, said: None, unfinished: None };
        Err(OpError::Lost(Box::new(lost)))
    }

    fn counted(ended: Result<(), OpError>) -> (u64, bool) {
        let Err(OpError::Lost(lost)) = ended else { panic!("{ended:?}") };
        (lost.keys(), lost.unfinished.is_some())
    }

    #[test]
    fn what_several_threads_hear_of_one_instance_is_lost_once() {
        assert_eq!(together(&[vec![Ok(()), Ok(())], vec![Ok(()), Ok(())]]), Ok(()));
        assert_eq!(counted(together(&[vec![lost(3), lost(4)], vec![lost(3), lost(4)]])), (7, false));
        assert_eq!(counted(together(&[vec![lost(1), Ok(())], vec![lost(3), Ok(())]])), (3, false), "the last word");
    }

    #[test]
    fn a_loss_and_what_is_unfinished_are_both_told_whosever_they_are() {
        let unfinished = || Err(OpError::Deadline);
        assert_eq!(counted(together(&[vec![unfinished(), lost(4)], vec![unfinished(), lost(4)]])), (4, true));
        assert_eq!(counted(together(&[vec![lost(4), Ok(())], vec![lost(4), unfinished()]])), (4, true));
        assert_eq!(counted(together(&[vec![lost(4)], vec![unfinished()]])), (4, true));
        let both = OpError::of_drains(lost(3), unfinished());
        assert_eq!(counted(together(&[vec![both.clone()], vec![lost(4)]])), (4, true));
        assert_eq!(counted(together(&[vec![lost(4)], vec![both]])), (4, true));
        assert_eq!(together(&[vec![Ok(())], vec![unfinished()]]), unfinished());
    }
}
