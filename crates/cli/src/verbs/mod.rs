//! The verbs, one per file: arguments, what they do, and the type of their JSON.

pub mod authority;
pub mod claim;
pub mod collect_fees;
pub mod completion;
pub mod config;
pub mod create;
pub mod deposit;
pub mod history;
pub mod keeper;
pub mod metadata;
pub mod migrate;
pub mod pause;
pub mod power;
pub mod quote;
pub mod show;
mod show_text;
pub mod tickets;
pub mod transfer;
pub mod validator;
pub mod validators;
pub mod weights;
pub mod wind_down;
pub mod withdraw;
