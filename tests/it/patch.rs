//! Edits of a plan or a catalogue as data, so that a broken fixture is a few lines on top of a
//! preset instead of another plan.
//!
//! A path names a place, parts joined by `/`: a field, a list index, the `name` or `id` of a list
//! element, or `*` for every element. Paths that meet nothing are an error of the fixture.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// One edit.
#[derive(Clone, Debug, Deserialize)]
pub enum Step {
    /// Puts a value there; the last part may be a new field.
    Set(String, Value),
    /// Adds to the number there.
    Add(String, f64),
    /// Where the first value stands, puts the second.
    Swap(String, Value, Value),
    /// Removes the list element or field there.
    Remove(String),
    /// Keeps the first so many elements of the list there.
    Keep(String, usize),
    /// Appends to the list there.
    Push(String, Value),
}

/// The value after the edits.
pub fn patched<T: serde::Serialize + DeserializeOwned>(
    value: &T,
    steps: &[Step],
) -> Result<T, String> {
    let mut json = serde_json::to_value(value).map_err(|e| e.to_string())?;
    for step in steps {
        apply(&mut json, step)?;
    }
    serde_json::from_value(json).map_err(|e| format!("after {steps:?}: {e}"))
}

fn apply(root: &mut Value, step: &Step) -> Result<(), String> {
    let (path, hits) = match step {
        Step::Set(path, new) => (path, change(root, path, &mut |v| replace(v, new))),
        Step::Add(path, more) => (path, change(root, path, &mut |v| add(v, *more))),
        Step::Swap(path, old, new) => {
            (path, change(root, path, &mut |v| v == old && replace(v, new)))
        }
        Step::Keep(path, n) => (
            path,
            change(root, path, &mut |v| v.as_array_mut().map(|list| list.truncate(*n)).is_some()),
        ),
        Step::Push(path, new) => (
            path,
            change(root, path, &mut |v| {
                v.as_array_mut().map(|list| list.push(new.clone())).is_some()
            }),
        ),
        Step::Remove(path) => (path, remove(root, path)),
    };
    if hits == 0 { Err(format!("nothing stands at '{path}'")) } else { Ok(()) }
}

fn replace(at: &mut Value, new: &Value) -> bool {
    *at = new.clone();
    true
}

fn add(at: &mut Value, more: f64) -> bool {
    let Some(old) = at.as_f64() else { return false };
    // Whole numbers stay whole: millimetres and counts are integers.
    *at = if at.is_f64() { Value::from(old + more) } else { Value::from((old + more) as i64) };
    true
}

/// Calls `edit` on everything at `path`; how many it changed.
fn change(at: &mut Value, path: &str, edit: &mut dyn FnMut(&mut Value) -> bool) -> usize {
    let (part, rest) = path.split_once('/').unwrap_or((path, ""));
    let last = rest.is_empty();
    if let Some(object) = at.as_object_mut() {
        if part == "*" {
            return object.values_mut().map(|v| step_into(v, rest, edit)).sum();
        }
        if !last && !object.contains_key(part) && !rest.contains('*') && part == "overrides" {
            object.insert(part.to_owned(), Value::Object(serde_json::Map::new()));
        }
        return match object.get_mut(part) {
            Some(next) => step_into(next, rest, edit),
            None if last => usize::from(edit(object.entry(part).or_insert(Value::Null))),
            None => 0,
        };
    }
    let Some(list) = at.as_array_mut() else { return 0 };
    let mut hits = 0;
    for (i, next) in list.iter_mut().enumerate() {
        if is_called(next, i, part) {
            hits += step_into(next, rest, edit);
        }
    }
    hits
}

fn step_into(at: &mut Value, rest: &str, edit: &mut dyn FnMut(&mut Value) -> bool) -> usize {
    if rest.is_empty() { usize::from(edit(at)) } else { change(at, rest, edit) }
}

fn is_called(element: &Value, index: usize, part: &str) -> bool {
    let named = |field: &str| element.get(field).and_then(Value::as_str) == Some(part);
    part == "*" || part.parse() == Ok(index) || named("name") || named("id")
}

fn remove(root: &mut Value, path: &str) -> usize {
    let (parent, part) = path.rsplit_once('/').unwrap_or(("", path));
    let mut hits = 0;
    let mut cut = |at: &mut Value| {
        let before = hits;
        if let Some(object) = at.as_object_mut() {
            hits += usize::from(object.remove(part).is_some());
        } else if let Some(list) = at.as_array_mut() {
            let all = list.len();
            let mut index = 0..;
            list.retain(|v| !is_called(v, index.next().unwrap_or(0), part));
            hits += all - list.len();
        }
        hits > before
    };
    if parent.is_empty() {
        cut(root);
    } else {
        change(root, parent, &mut cut);
    }
    hits
}

#[test]
fn steps_do_what_they_say() {
    let value = serde_json::json!({"a": [{"name": "x", "n": 1}, {"name": "y", "n": 2}], "b": 1.5});
    let step = |text: &str| ron::from_str::<Step>(text).expect(text);
    let after = |text: &str| patched(&value, &[step(text)]);
    assert_eq!(after(r#"Set("a/*/n", 7)"#).unwrap()["a"][1]["n"], 7);
    assert_eq!(after(r#"Add("b", 1)"#).unwrap()["b"], 2.5);
    assert_eq!(after(r#"Add("a/y/n", 3)"#).unwrap()["a"][1]["n"], 5);
    assert_eq!(after(r#"Remove("a/x")"#).unwrap()["a"].as_array().unwrap().len(), 1);
    assert_eq!(after(r#"Keep("a", 1)"#).unwrap()["a"].as_array().unwrap().len(), 1);
    assert_eq!(after(r#"Swap("a/*/n", 2, None)"#).unwrap()["a"][1]["n"], Value::Null);
    assert!(after(r#"Set("c/d", 1)"#).is_err());
    assert!(after(r#"Remove("a/z")"#).is_err());
}
