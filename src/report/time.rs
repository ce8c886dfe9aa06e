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

/// `YYYY-MM-DDThh:mm:ssZ` of a time in seconds since 1970, in the proleptic Gregorian calendar.
#[must_use]
pub fn iso_time(unix_s: u64) -> String {
    const SECONDS_PER_DAY: u64 = 86_400;
    let (mut day, second) = (unix_s / SECONDS_PER_DAY, unix_s % SECONDS_PER_DAY);
    let is_leap = |y: u64| y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{:02}Z", month + 1, day + 1, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_dates() {
        assert_eq!(iso_time(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso_time(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(iso_time(1_795_375_800), "2026-11-22T19:30:00Z");
    }

    #[test]
    fn only_whole_times_are_read() {
        assert!(matches!(parts("2026-11-22T19:30:05Z"), Ok([2026, 11, 22, 19, 30, 5])));
        for bad in ["", "now", "2026-11-22", "2026-13-22T19:30:05Z", "2026-11-22T25:30:05Z"] {
            assert!(parts(bad).is_err(), "{bad}");
        }
    }
}
