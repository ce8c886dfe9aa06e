//! Times of creation as passed in: `YYYY-MM-DDThh:mm:ssZ`.

use super::ReportError;

/// Year, month, day, hour, minute, second.
pub fn parts(time: &str) -> Result<[u16; 6], ReportError> {
    let bad = || ReportError::Time(time.to_owned());
    let digits: Vec<&str> = time.trim_end_matches('Z').split(['-', 'T', ':']).collect();
    let numbers: Vec<u16> =
        digits.iter().map(|d| d.parse()).collect::<Result<_, _>>().map_err(|_| bad())?;
    let parts: [u16; 6] = numbers.try_into().map_err(|_| bad())?;
    let [year, month, day, hour, minute, second] = parts;
    // Spreadsheets count from 1900 and end with 9999.
    let sound = (1900..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if sound { Ok(parts) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_times_are_read() {
        assert!(matches!(parts("2026-11-22T19:30:05Z"), Ok([2026, 11, 22, 19, 30, 5])));
        for bad in ["", "now", "2026-11-22", "2026-13-22T19:30:05Z", "2026-11-22T25:30:05Z"] {
            assert!(parts(bad).is_err(), "{bad}");
        }
    }
}
