//! The HDR V2 binary form, deflated, as interval logs of other tools hold it (there in base64).

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use hdrhistogram::serialization::{Deserializer, Serializer, V2DeflateSerializer};

use super::{HIGHEST_NS, Histogram};
use crate::StatsError;

/// The first four bytes of a deflated histogram.
const DEFLATED_COOKIE: [u8; 4] = [0x1c, 0x84, 0x93, 0x14];

/// The most bytes of V2 that are read: more than the finest histogram of the widest range takes, with each bucket's
/// count at its longest.
const MOST_BYTES: u64 = 64 << 20;

/// Where V2 holds the length of its counts, and where they begin.
const LENGTH_AT: usize = 4;
const COUNTS_AT: usize = 40;

impl Histogram {
    /// The histogram in HDR V2, deflated. The format has no place for [`Histogram::overflowed`]: keep that beside it.
    ///
    /// # Errors
    /// The format's counts have a sign, so a bucket that holds more than 2^63 - 1 is refused.
    pub fn to_v2_deflate(&self) -> Result<Vec<u8>, StatsError> {
        let mut bytes = Vec::new();
        V2DeflateSerializer::new()
            .serialize(&self.inner, &mut bytes)
            .map_err(|error| StatsError::BadHistogram(error.to_string()))?;
        Ok(bytes)
    }

    /// Reads HDR V2, deflated or not, whatever its range and precision: values are taken as ns.
    ///
    /// A histogram with our own buckets is read without loss. Of one with other buckets each count goes where the upper
    /// edge of its bucket lies, so no quantile becomes lower than the foreign one said. Buckets that begin above
    /// [`HIGHEST_NS`] count as overflowed.
    ///
    /// # Errors
    /// Bytes that are not a histogram in that form, counts that don't fit, and damage as far as the checksum of the
    /// deflated form (Adler-32, which is weak) shows it.
    pub fn from_v2_deflate(bytes: &[u8]) -> Result<Self, StatsError> {
        Self::converted(bytes, |_, upper| upper.min(HIGHEST_NS))
    }

    /// The same with each count where the lower edge of its foreign bucket lies: so do the other libraries add a histogram
    /// to one of other buckets, and only so are its figures the same as theirs.
    pub(crate) fn from_v2_by_lower_edge(bytes: &[u8]) -> Result<Self, StatsError> {
        Self::converted(bytes, |lower, _| lower)
    }

    /// `place` says which value stands for a bucket between these edges, the lower of which is within our range.
    fn converted(bytes: &[u8], place: impl Fn(u64, u64) -> u64) -> Result<Self, StatsError> {
        let bytes = inflated(bytes)?;
        check_length(&bytes)?;
        let foreign: hdrhistogram::Histogram<u64> = Deserializer::new()
            .deserialize(&mut &bytes[..])
            .map_err(|error| StatsError::BadHistogram(error.to_string()))?;
        // The decoder's total saturates; sums over such a histogram would not.
        if foreign.len() == u64::MAX {
            return Err(StatsError::BadHistogram("its counts do not fit in 64 bits".to_owned()));
        }
        let mut histogram = Self::new();
        for step in foreign.iter_recorded() {
            let upper = step.value_iterated_to();
            let lower = foreign.lowest_equivalent(upper);
            let value = if lower > HIGHEST_NS { upper } else { place(lower, upper) };
            histogram.record_n(value, step.count_at_value());
        }
        Ok(histogram)
    }
}

/// A histogram's `hdr_v2` without the deflating within, which reads as the same: base64 of HDR V2. Where a whole file of them is
/// compressed it becomes a quarter shorter so.
///
/// # Errors
/// [`StatsError::BadHistogram`] if it is no histogram in that form.
pub fn not_deflated(hdr_v2: &str) -> Result<String, StatsError> {
    let bytes = STANDARD.decode(hdr_v2).map_err(|error| StatsError::BadHistogram(error.to_string()))?;
    Ok(STANDARD.encode(inflated(&bytes)?))
}

/// The version of the encoding, if it is one of those before 2. Its cookie is a number of the version, deflated or not, and
/// of the length of a count's word.
fn older_version(bytes: &[u8]) -> Option<u8> {
    let [0x1c, 0x84, 0x93, last, ..] = bytes else { return None };
    match last & 0x0f {
        8 | 9 => Some(0),
        1 | 2 => Some(1),
        _ => None,
    }
}

