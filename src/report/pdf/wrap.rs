//! Breaking text into lines.

use super::font::Face;

/// Characters after which a long word may be broken.
const SOFT_BREAKS: [char; 6] = ['-', '/', '_', '.', ',', '·'];

/// The lines of a text in a column of some width; never empty.
pub fn lines(face: &Face, text: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|w| !w.is_empty()) {
            add_word(face, word, size, width, &mut line, &mut lines);
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

fn add_word(
    face: &Face,
    word: &str,
    size: f32,
    width: f32,
    line: &mut String,
    lines: &mut Vec<String>,
) {
    let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
    if face.width(&joined, size) <= width {
        *line = joined;
        return;
    }
    if !line.is_empty() {
        lines.push(std::mem::take(line));
    }
    let mut rest = word;
    while face.width(rest, size) > width {
        let cut = break_at(face, rest, size, width);
        lines.push(rest[..cut].to_owned());
        rest = &rest[cut..];
    }
    rest.clone_into(line);
}

/// Byte at which a word that is too wide is broken: after the last soft break that fits, else
/// after the last character that fits; at least one character.
fn break_at(face: &Face, word: &str, size: f32, width: f32) -> usize {
    let mut used = 0.0;
    let (mut hard, mut soft) = (0, 0);
    for (at, c) in word.char_indices() {
        used += face.glyph(c).1 * size;
        if used > width && hard > 0 {
            break;
        }
        hard = at + c.len_utf8();
        if SOFT_BREAKS.contains(&c) {
            soft = hard;
        }
    }
    if soft > 0 { soft } else { hard.max(1) }
}

/// The widest piece that should not be broken, pt.
pub fn longest_word(face: &Face, text: &str, size: f32) -> f32 {
    text.split([' ', '\n']).map(|w| face.width(w, size)).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::super::font::Fonts;
    use super::*;

    #[test]
    fn lines_fit_and_lose_no_character() {
        let Ok(fonts) = Fonts::shipped() else { panic!("shipped fonts") };
        let face = fonts.face(false);
        let text = "A rack of NVIDIA-GB300-NVL72-with-a-very-long-name at 132 kW, and then some";
        for width in [20.0, 55.0, 120.0, 900.0] {
            let lines = lines(face, text, 8.0, width);
            assert!(lines.iter().all(|l| face.width(l, 8.0) <= width), "{width} {lines:?}");
            let kept: String = lines.concat().split(' ').collect();
            assert_eq!(kept, text.split(' ').collect::<String>());
        }
    }
}
