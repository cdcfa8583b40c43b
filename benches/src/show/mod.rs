//! What is shown of the figures in the documentation.

pub mod number;
pub mod pages;
pub mod pictures;
pub mod plot;
pub mod scale;
pub mod tables;