/// The V2 bytes within. Inflated here and to the end, since only that checks the checksum: the decoder stops at the
/// last count, and would take some damaged bytes for other counts.
fn inflated(bytes: &[u8]) -> Result<Cow<'_, [u8]>, StatsError> {
    if let Some(version) = older_version(bytes) {
        return Err(StatsError::BadHistogram(format!(
            "it is in HDR encoding version {version}, and version 2 is read; write it again with a HdrHistogram of 2.1.6 or later"
        )));
    }
    let Some(deflated) = bytes.strip_prefix(&DEFLATED_COOKIE) else {
        return Ok(Cow::Borrowed(bytes));
    };
    // Four bytes of length come first. The stream knows its own end, so they add nothing.
    let stream = deflated.get(4..).unwrap_or_default();
    let mut inflated = Vec::new();
    ZlibDecoder::new(stream)
        .take(MOST_BYTES)
        .read_to_end(&mut inflated)
        .map_err(|error| StatsError::BadHistogram(error.to_string()))?;
    Ok(Cow::Owned(inflated))
}

/// Refuses V2 that claims more counts than it holds, before the decoder makes room for the claim.
fn check_length(v2: &[u8]) -> Result<(), StatsError> {
    let refuse = |what: &str| Err(StatsError::BadHistogram(what.to_owned()));
    let (Some(length), Some(counts)) = (v2.get(LENGTH_AT..).and_then(|rest| rest.first_chunk()), v2.get(COUNTS_AT..))
    else {
        return refuse("it ends before its counts");
    };
    if u32::from_be_bytes(*length) as usize > counts.len() {
        refuse("it holds fewer counts than it claims")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::V2Serializer;

    use super::*;

    #[test]
    fn ours_comes_back_the_same() {
        let mut histogram = Histogram::new();
        [0, 1, 2_047, 5_001, 123_456_789, HIGHEST_NS].into_iter().for_each(|ns| histogram.record_n(ns, ns % 7 + 1));
        let bytes = histogram.to_v2_deflate().expect("small counts can be written");
        assert_eq!(Histogram::from_v2_deflate(&bytes), Ok(histogram));
    }

    #[test]
    fn a_foreign_one_is_converted_by_value() {
        let ten_hours = 10 * HIGHEST_NS;
        let mut foreign = hdrhistogram::Histogram::<u64>::new_with_bounds(1_000, ten_hours, 2).expect("a legal range");
        [1_500, 2_000_000, ten_hours].into_iter().for_each(|ns| foreign.record(ns).expect("within its range"));
        let mut bytes = Vec::new();
        V2DeflateSerializer::new().serialize(&foreign, &mut bytes).expect("small counts can be written");
        let histogram = Histogram::from_v2_deflate(&bytes).expect("V2 of another range is V2");
        assert_eq!((histogram.count(), histogram.overflowed()), (3, 1));
        assert!(histogram.min().is_some_and(|min| (1_500..2_048).contains(&min)), "{:?}", histogram.min());
    }

    #[test]
    fn damage_is_refused() {
        let mut histogram = Histogram::new();
        histogram.record(5);
        let bytes = histogram.to_v2_deflate().expect("small counts can be written");
        for damaged in [&bytes[..bytes.len() / 2], &bytes[..6], b"not a histogram", b""] {
            assert!(matches!(Histogram::from_v2_deflate(damaged), Err(StatsError::BadHistogram(_))));
        }
        histogram.record_n(7, u64::MAX / 2 + 1);
        assert!(histogram.to_v2_deflate().is_err());
    }

    #[test]
    fn no_flipped_bit_makes_other_counts() {
        let mut histogram = Histogram::new();
        (0..40_u64).for_each(|step| histogram.record(step * step * step * 37));
        let bytes = histogram.to_v2_deflate().expect("small counts can be written");
        for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            // Some bits mean nothing: the length that we don't need, the level of compression.
            if let Ok(read) = Histogram::from_v2_deflate(&damaged) {
                assert_eq!(read, histogram, "bit {bit} of byte {at}");
            }
        }
    }

    #[test]
    fn plain_v2_is_read_and_its_claims_are_checked() {
        let mut histogram = Histogram::new();
        histogram.record(5);
        let mut bytes = Vec::new();
        V2Serializer::new().serialize(&histogram.inner, &mut bytes).expect("small counts can be written");
        assert_eq!(Histogram::from_v2_deflate(&bytes), Ok(histogram));
        bytes[LENGTH_AT] = 0x7f;
        let refused = Histogram::from_v2_deflate(&bytes).map_err(|error| error.to_string());
        assert_eq!(refused, Err("the histogram is not usable: it holds fewer counts than it claims".to_owned()));
    }
}
