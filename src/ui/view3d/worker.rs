//! The worker that draws: scenes are built and rasterised off the window's thread. Latest wins: a
//! new request replaces the waiting one.

use crate::catalog::Catalog;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use crate::render::scene::{Builder, Content, Frame, Look, OrbitCamera, Quality, draw_into};
use eframe::egui::ColorImage;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What is to be drawn.
pub struct Request {
    /// Counts up.
    pub serial: u64,
    /// The plan.
    pub plan: Plan,
    /// The catalogue.
    pub catalog: Arc<Catalog>,
    /// Results, maybe of an older plan.
    pub results: Option<Arc<Results>>,
    /// What is shown and how.
    pub look: Look,
    /// From where.
    pub camera: OrbitCamera,
    /// Width and height, px.
    pub size: [u32; 2],
    /// How finely.
    pub quality: Quality,
    /// An older picture, whose memory is used again.
    pub spare: Frame,
}

/// A finished picture.
pub struct Answer {
    /// Of this request.
    pub serial: u64,
    /// The picture.
    pub frame: Frame,
    /// The same for the screen.
    pub image: ColorImage,
    /// Time that drawing took, s.
    pub time_s: f64,
}

#[derive(Default)]
struct Mailbox {
    request: Option<Request>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    mailbox: Mutex<Mailbox>,
    filled: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle on the worker.
pub struct Worker {
    shared: Arc<Shared>,
    answers: Receiver<Answer>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the worker; `wake` is called after every picture.
    #[must_use]
    pub fn start(clock: Clock, wake: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let (sender, answers) = channel();
        let for_worker = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("hall in 3-D".into())
            .spawn(move || work(&for_worker, &clock, &sender, &wake))
            .ok();
        Self { shared, answers, thread }
    }

    /// Asks for a picture.
    pub fn request(&self, request: Request) {
        self.shared.lock().request = Some(request);
        self.shared.filled.notify_one();
    }

    /// The newest picture, if one came.
    #[must_use]
    pub fn poll(&self) -> Option<Answer> {
        self.answers.try_iter().last()
    }

    /// Waits for the next picture; none if the worker is gone.
    #[must_use]
    pub fn wait(&self) -> Option<Answer> {
        self.answers.recv().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.filled.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn next(shared: &Shared) -> Option<Request> {
    let mut mailbox = shared.lock();
    loop {
        if mailbox.closed {
            return None;
        }
        if let Some(request) = mailbox.request.take() {
            return Some(request);
        }
        mailbox = shared.filled.wait(mailbox).unwrap_or_else(PoisonError::into_inner);
    }
}

fn work(shared: &Shared, clock: &Clock, sender: &Sender<Answer>, wake: &(impl Fn() + Send)) {
    let mut builder = Builder::default();
    while let Some(r) = next(shared) {
        let results = r.results.as_deref();
        let content = Content { plan: &r.plan, catalog: &r.catalog, results };
        let scene = builder.build(&content, &r.look);
        let start = clock.now_s();
        let mut frame = r.spare;
        draw_into(&mut frame, &scene, &r.camera, r.size, r.quality);
        let size = [frame.width, frame.height];
        let image = ColorImage::from_rgba_premultiplied(size, &frame.rgba);
        let time_s = clock.now_s() - start;
        let answer = Answer { serial: r.serial, frame, image, time_s };
        if sender.send(answer).is_err() {
            return;
        }
        wake();
    }
}
