//! The SPL stake pool beside Thaw: the same story on the same machine with the same stake program.

pub mod build;
pub mod life;
pub mod pool;
pub mod story;
