//! Follows the air from rack to rack in a worker, once asked and once the answer is settled. An
//! edit calls it off.

use super::TokenmillApp;
use crate::evaluate::air::{AirResult, Capture, capture};
use crate::evaluate::cancel::CancelToken;
use crate::ui::state::Freshness;
use eframe::egui;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

type Answer = Result<Arc<Capture>, String>;

/// The worker and what it follows.
#[derive(Default)]
pub struct Follower {
    newest: Arc<AtomicU64>,
    of: Option<Arc<AirResult>>,
    answer: Option<Receiver<Answer>>,
}

impl Follower {
    fn start(&mut self, air: &Arc<AirResult>, ctx: &egui::Context) {
        let mine = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let cancel = CancelToken::new(Arc::clone(&self.newest), mine);
        let (sender, receiver) = channel();
        let (followed, waker) = (Arc::clone(air), ctx.clone());
        self.of = Some(Arc::clone(air));
        let started = std::thread::Builder::new().name("follow".into()).spawn(move || {
            let answer = capture(&followed, &cancel);
            // Called off or the window closed: then nobody waits for the answer.
            let _ = sender.send(answer.map(Arc::new).map_err(|e| e.to_string()));
            waker.request_repaint();
        });
        self.answer = started.is_ok().then_some(receiver);
    }

    fn call_off(&mut self) {
        self.newest.fetch_add(1, Ordering::Relaxed);
        (self.of, self.answer) = (None, None);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.call_off();
    }
}

impl TokenmillApp {
    /// Starts, calls off or takes in the worker's answer, once per frame.
    pub(super) fn follow_air(&mut self, ctx: &egui::Context) {
        let settled = matches!(self.freshness(), Freshness::Settled | Freshness::Refining);
        if !self.ui_state.follow || !settled {
            if self.follower.of.is_some() {
                self.follower.call_off();
            }
            self.ui_state.capture = None;
            return;
        }
        let Some(results) = self.document.results().map(Arc::clone) else { return };
        if !self.follower.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &results.air)) {
            self.follower.call_off();
            self.follower.start(&results.air, ctx);
        }
        let answer = self.follower.answer.as_ref().and_then(|a| a.try_recv().ok());
        match answer {
            Some(Ok(capture)) => self.ui_state.capture = Some(capture),
            Some(Err(problem)) => self.say(format!("The air could not be followed: {problem}")),
            None => {}
        }
    }
}
