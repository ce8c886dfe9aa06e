//! What the diagram remembers from frame to frame.

use super::camera::Camera;
use crate::evaluate::power::case::PowerCase;
use crate::render::oneline::{Area, OneLine, Tree};
use eframe::egui::{Pos2, Rect};
use std::sync::Arc;

/// What the pointer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// An element, by index.
    Element(usize),
    /// A connection of a load, by its place among the taps.
    Tap(usize),
}

/// The diagram's memory.
#[derive(Default)]
pub struct OneLineState {
    case: Option<Arc<PowerCase>>,
    /// The laid-out diagram.
    pub(super) line: OneLine,
    /// Who hangs on whom.
    pub(super) tree: Tree,
    pub(super) camera: Option<Camera>,
    pub(super) hover: Option<Hit>,
    pub(super) pointer: Option<Pos2>,
    /// Whether the person moved the view; until then it keeps showing everything.
    pub(super) moved: bool,
    /// Name of a component to bring into view at the next frame.
    wish: Option<String>,
}

impl OneLineState {
    /// Lays the diagram out anew if the chain is another one.
    pub(super) fn refresh(&mut self, case: &Arc<PowerCase>) {
        let known = self.case.as_ref();
        if known.is_some_and(|c| Arc::ptr_eq(c, case)) {
            return;
        }
        let redraw = known.is_none_or(|c| !is_same_shape(c, case));
        self.case = Some(Arc::clone(case));
        if redraw {
            self.line = OneLine::of(case);
            self.tree = Tree::of(case);
            self.hover = None;
        }
    }

    /// Shows the whole diagram at the next frame.
    pub const fn fit(&mut self) {
        self.moved = false;
    }

    /// Brings a component into view at the next frame, near enough to be read.
    pub fn reveal(&mut self, name: impl Into<String>) {
        self.wish = Some(name.into());
    }

    /// The zoom, points of the screen per diagram point.
    #[must_use]
    pub fn zoom(&self) -> f32 {
        self.camera.map_or(1.0, |c| c.zoom)
    }

    /// Where an element is drawn on the screen.
    #[must_use]
    pub fn screen_of(&self, name: &str) -> Option<Pos2> {
        let i = self.case.as_ref()?.elements.iter().position(|e| e.name == name)?;
        Some(self.camera?.screen(self.line.nodes.get(i)?.at))
    }

    /// Words for the status bar.
    #[must_use]
    pub fn status_line(&self) -> String {
        let n = self.line.nodes.len();
        format!("one-line   ·   {n} components   ·   {:.0} %", 100.0 * self.zoom())
    }

    /// Settles the camera for this frame's view.
    pub(super) fn place_camera(&mut self, view: Rect, device: Option<&str>) {
        let mut camera = self.camera.unwrap_or_else(|| Camera::new(view));
        camera.view = view;
        if !self.moved {
            camera.fit(&Area { min: [0.0; 2], max: self.line.size });
        }
        let wish = self.wish.take();
        if let Some(name) = wish.as_deref().or(device.filter(|_| wish.is_some())) {
            let case = self.case.as_ref();
            let at = case.and_then(|c| c.elements.iter().position(|e| e.name == name));
            if let Some(node) = at.and_then(|i| self.line.nodes.get(i)) {
                camera.zoom = camera.zoom.max(1.0);
                camera.centre = [
                    f32::midpoint(node.area.min[0], node.area.max[0]),
                    f32::midpoint(node.area.min[1], node.area.max[1]),
                ];
                self.moved = true;
            }
        }
        self.camera = Some(camera);
    }
}

/// Whether two chains are drawn alike: same elements, supplies and connections.
fn is_same_shape(a: &PowerCase, b: &PowerCase) -> bool {
    let elements = a.elements.iter().zip(&b.elements).all(|(x, y)| {
        x.name == y.name && x.kind == y.kind && x.parent == y.parent && x.backup == y.backup
    });
    let loads = a.loads.iter().zip(&b.loads).all(|(x, y)| {
        x.name == y.name
            && x.feeds.len() == y.feeds.len()
            && x.feeds.iter().zip(&y.feeds).all(|(f, g)| f.element == g.element && f.tap == g.tap)
    });
    a.elements.len() == b.elements.len() && a.loads.len() == b.loads.len() && elements && loads
}
