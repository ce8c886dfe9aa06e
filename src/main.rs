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
        cpu_clock: Clock::new(move || cpu_s().unwrap_or_else(|| start.elapsed().as_secs_f64())),
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

/// Processor time of this process in user and system mode, s, where the system keeps it in a file
/// (Linux: fields 14 and 15 of `/proc/self/stat`, in ticks of 1/100 s on every build of it).
fn cpu_s() -> Option<f64> {
    const TICKS_PER_S: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold spaces.
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_PER_S)
}

/// Whether a window could open at all.
fn has_display() -> bool {
    cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}
