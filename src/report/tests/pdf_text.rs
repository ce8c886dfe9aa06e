//! Reads the text of a PDF back: page contents and the maps from glyphs to characters. Knows just
//! the part of the format that the writer uses, with plain streams.

use std::collections::BTreeMap;

/// From glyph number to characters.
type CharMap = BTreeMap<u16, String>;

/// All text shown on the pages, one line per show operator.
pub fn of(bytes: &[u8]) -> String {
    let objects = objects(bytes);
    let maps: BTreeMap<u32, CharMap> = objects
        .iter()
        .filter(|(_, body)| find(body, b"begincmap", 0).is_some())
        .map(|(id, body)| (*id, char_map(&latin(body))))
        .collect();
    let fonts: BTreeMap<u32, &CharMap> = objects
        .iter()
        .filter_map(|(id, body)| Some((*id, maps.get(&reference(&latin(body), "/ToUnicode ")?)?)))
        .collect();
    let mut text = String::new();
    for body in objects.values().map(|b| latin(b)) {
        if let Some(contents) = reference(&body, "/Contents ") {
            let names = font_names(&body, &objects, &fonts);
            let stream = objects.get(&contents).map(|b| latin(b)).unwrap_or_default();
            show(&stream, &names, &mut text);
        }
    }
    text
}

/// Bytes as characters of the same number, so that offsets stay.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

fn find(hay: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    hay.get(from..)?.windows(needle.len()).position(|w| w == needle).map(|at| at + from)
}

/// Bodies of all objects by number.
fn objects(bytes: &[u8]) -> BTreeMap<u32, Vec<u8>> {
    let mut objects = BTreeMap::new();
    let mut at = 0;
    while let Some(head) = find(bytes, b" 0 obj", at) {
        let digits = bytes[..head].iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let id = latin(&bytes[head - digits..head]).parse().unwrap_or(0);
        let end = find(bytes, b"endobj", head).unwrap_or(bytes.len());
        objects.insert(id, bytes[head + 6..end].to_vec());
        at = end;
    }
    objects
}

/// The object that a key refers to.
fn reference(body: &str, key: &str) -> Option<u32> {
    body.split(key).nth(1)?.split(' ').next()?.parse().ok()
}

/// `beginbfchar` and `beginbfrange` lines.
fn char_map(body: &str) -> CharMap {
    let mut map = CharMap::new();
    for line in body.lines() {
        let parts: Vec<&str> =
            line.split(['<', '>']).map(str::trim).filter(|p| !p.is_empty()).collect();
        let code = |at: usize| u16::from_str_radix(parts.get(at)?, 16).ok();
        match parts.len() {
            2 => {
                if let (Some(glyph), Some(text)) = (code(0), utf16(parts[1])) {
                    map.insert(glyph, text);
                }
            }
            3 => {
                if let (Some(from), Some(to), Some(first)) = (code(0), code(1), code(2)) {
                    for glyph in from..=to {
                        if let Ok(text) = String::from_utf16(&[first + glyph - from]) {
                            map.insert(glyph, text);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    map
}

fn utf16(hex: &str) -> Option<String> {
    let units: Option<Vec<u16>> = hex
        .as_bytes()
        .chunks(4)
        .map(|c| u16::from_str_radix(std::str::from_utf8(c).ok()?, 16).ok())
        .collect();
    String::from_utf16(&units?).ok()
}

/// Names of the fonts of a page, from its resources.
fn font_names<'a>(
    page: &str,
    objects: &BTreeMap<u32, Vec<u8>>,
    fonts: &BTreeMap<u32, &'a CharMap>,
) -> BTreeMap<String, &'a CharMap> {
    let resources = reference(page, "/Resources ")
        .and_then(|id| objects.get(&id))
        .map_or_else(|| page.to_owned(), |b| latin(b));
    let words: Vec<&str> = resources.split_whitespace().collect();
    words
        .windows(2)
        .filter_map(|pair| {
            let name = pair[0].rsplit('/').next()?;
            Some((name.to_owned(), *fonts.get(&pair[1].parse().ok()?)?))
        })
        .collect()
}

/// Walks a content stream; every shown string becomes a line.
fn show(stream: &str, fonts: &BTreeMap<String, &CharMap>, text: &mut String) {
    let chars: Vec<char> = stream.chars().collect();
    let mut font: Option<&CharMap> = None;
    let mut name = String::new();
    let mut line = String::new();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '/' => {
                name = chars[at + 1..].iter().take_while(|c| !c.is_whitespace()).collect();
                at += name.chars().count() + 1;
            }
            '(' => {
                let (bytes, next) = literal(&chars, at + 1);
                decode(&bytes, font, &mut line);
                at = next;
            }
            '<' => {
                let hex: String = chars[at + 1..].iter().take_while(|c| **c != '>').collect();
                let bytes: Vec<u8> = hex
                    .as_bytes()
                    .chunks(2)
                    .filter_map(|c| u8::from_str_radix(std::str::from_utf8(c).ok()?, 16).ok())
                    .collect();
                decode(&bytes, font, &mut line);
                at += hex.len() + 2;
            }
            'T' if chars.get(at + 1) == Some(&'f') => {
                font = fonts.get(&name).copied();
                at += 2;
            }
            'T' if matches!(chars.get(at + 1), Some('j' | 'J')) => {
                text.push_str(&std::mem::take(&mut line));
                text.push('\n');
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// A string in parentheses with its escapes; the place after it.
fn literal(chars: &[char], mut at: usize) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut depth = 0;
    while let Some(c) = chars.get(at).copied() {
        at += 1;
        match c {
            '\\' => {
                let octal: String =
                    chars[at..].iter().take(3).take_while(|c| c.is_digit(8)).collect();
                if let Ok(value) = u8::from_str_radix(&octal, 8) {
                    bytes.push(value);
                    at += octal.len();
                } else if let Some(c) = chars.get(at) {
                    bytes.push(match c {
                        'n' => b'\n',
                        'r' => b'\r',
                        't' => b'\t',
                        'b' => 8,
                        'f' => 12,
                        other => *other as u8,
                    });
                    at += 1;
                }
            }
            ')' if depth == 0 => break,
            other => {
                depth += i32::from(other == '(') - i32::from(other == ')');
                bytes.push(other as u8);
            }
        }
    }
    (bytes, at)
}

fn decode(bytes: &[u8], font: Option<&CharMap>, line: &mut String) {
    for pair in bytes.chunks_exact(2) {
        let glyph = u16::from_be_bytes([pair[0], pair[1]]);
        match font.and_then(|f| f.get(&glyph)) {
            Some(text) => line.push_str(text),
            None => line.push('\u{fffd}'),
        }
    }
}
