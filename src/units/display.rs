//! Numbers to text and back: the only place where it happens.
