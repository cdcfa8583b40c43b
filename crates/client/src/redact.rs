//! Errors without addresses: that of a server often carries the key to it.

/// What an HTTP client puts before the address in its errors.
const MARK: &str = " for url (";

/// `text` without the address that an HTTP client names in its errors.
pub fn without_url(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once(MARK) {
        kept.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_an_address_is_not_told() {
        let told = "error sending request for url (https://rpc.example/?api-key=secret): timed out";
        assert_eq!(without_url(told), "error sending request: timed out");
        assert_eq!(without_url("a for url (b) c for url (d"), "a c");
        assert_eq!(without_url("nothing to hide (here)"), "nothing to hide (here)");
    }
}
