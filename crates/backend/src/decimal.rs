//! Numbers in decimal, as protocols have them.

/// The longest, in digits.
const LONGEST: usize = 20;

/// Writes `number` behind what stands in `text`.
#[inline]
pub(crate) fn push_decimal(text: &mut Vec<u8>, number: u64) {
    match number {
        // Most are as short.
        0..=9 => text.push(b'0' + number as u8),
        _ => push_digits(text, number),
    }
}

fn push_digits(text: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; LONGEST];
    let mut at = LONGEST;
    loop {
        at -= 1;
        // Below 10.
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[at..]);
}

/// The number that a word says, digits and nothing else.
pub(crate) fn decimal(word: &[u8]) -> Option<u64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let (first, rest) = word.split_first()?;
    rest.iter().try_fold(digit(*first)?, |number, byte| number.checked_mul(10)?.checked_add(digit(*byte)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_written_and_read(number: u64) {
            for number in [0, 9, 10, u64::MAX, number, number >> 40] {
                let mut text = b"$".to_vec();
                push_decimal(&mut text, number);
                prop_assert_eq!(&text, &format!("${number}").into_bytes());
                prop_assert_eq!(decimal(&text[1..]), Some(number));
            }
        }
    }

    #[test]
    fn a_word_that_is_no_number_is_none() {
        for word in ["", "-1", "+1", "1 ", "x", "18446744073709551616", "99999999999999999999999"] {
            assert_eq!(decimal(word.as_bytes()), None, "{word}");
        }
    }
}
