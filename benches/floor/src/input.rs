//! What the runtime serialises, as the list of accounts that calls take.

/// Room that the runtime leaves behind an account's data.
const GROWTH: usize = 10_240;
/// Where the heap begins: the list of accounts lies there.
const HEAP: usize = 0x3_0000_0000;
/// Behind the most accounts that there can be: what a call takes besides.
pub const ABOVE: usize = HEAP + 256 * size_of::<Info>();

/// An account as `sol_invoke_signed_c` takes it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Info {
    pub key: *const u8,
    pub lamports: *mut u64,
    pub data_len: u64,
    pub data: *mut u8,
    pub owner: *const u8,
    pub rent_epoch: u64,
    pub is_signer: u8,
    pub is_writable: u8,
    pub executable: u8,
}

/// The accounts of the instruction.
#[derive(Debug)]
pub struct Input {
    infos: *mut Info,
    pub count: usize,
}

impl Input {
    /// The accounts and the instruction data.
    ///
    /// # Safety
    /// `input` is what the runtime serialised.
    pub unsafe fn read(mut input: *mut u8) -> (Self, *const u8) {
        // SAFETY: the layout is the runtime's; the heap has room for 256 infos, which it zeroed.
        unsafe {
            let infos = HEAP as *mut Info;
            let count = *input.cast::<u64>() as usize;
            input = input.add(8);
            for place in 0..count {
                let first = *input;
                if first != u8::MAX {
                    *infos.add(place) = *infos.add(usize::from(first));
                    input = input.add(8);
                    continue;
                }
                let data_len = *input.add(80).cast::<u64>();
                let data = input.add(88);
                let end = (data as usize + data_len as usize + GROWTH + 7) & !7;
                *infos.add(place) = Info {
                    key: input.add(8),
                    lamports: input.add(72).cast(),
                    data_len,
                    data,
                    owner: input.add(40),
                    rent_epoch: *(end as *const u64),
                    is_signer: *input.add(1),
                    is_writable: *input.add(2),
                    executable: *input.add(3),
                };
                input = (end + 8) as *mut u8;
            }
            (Self { infos, count }, input.add(8))
        }
    }

    /// The account at `place`.
    ///
    /// # Safety
    /// There is one.
    pub unsafe fn info(&self, place: usize) -> &Info {
        // SAFETY: the caller's word.
        unsafe { &*self.infos.add(place) }
    }

    /// The list, for a call.
    pub fn all(&self) -> *const u8 {
        self.infos.cast()
    }

    /// Moves lamports as listed at `moves`, those that are marked with `when`.
    ///
    /// # Safety
    /// The list is one, and its places are accounts.
    pub unsafe fn apply(&self, moves: *const u8, when: u8) {
        // SAFETY: the caller's word.
        unsafe {
            let mut at = moves.add(1);
            for _ in 0..*moves {
                if *at.add(10) == when {
                    let lamports = at.add(2).cast::<u64>().read_unaligned();
                    *self.info(usize::from(*at)).lamports -= lamports;
                    *self.info(usize::from(*at.add(1))).lamports += lamports;
                }
                at = at.add(11);
            }
        }
    }
}
