//! Two serializations for one type: Thaw's `Config` is a part of its zero-copy pool and an argument as
//! well, an IDL has room for one of both, and `declare_program!` derives that one alone. All bytes of
//! the struct are fields, so they are its Borsh encoding, too.

use std::io::{Read, Result, Write};

use anchor_lang::prelude::{AnchorDeserialize, AnchorSerialize};

use crate::thaw::types::Config;

impl AnchorSerialize for Config {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
        writer.write_all(bytemuck::bytes_of(self))
    }
}

impl AnchorDeserialize for Config {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
        let mut config: Self = bytemuck::Zeroable::zeroed();
        reader.read_exact(bytemuck::bytes_of_mut(&mut config))?;
        Ok(config)
    }
}
