//! Plan files and user catalogues on disk. Saving is atomic: a temporary file beside the target,
//! flushed, then renamed over it.

use crate::catalog::{Catalog, CatalogError, load};
use crate::format::{self, OpenError, Opened};
use crate::plan::Plan;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file that is read at all, bytes: a plan of 200,000 objects is about 60 MB.
const MAX_FILE_BYTES: u64 = 200_000_000;

/// Why a file could not be read or written. The problem first, the path last.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system said no.
    #[error("{action} failed: {error} ({})", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// What the system said.
        error: std::io::Error,
        /// Where.
        path: PathBuf,
    },
    /// The file is larger than any plan.
    #[error("the file has {size} bytes, more than the {MAX_FILE_BYTES} a plan may have ({})", path.display())]
    TooLarge {
        /// Its size.
        size: u64,
        /// Where.
        path: PathBuf,
    },
    /// It is no plan that can be opened.
    #[error("{error} ({})", path.display())]
    Open {
        /// Why.
        error: OpenError,
        /// Where.
        path: PathBuf,
    },
    /// The plan could not be put into words.
    #[error("the plan can not be written: {0}")]
    Format(#[from] ron::Error),
    /// A user catalogue is wrong.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
    move |error| FileError::Io { action, error, path: path.to_owned() }
}

/// Reads a text file.
///
/// # Errors
/// When the system says no, or the file is larger than any input.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let size = std::fs::metadata(path).map_err(io("opening the file", path))?.len();
    if size > MAX_FILE_BYTES {
        return Err(FileError::TooLarge { size, path: path.to_owned() });
    }
    std::fs::read_to_string(path).map_err(io("reading the file", path))
}

/// Reads a text file, or standard input for `-`.
///
/// # Errors
/// When the system says no, or the file is larger than any input.
pub fn read_any_text(name: &str) -> Result<String, FileError> {
    if name == "-" {
        return std::io::read_to_string(std::io::stdin().lock())
            .map_err(io("reading standard input", Path::new(name)));
    }
    read_text(Path::new(name))
}

/// Opens a plan file.
pub fn open(path: &Path) -> Result<Opened, FileError> {
    format::from_text(&read_text(path)?)
        .map_err(|error| FileError::Open { error, path: path.to_owned() })
}

/// Saves a plan with the entries it uses.
pub fn save(path: &Path, plan: &Plan, catalog: &Catalog) -> Result<(), FileError> {
    write_atomic(path, format::to_text(plan, catalog)?.as_bytes())
}

/// Writes a file so that a reader sees either the old or the new content, never a part.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".tokenmill-")
        .tempfile_in(folder)
        .map_err(io("writing the file", path))?;
    file.write_all(bytes).map_err(io("writing the file", path))?;
    file.as_file().sync_all().map_err(io("flushing the file", path))?;
    // A temporary file is private; a plan is an ordinary document.
    make_ordinary(file.as_file()).map_err(io("writing the file", path))?;
    file.persist(path).map_err(|e| io("replacing the file", path)(e.error))?;
    Ok(())
}

#[cfg(unix)]
fn make_ordinary(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_ordinary(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The shipped catalogue with the `*.ron` files of a folder laid over it. A missing folder is an
/// empty one.
pub fn catalog_with(folder: Option<&Path>) -> Result<Arc<Catalog>, FileError> {
    let shipped = load::shipped()?;
    let Some(folder) = folder.filter(|f| f.is_dir()) else { return Ok(shipped) };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(io("reading the catalogue folder", folder))?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ron"))
        .collect();
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        texts.push((name.unwrap_or_default(), read_text(&path)?));
    }
    if texts.is_empty() {
        return Ok(shipped);
    }
    Ok(Arc::new(load::overlay_from_texts(&shipped, &texts)?))
}
