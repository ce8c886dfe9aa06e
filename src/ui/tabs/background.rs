//! Work for a tab on its own thread: one question at a time, dropped once nobody waits for it.

use crate::evaluate::cancel::CancelToken;
use eframe::egui::Context;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// A question under way.
#[derive(Debug)]
pub struct Background<T> {
    newest: Arc<AtomicU64>,
    answer: Receiver<T>,
}

impl<T: Send + 'static> Background<T> {
    /// Starts `work`, which gives nothing when it was cancelled; `None` when the system refuses a
    /// thread.
    pub fn start(
        name: &str,
        ctx: &Context,
        work: impl FnOnce(&CancelToken) -> Option<T> + Send + 'static,
    ) -> Option<Self> {
        let (sender, answer) = channel();
        let newest = Arc::new(AtomicU64::new(0));
        let cancel = CancelToken::new(Arc::clone(&newest), 0);
        let ctx = ctx.clone();
        let run = move || {
            if let Some(found) = work(&cancel) {
                // A window that was closed meanwhile does not wait for the answer.
                let _ = sender.send(found);
            }
            ctx.request_repaint();
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        thread.ok().map(|_| Self { newest, answer })
    }

    /// The answer once it is there; `Err` when the work ended without one.
    pub fn poll(&self) -> Option<Result<T, ()>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(Ok(answer)),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(())),
        }
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }
}
