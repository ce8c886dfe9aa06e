//! Exporting: review pack, results, picture. Away from the window's thread, with progress.

use super::TokenmillApp;
use super::jobs::Finished;
use crate::report::json::Timings;
use crate::report::{self, ReportContext};
use crate::session::files::write_atomic;
use crate::ui::dialogs::{Dialog, Export};
use eframe::egui;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How far an export is; shared with its thread.
#[derive(Debug, Default)]
pub struct ExportProgress {
    per_mille: AtomicU32,
    cancelled: AtomicBool,
    what: Mutex<String>,
}

impl ExportProgress {
    /// Share done, 0 to 1, and what comes next.
    #[must_use]
    pub fn read(&self) -> (f32, String) {
        let what = self.what.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (self.per_mille.load(Ordering::Relaxed) as f32 / 1000.0, what)
    }

    /// Asks it to stop.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    fn note(&self, share: f32, what: &str) -> bool {
        self.per_mille.store((share * 1000.0) as u32, Ordering::Relaxed);
        what.clone_into(&mut self.what.lock().unwrap_or_else(PoisonError::into_inner));
        !self.cancelled.load(Ordering::Relaxed)
    }
}

impl TokenmillApp {
    pub(super) fn export(&mut self, ctx: &egui::Context, what: Export, path: PathBuf) {
        match what {
            Export::Pack => self.export_pack(ctx, path),
            Export::Results => self.export_results(path),
            Export::Picture => {
                let report = self.jobs.reporter();
                ctx.request_screenshot(move |image| {
                    // Encoding a large window takes longer than a frame.
                    std::thread::spawn(move || report(Finished::Exported(picture(&image, path))));
                });
            }
        }
    }

    fn export_results(&mut self, path: PathBuf) {
        let Some(results) = self.document.results().map(Arc::clone) else { return };
        let plan = self.document.plan().clone();
        self.jobs.start(move || {
            let text = report::json::results_json(&plan, &results, Timings::Measured);
            let written = text
                .map_err(|e| e.to_string())
                .and_then(|text| write_atomic(&path, text.as_bytes()).map_err(|e| e.to_string()));
            Finished::Exported(written.map(|()| path))
        });
    }

    fn export_pack(&mut self, ctx: &egui::Context, folder: PathBuf) {
        let Some(results) = self.document.results().map(Arc::clone) else { return };
        let plan = self.document.plan().clone();
        let catalog = Arc::clone(self.document.catalog());
        let compared = self.tabs.costs.compared_with(&self.outcomes);
        let context = ReportContext {
            against: compared.map(|o| report::Against {
                name: o.label.clone(),
                economics: Arc::clone(&o.economics),
            }),
            generated_at: report::iso_time(
                self.started_unix_s + self.clock.now_s().max(0.0) as u64,
            ),
            version: env!("CARGO_PKG_VERSION").into(),
            validation: self.validator.outcomes().cloned().collect(),
        };
        let progress = Arc::new(ExportProgress::default());
        self.dialog = Some(Dialog::Exporting(Arc::clone(&progress)));
        let ctx = ctx.clone();
        self.jobs.start(move || {
            let tell = |share: f32, what: &str| {
                ctx.request_repaint();
                progress.note(share, what)
            };
            let pack = report::write_pack(&plan, &catalog, &results, &context, &tell);
            let written = pack.map_err(|e| e.to_string()).and_then(|f| write_files(&folder, &f));
            Finished::Exported(written.map(|()| folder))
        });
    }
}

/// Writes the files of a pack below a folder.
fn write_files(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), String> {
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|e| format!("creating the folder failed: {e} ({})", parent.display()))?;
        }
        write_atomic(&path, bytes).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// Writes a picture of the window.
fn picture(image: &egui::ColorImage, path: PathBuf) -> Result<PathBuf, String> {
    let [width, height] = image.size;
    let rgba: Vec<u8> = image.pixels.iter().flat_map(egui::Color32::to_array).collect();
    let mut png = Vec::new();
    image::ImageEncoder::write_image(
        image::codecs::png::PngEncoder::new(&mut png),
        &rgba,
        width as u32,
        height as u32,
        image::ExtendedColorType::Rgba8,
    )
    .map_err(|e| e.to_string())?;
    write_atomic(&path, &png).map_err(|e| e.to_string())?;
    Ok(path)
}
