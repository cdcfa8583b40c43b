//! What can go wrong when the cluster starts or is steered.

use std::path::PathBuf;

/// An error of the local cluster.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process listens on a port that the cluster needs.
    #[error("the {purpose} port {port} is taken: stop what listens there or choose another port")]
    PortTaken {
        /// What the port is for: "RPC" or "WebSocket".
        purpose: &'static str,
        /// The port.
        port: u16,
    },
    /// A program file could not be read.
    #[error("cannot read the program {}: {source}", path.display())]
    ProgramFile {
        /// The file that was named in the configuration.
        path: PathBuf,
        /// Why it could not be read.
        source: std::io::Error,
    },
    /// The configuration, the scenario or an argument makes no sense.
    #[error("{0}")]
    Config(String),
    /// The RPC servers did not come up or did not go down.
    #[error("local RPC server: {0}")]
    Server(String),
    /// The virtual machine refused a change of state.
    #[error("local chain: {0}")]
    Chain(String),
}

impl From<surfpool_core::error::SurfpoolError> for Error {
    fn from(error: surfpool_core::error::SurfpoolError) -> Self {
        Self::Chain(error.to_string())
    }
}
