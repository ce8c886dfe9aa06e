//! An open document without a window: plan and history, the latest results, the solver's worker,
//! files and recovery. Headless, so that every behaviour can be tested.

pub mod case_files;
pub mod document;
pub mod files;
pub mod folders;
pub mod journal;
pub mod presets;
pub mod runner;
pub mod validator;

pub use document::Document;
pub use runner::{Runner, Update};
pub use validator::{CasesProgress, Validator};
