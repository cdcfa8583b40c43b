//! The names of the program's instructions, as its IDL has them.

use std::sync::OnceLock;

use serde_json::Value;
use solana_instruction::Instruction;

const IDL: &str = include_str!("../../../idls/thaw.json");

/// Each instruction's name and discriminator.
pub fn instructions() -> &'static [(String, Vec<u8>)] {
    static ALL: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let idl: Value = serde_json::from_str(IDL).expect("the IDL is JSON");
        let byte = |it: &Value| it.as_u64().expect("a byte") as u8;
        let read = |it: &Value| {
            let name = it["name"].as_str().expect("a name").to_owned();
            (name, it["discriminator"].as_array().expect("bytes").iter().map(byte).collect())
        };
        let mut all: Vec<(String, Vec<u8>)> =
            idl["instructions"].as_array().expect("a list").iter().map(read).collect();
        // One byte is not to stand for eight that begin with it.
        all.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.len()));
        all
    })
}

/// What an instruction is called; another program's has no name.
pub fn name_of(instruction: &Instruction) -> &'static str {
    if instruction.program_id != thaw_client::thaw::ID {
        return "";
    }
    let is_it = |(_, bytes): &&(String, Vec<u8>)| instruction.data.starts_with(bytes);
    instructions().iter().find(is_it).map_or("unknown", |(name, _)| name)
}
