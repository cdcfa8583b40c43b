//! What the admin and the guardian call, what follows from it, and the opening of a pool.

pub mod accept_authority;
pub mod apply_config;
pub mod as_admin;
pub mod cancel_config;
pub mod collect_fees;
pub mod extend_validator_list;
pub mod initialize;
pub mod nominate_authority;
pub mod pause;
pub mod propose_config;
pub mod set_metadata;
pub mod unpause;
pub mod wind_down;

pub use accept_authority::*;
pub use apply_config::*;
pub use as_admin::*;
pub use cancel_config::*;
pub use collect_fees::*;
pub use extend_validator_list::*;
pub use initialize::*;
pub use nominate_authority::*;
pub use pause::*;
pub use propose_config::*;
pub use set_metadata::*;
pub use unpause::*;
pub use wind_down::*;
