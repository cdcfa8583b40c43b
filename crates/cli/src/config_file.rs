//! The Solana CLI's config file and its names for clusters.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

/// What the file holds, as far as Thaw uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ConfigFile {
    /// RPC server.
    #[serde(default)]
    pub json_rpc_url: Option<String>,
    /// Key file of the wallet.
    #[serde(default)]
    pub keypair_path: Option<String>,
    /// How final data must be.
    #[serde(default)]
    pub commitment: Option<String>,
}

/// Where the Solana CLI keeps its files.
pub fn solana_dir() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".config/solana"))
}

impl ConfigFile {
    /// Reads the file that is named, or the Solana CLI's own where there is one.
    ///
    /// # Errors
    /// When a named file is missing, or the file is no YAML.
    pub fn read(named: Option<&Path>) -> Result<Self> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => match solana_dir().map(|dir| dir.join("cli/config.yml")) {
                Some(path) if path.exists() => path,
                _ => return Ok(Self::default()),
            },
        };
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read the config file {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("the config file {}", path.display()))
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is no YAML, or a value is of another type.
    pub fn parse(text: &str) -> Result<Self> {
        let parsed: Option<Self> = serde_yaml::from_str(text)?;
        Ok(parsed.unwrap_or_default())
    }
}

/// The URL of a moniker; anything else is taken as a URL.
///
/// # Errors
/// When it is neither.
pub fn url(text: &str) -> Result<String> {
    Ok(match text {
        "m" | "mainnet-beta" | "mainnet" => "https://api.mainnet-beta.solana.com".into(),
        "t" | "testnet" => "https://api.testnet.solana.com".into(),
        "d" | "devnet" => "https://api.devnet.solana.com".into(),
        "l" | "localhost" => "http://localhost:8899".into(),
        url if url.starts_with("http://") || url.starts_with("https://") => url.into(),
        other => anyhow::bail!(
            "`{other}` is neither a URL nor one of mainnet-beta, testnet, devnet, localhost"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solana_clis_own_file_is_read() {
        let text = "---\njson_rpc_url: http://localhost:8899\nwebsocket_url: ''\n\
                    keypair_path: /keys/id.json\naddress_labels:\n  \
                    '11111111111111111111111111111111': System Program\ncommitment: finalized\n";
        let file = ConfigFile::parse(text).unwrap();
        assert_eq!(file.json_rpc_url.as_deref(), Some("http://localhost:8899"));
        assert_eq!(file.keypair_path.as_deref(), Some("/keys/id.json"));
        assert_eq!(file.commitment.as_deref(), Some("finalized"));
        assert_eq!(ConfigFile::parse("").unwrap(), ConfigFile::default());
        assert_eq!(ConfigFile::parse("---\n").unwrap(), ConfigFile::default());
        assert!(ConfigFile::parse("json_rpc_url: [1, 2]").is_err());
        assert!(ConfigFile::parse("no yaml: : :").is_err());
        assert!(ConfigFile::read(Some(Path::new("/no/such/file.yml"))).is_err());
    }

    #[test]
    fn monikers_are_the_solana_clis() {
        for (name, letter) in
            [("mainnet-beta", "m"), ("testnet", "t"), ("devnet", "d"), ("localhost", "l")]
        {
            assert_eq!(url(name).unwrap(), url(letter).unwrap());
        }
        assert_eq!(url("http://x:1").unwrap(), "http://x:1");
        assert!(url("mainet").unwrap_err().to_string().contains("`mainet`"));
        assert!(url("ws://x").is_err());
    }
}
