//! Recovery after a crash: while a plan has unsaved changes, a copy of it is kept in the data
//! folder. A copy that nobody holds is what a crash left behind.
//!
//! The copy is held by a file lock for as long as the program lives; the system frees it when the
//! program dies, however it dies.

use super::files::{FileError, write_atomic};
use crate::catalog::Catalog;
use crate::format;
use crate::plan::Plan;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Ending of a recovery copy.
const COPY: &str = "recovery.ron";
/// Ending of the file whose lock says that the copy's owner lives.
const LOCK: &str = "recovery.lock";
/// First words of a copy: the file it belongs to.
const ORIGIN: &str = "// recovered from: ";

/// The recovery copy of this program.
pub struct Journal {
    copy: PathBuf,
    lock_path: PathBuf,
    _lock: File,
}

/// A plan that a crash left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recoverable {
    /// The copy.
    pub copy: PathBuf,
    /// The file that the plan was opened from.
    pub origin: Option<PathBuf>,
}

impl Journal {
    /// Claims a place for a copy in `folder`, creating the folder.
    pub fn claim(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        for number in 0..1000_u32 {
            let lock_path = folder.join(format!("{number:03}.{LOCK}"));
            let copy = folder.join(format!("{number:03}.{COPY}"));
            if copy.exists() {
                continue;
            }
            let lock = File::options().create(true).truncate(false).write(true).open(&lock_path)?;
            if lock.try_lock().is_ok() {
                return Ok(Self { copy, lock_path, _lock: lock });
            }
        }
        Err(std::io::Error::other("the recovery folder is full; remove old copies"))
    }

    /// Writes the copy.
    pub fn write(
        &self,
        plan: &Plan,
        catalog: &Catalog,
        origin: Option<&Path>,
    ) -> Result<(), FileError> {
        let origin = origin.map(|p| p.display().to_string()).unwrap_or_default();
        let text = format!("{ORIGIN}{origin}\n{}", format::to_text(plan, catalog)?);
        write_atomic(&self.copy, text.as_bytes())
    }

    /// Removes the copy: the plan was saved, or its changes were given up.
    pub fn clear(&self) {
        // A copy that can not be removed is offered for recovery next time: nothing is lost.
        let _ = std::fs::remove_file(&self.copy);
    }
}

impl Drop for Journal {
    /// A clean end leaves nothing behind. (After a panic the copy stays.)
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.clear();
            let _ = std::fs::remove_file(&self.lock_path);
        }
    }
}

/// The copies in `folder` whose owners are gone.
#[must_use]
pub fn recoverable(folder: &Path) -> Vec<Recoverable> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<Recoverable> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.to_string_lossy().ends_with(COPY) && !is_held(p))
        .map(|copy| Recoverable { origin: origin_of(&copy), copy })
        .collect();
    found.sort_by(|a, b| a.copy.cmp(&b.copy));
    found
}

fn is_held(copy: &Path) -> bool {
    let lock = PathBuf::from(copy.to_string_lossy().replace(COPY, LOCK));
    File::options().write(true).open(lock).is_ok_and(|f| f.try_lock().is_err())
}

fn origin_of(copy: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(copy).ok()?;
    let origin = text.lines().next()?.strip_prefix(ORIGIN)?;
    (!origin.is_empty()).then(|| PathBuf::from(origin))
}

/// Removes a copy that was taken in or refused.
pub fn discard(found: &Recoverable) {
    let _ = std::fs::remove_file(&found.copy);
    let _ = std::fs::remove_file(found.copy.to_string_lossy().replace(COPY, LOCK));
}
