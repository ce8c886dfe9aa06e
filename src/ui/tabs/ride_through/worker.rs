//! A ride-through on its own thread, with progress and a way to stop it.

use crate::evaluate::air::ride_through::{RideThrough, RideThroughCase, ride_through};
use crate::evaluate::cancel::CancelToken;
use eframe::egui::Context;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// Steps of the progress bar.
const STEPS: f64 = 200.0;

/// A ride-through under way.
#[derive(Debug)]
pub struct Running {
    newest: Arc<AtomicU64>,
    steps: Arc<AtomicU32>,
    answer: Receiver<Result<RideThrough, String>>,
}

impl Running {
    /// Starts it.
    pub fn start(question: RideThroughCase, ctx: &Context) -> Result<Self, String> {
        let (sender, answer) = channel();
        let (newest, steps) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU32::new(0)));
        let cancel = CancelToken::new(Arc::clone(&newest), 0);
        let (done, ctx) = (Arc::clone(&steps), ctx.clone());
        let work = move || {
            let mut watch = |share: f64| {
                let now = (share * STEPS) as u32;
                if done.swap(now, Ordering::Relaxed) != now {
                    ctx.request_repaint();
                }
                true
            };
            let result = ride_through(&question, None, &cancel, &mut watch);
            // A window that was closed meanwhile does not wait for the answer.
            let _ = sender.send(result.map_err(|e| e.to_string()));
            ctx.request_repaint();
        };
        let thread = std::thread::Builder::new().name("ride-through".into()).spawn(work);
        thread.map_err(|e| format!("The worker could not start: {e}"))?;
        Ok(Self { newest, steps, answer })
    }

    /// Share done, 0 to 1; 0 while the hall settles before the event.
    pub fn share(&self) -> f32 {
        self.steps.load(Ordering::Relaxed) as f32 / STEPS as f32
    }

    /// The answer, once there is one.
    pub fn poll(&self) -> Option<Result<RideThrough, String>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("The worker stopped early".into())),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }
}
