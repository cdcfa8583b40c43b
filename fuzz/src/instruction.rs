//! Instruction data: a discriminator and arguments of the IDL's types, or anything.

use std::sync::LazyLock;

use serde_json::Value;
use thaw_fuzz::bytes::Bytes;

use crate::{
    cast::{CAST, Part, part},
    pool::config,
};

static IDL: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../idls/thaw.json")).unwrap());

/// An instruction of the program.
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// Its accounts.
    pub accounts: Vec<Place>,
    discriminator: Vec<u8>,
    arguments: Vec<&'static Value>,
}

/// An account of an instruction.
pub struct Place {
    /// What stands there.
    pub part: Part,
    /// It may be left out, which the program's own key says.
    pub is_optional: bool,
    /// It signs.
    pub is_signer: bool,
    /// It is written.
    pub is_writable: bool,
}

/// All instructions.
pub static SHAPES: LazyLock<Vec<Shape>> =
    LazyLock::new(|| list(&IDL["instructions"]).iter().map(shape).collect());

fn list(value: &'static Value) -> &'static [Value] {
    value.as_array().map_or(&[], |list| list)
}

fn shape(instruction: &'static Value) -> Shape {
    let name = instruction["name"].as_str().unwrap();
    let place = |account: &'static Value| Place {
        part: stand_in(name, account["name"].as_str().unwrap()),
        is_optional: account["optional"] == true,
        is_signer: account["signer"] == true,
        is_writable: account["writable"] == true,
    };
    let discriminator = list(&instruction["discriminator"]);
    Shape {
        name,
        accounts: list(&instruction["accounts"]).iter().map(place).collect(),
        discriminator: discriminator.iter().map(|byte| byte.as_u64().unwrap() as u8).collect(),
        arguments: list(&instruction["args"]).iter().map(|argument| &argument["type"]).collect(),
    }
}

/// What stands at a place: that of its name, but for tickets and markers that are to be opened.
fn stand_in(instruction: &str, name: &str) -> Part {
    part(match (instruction, name) {
        ("request_withdrawal", "ticket") => "next_ticket",
        ("add_validator", "vote") => "next_vote",
        ("add_validator", "marker") => "next_marker",
        ("withdraw_stake", "stake") => "next_stake",
        ("unpause", "authority") => "wallet",
        _ => name,
    })
}

impl Shape {
    /// Its data: arguments of its types, at times with bytes too few or too many.
    pub fn data(&self, input: &mut Bytes) -> Vec<u8> {
        let mut data = self.discriminator.clone();
        let odd = input.byte();
        if odd == 255 {
            data.extend(input.take(64));
            return data;
        }
        for argument in &self.arguments {
            write(argument, input, &mut data);
        }
        if odd > 240 {
            data.resize(input.below(data.len() + 9), odd);
        }
        data
    }
}

/// Appends a value of the IDL's type `kind`.
fn write(kind: &'static Value, input: &mut Bytes, data: &mut Vec<u8>) {
    match kind.as_str() {
        Some("bool") => data.push(input.byte() & 1),
        Some("u8") => data.push(input.byte()),
        Some("u16") => data.extend((input.byte() as u16 % 5).to_le_bytes()),
        Some("u32") => data.extend((input.amount() as u32).to_le_bytes()),
        Some("pubkey") => data.extend(CAST[input.below(CAST.len())].key.to_bytes()),
        Some("string") => {
            let text = input.below(64);
            let text = input.take(text);
            data.extend((text.len() as u32).to_le_bytes());
            data.extend(text);
        }
        Some(_) => data.extend(input.amount().to_le_bytes()),
        None => write_composed(kind, input, data),
    }
}

fn write_composed(kind: &'static Value, input: &mut Bytes, data: &mut Vec<u8>) {
    if let Some(inner) = kind.get("option") {
        let is_some = input.byte() & 1;
        data.push(is_some);
        (0..is_some).for_each(|_| write(inner, input, data));
    } else if let Some(inner) = kind.get("vec") {
        let count = input.below(6);
        data.extend((count as u32).to_le_bytes());
        (0..count).for_each(|_| write(inner, input, data));
    } else if kind["defined"]["name"] == "ConfigValues" {
        // A random one would never be within its bounds.
        let mut config = config();
        let bytes = bytemuck::bytes_of_mut(&mut config);
        for _ in 0..input.byte() % 4 {
            bytes[input.below(64)] = input.byte();
        }
        data.extend(&*bytes);
    } else {
        let is_named = |it: &&Value| it["name"] == kind["defined"]["name"];
        let named = &list(&IDL["types"]).iter().find(is_named).unwrap()["type"];
        if named["kind"] == "enum" {
            data.push(input.byte() % (list(&named["variants"]).len() as u8 + 1));
        }
        list(&named["fields"]).iter().for_each(|field| write(&field["type"], input, data));
    }
}
