//! A folder of validation cases on disk, as texts.

use super::files::{FileError, read_text};
use crate::cases::folder::Texts;
use std::path::Path;

/// Folders below the named one that are looked into.
const DEPTH: usize = 3;
/// Most files that are read: a folder of cases, not a whole disk.
const MOST_FILES: usize = 2000;

/// Reads every `*.json` of a folder and its subfolders.
///
/// # Errors
/// A folder or file that the system refuses.
pub fn read_folder(folder: &Path) -> Result<Texts, FileError> {
    let mut texts = Texts::new();
    collect(folder, folder, DEPTH, &mut texts)?;
    Ok(texts)
}

fn collect(root: &Path, folder: &Path, depth: usize, texts: &mut Texts) -> Result<(), FileError> {
    let fault = |error| FileError::Io {
        action: "reading the folder of cases",
        error,
        path: folder.to_owned(),
    };
    let entries = std::fs::read_dir(folder).map_err(fault)?;
    let mut paths: Vec<_> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && depth > 0 {
            collect(root, &path, depth - 1, texts)?;
        } else if path.extension().is_some_and(|e| e == "json") && texts.len() < MOST_FILES {
            let name =
                path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            texts.insert(name, read_text(&path)?);
        }
    }
    Ok(())
}
