//! Values off the input; zeros where it ends, so that a short input is a plain one.

/// The input that is left.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// At most `length` bytes.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.take(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    /// One byte, below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// Two bytes.
    pub fn short(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    /// Eight bytes.
    pub fn number(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    /// A number whose size is as random as its value: edges, tenths of SOL, anything.
    pub fn amount(&mut self) -> u64 {
        match self.byte() % 8 {
            0 => 0,
            1 => u64::from(self.byte()),
            2 => u64::MAX - u64::from(self.byte()),
            3 => u64::from(self.short()) * 100_000_000,
            4 => 1 << (self.byte() % 64),
            5 => u64::from(self.short()),
            6 => self.number() >> (self.byte() % 64),
            _ => self.number(),
        }
    }

    /// `base`, or a number not far from it, or any.
    pub fn near(&mut self, base: u64) -> u64 {
        match self.byte() {
            0 => base,
            255 => self.amount(),
            step => base.wrapping_add(u64::from(step)).wrapping_sub(64),
        }
    }
}
