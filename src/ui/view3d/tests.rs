//! The 3-D view in the headless window.
