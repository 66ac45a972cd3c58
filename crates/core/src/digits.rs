//! Numbers in decimal, eight digits at once.

/// The eight decimal digits of a number below 100,000,000, as ASCII, zeros in front; of a greater one, nothing that means anything.
///
/// Halves, pairs and digits are split side by side in one word, by multiplications that divide by 100 and by 10: keys are made
/// by the million, and a division for each digit takes twice as long.
#[inline]
pub(crate) fn eight_digits(number: u32) -> [u8; 8] {
    let number = u64::from(number);
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    // n * 5243 >> 19 is n / 100 for n below 10,000.
    let hundreds = ((halves * 5_243) >> 19) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((halves - 100 * hundreds) << 16);
    // n * 103 >> 10 is n / 10 for n below 100.
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    let digits = tens | ((pairs - 10 * tens) << 8);
    (digits | 0x3030_3030_3030_3030).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::eight_digits;

    #[test]
    fn digits_are_those_that_are_printed() {
        let strided = (0..100_000_000).step_by(4_999);
        for number in strided.chain(0..10_001).chain([99_999_999]) {
            assert_eq!(eight_digits(number), *format!("{number:08}").as_bytes(), "{number}");
        }
    }
}
