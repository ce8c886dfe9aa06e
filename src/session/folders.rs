//! Where this user's files live; found by the program's entry, since the library reads no
//! environment.

use std::path::PathBuf;

/// Folders of this user.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// Catalogue entries of the user's own (`*.ron`).
    pub catalog: Option<PathBuf>,
    /// Recovery copies.
    pub recovery: Option<PathBuf>,
    /// What the window remembers.
    pub state: Option<PathBuf>,
}
