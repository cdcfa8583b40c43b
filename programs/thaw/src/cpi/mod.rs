//! The only callers of other programs.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

pub mod call;
pub mod metadata;
pub mod stake;
pub mod system;
pub mod token;
