//! Events out of a transaction's log.

use anchor_lang::{AnchorDeserialize, Discriminator, prelude::Pubkey};

use crate::Sent;

/// How the runtime marks data in a log.
const MARK: &str = "Program data: ";
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Sent {
    /// The one event of the transaction, which must be an `E` and leave no byte over.
    ///
    /// # Panics
    /// When there is another number of events, or another event.
    #[track_caller]
    pub fn event<E: Discriminator + AnchorDeserialize>(&self) -> E {
        let lines: Vec<&str> =
            self.logs.iter().filter_map(|line| line.strip_prefix(MARK)).collect();
        assert_eq!(lines.len(), 1, "one event expected: {:#?}", self.logs);
        let bytes = base64(lines[0]);
        let fields = bytes.strip_prefix(E::DISCRIMINATOR).expect("another event");
        E::try_from_slice(fields).expect("an event that decodes to its last byte")
    }

    /// The number that `program` returned last.
    ///
    /// # Panics
    /// When it returned anything else.
    #[track_caller]
    pub fn number_of(&self, program: &Pubkey) -> u64 {
        let mark = format!("Program return: {program} ");
        let mut lines = self.logs.iter().filter_map(|line| line.strip_prefix(&mark));
        let bytes = base64(lines.next_back().expect("nothing was returned"));
        u64::try_from_slice(&bytes).expect("eight bytes")
    }
}

/// Decodes standard base64.
fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for symbol in text.bytes().filter(|symbol| *symbol != b'=') {
        let value = ALPHABET.iter().position(|known| *known == symbol).expect("base64");
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
