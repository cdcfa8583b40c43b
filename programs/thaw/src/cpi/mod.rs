//! The only callers of other programs.
#![warn(missing_docs)]

pub mod stake;
pub mod system;
pub mod token;
