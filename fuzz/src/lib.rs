//! What the targets share.

pub mod bytes;
