//! What went wrong, in words and as an exit code.

use std::process::ExitCode;

use anyhow::Error;
use serde::{Deserialize, Serialize};
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use thaw_client::{FetchError, Refusal, quotes::QuoteError};

use crate::output::Format;

/// Anything without a code of its own.
pub const FAILURE: u8 = 1;
/// The command line, or an answer that was needed, is wrong.
pub const USAGE: u8 = 2;
/// A program refused.
pub const REFUSED: u8 = 3;
/// The RPC server cannot be reached.
pub const UNREACHABLE: u8 = 4;

/// A mistake on the command line that clap cannot see.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// A [`Usage`] error.
pub fn usage(text: impl Into<String>) -> Error {
    Usage(text.into()).into()
}

/// What stderr says with `--output json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// In words.
    pub error: String,
    /// The exit code.
    pub exit_code: u8,
    /// Name of the rule that was broken, where the program refused.
    pub rule: Option<String>,
    /// The program's error code.
    pub code: Option<u32>,
    /// The value that was found, base units.
    pub found: Option<u64>,
    /// The value that would have been allowed, base units.
    pub allowed: Option<u64>,
}

impl ErrorReport {
    /// The report of an error.
    pub fn of(error: &Error) -> Self {
        let refusal = refusal(error);
        let values = refusal.and_then(|refusal| refusal.values);
        Self {
            error: format!("{error:#}"),
            exit_code: exit_code(error),
            rule: refusal.map(|refusal| refusal.name.clone()),
            code: refusal.map(|refusal| refusal.code),
            found: values.map(|values| values.0),
            allowed: values.map(|values| values.1),
        }
    }
}

/// The exit code of an error.
pub fn exit_code(error: &Error) -> u8 {
    if refusal(error).is_some() {
        REFUSED
    } else if error.chain().any(|cause| cause.is::<Usage>()) {
        USAGE
    } else if error.chain().any(is_unreachable) {
        UNREACHABLE
    } else {
        FAILURE
    }
}

/// The refusal behind an error, if a program refused.
pub fn refusal(error: &Error) -> Option<&Refusal> {
    error.chain().find_map(|cause| {
        cause.downcast_ref::<Refusal>().or_else(|| match cause.downcast_ref::<QuoteError>() {
            Some(QuoteError::Refused(refusal)) => Some(refusal),
            _ => None,
        })
    })
}

fn is_unreachable(cause: &(dyn std::error::Error + 'static)) -> bool {
    let client = cause
        .downcast_ref::<ClientError>()
        .or_else(|| cause.downcast_ref::<Box<ClientError>>().map(AsRef::as_ref))
        .or_else(|| match cause.downcast_ref::<FetchError>() {
            Some(FetchError::Rpc(error)) => Some(error.as_ref()),
            _ => None,
        });
    client.is_some_and(|error| {
        matches!(error.kind(), ErrorKind::Reqwest(_) | ErrorKind::Io(_) | ErrorKind::Middleware(_))
    })
}

/// Says what went wrong, to stderr.
pub fn tell(error: &Error, format: Format) -> ExitCode {
    let report = ErrorReport::of(error);
    match format {
        Format::Display => eprintln!("error: {}", report.error),
        Format::Json | Format::JsonCompact => match serde_json::to_string(&report) {
            Ok(text) => eprintln!("{text}"),
            Err(_) => eprintln!("error: {}", report.error),
        },
    }
    ExitCode::from(report.exit_code)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;
    use thaw_client::thaw::error::ThawError;

    use super::*;

    #[test]
    fn every_class_has_its_code() {
        let refusal = Refusal { values: Some((1, 2)), ..Refusal::of_rule(ThawError::Paused) };
        let error = Err::<(), _>(refusal).context("the deposit").unwrap_err();
        let report = ErrorReport::of(&error);
        assert_eq!((report.exit_code, report.rule.as_deref()), (REFUSED, Some("Paused")));
        assert_eq!((report.code, report.found, report.allowed), (Some(6_010), Some(1), Some(2)));
        assert!(report.error.starts_with("the deposit: "), "{}", report.error);

        assert_eq!(exit_code(&usage("no").context("more")), USAGE);
        assert_eq!(exit_code(&anyhow::anyhow!("other")), FAILURE);
        let io = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let client = Box::new(ClientError::from(ErrorKind::Io(io)));
        assert_eq!(exit_code(&FetchError::Rpc(client).into()), UNREACHABLE);
    }
}
