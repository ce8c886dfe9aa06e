//! The program's entry: reads arguments, environment and clock, then opens the window or runs a
//! verb. Everything else is in the library.

use std::process::ExitCode;
use std::time::Instant;
use tokenmill::cli::{self, Environment};
use tokenmill::evaluate::clock::Clock;
use tokenmill::session::folders::Folders;

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn")).init();
    let start = Instant::now();
    let environment = Environment {
        clock: Clock::new(move || start.elapsed().as_secs_f64()),
        folders: folders(),
        has_display: has_display(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        started_unix_s: std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |d| d.as_secs()),
    };
    cli::run(std::env::args_os(), &environment)
}

/// Where the system keeps this user's configuration and data; nowhere on a system without homes.
fn folders() -> Folders {
    directories::ProjectDirs::from("", "", "tokenmill").map_or_else(Folders::default, |dirs| {
        Folders {
            catalog: Some(dirs.config_dir().join("catalog")),
            recovery: Some(dirs.data_local_dir().join("recovery")),
            state: Some(dirs.data_local_dir().to_owned()),
        }
    })
}

/// Whether a window could open at all.
fn has_display() -> bool {
    cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}
