//! What the generated tables become.

/// Account structs: each account with the function that makes its meta.
macro_rules! accounts {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$field_about:meta])* $field:ident: $ty:ty => $meta:ident,)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$field_about])* pub $field: $ty,)* }

        impl $crate::Accounts for $name {
            fn metas(&self) -> alloc::vec::Vec<solana_instruction::AccountMeta> {
                alloc::vec![$($crate::build::$meta(self.$field)),*]
            }
        }
    )*};
}

/// Arguments of instructions, in their order, with the accounts they go with.
macro_rules! instructions {
    ($(
        $(#[$about:meta])*
        $name:ident $discriminator:tt $accounts:ident { $($field:ident: $ty:ty,)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the comment of the instruction speaks of its arguments")]
        pub struct $name { $(pub $field: $ty,)* }

        impl $crate::InstructionData for $name {
            type Accounts = $crate::accounts::$accounts;
            const DISCRIMINATOR: &'static [u8] = &$discriminator;

            #[allow(unused_variables, reason = "some instructions take no arguments")]
            fn encode_args(&self, out: &mut alloc::vec::Vec<u8>) {
                $($crate::Encode::encode(&self.$field, out);)*
            }
        }
    )*};
}

/// Structs that are read from bytes in place: fields at the offsets that stand before them.
macro_rules! layouts {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $($(#[$field_about:meta])* $at:literal $offset:ident $field:ident: $ty:ty,)*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
        pub struct $name { $($(#[$field_about])* pub $field: $ty,)* }

        impl $name {
            $(
                #[doc = concat!("Offset of `", stringify!($field), "` in the struct, bytes.")]
                pub const $offset: usize = $at;
            )*
        }

        $(const _: () = assert!(core::mem::offset_of!($name, $field) == $at);)*
    )*};
}

/// Discriminators of the structs that are accounts.
macro_rules! account_discriminators {
    ($($name:ident $discriminator:tt)*) => {$(
        impl $crate::Account for $name {
            const DISCRIMINATOR: [u8; 8] = $discriminator;
        }
    )*};
}

/// Structs that are arguments: encoded field by field.
macro_rules! args {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$field_about:meta])* $field:ident: $ty:ty,)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$field_about])* pub $field: $ty,)* }

        impl $crate::Encode for $name {
            fn encode(&self, out: &mut alloc::vec::Vec<u8>) {
                $($crate::Encode::encode(&self.$field, out);)*
            }
        }
    )*};
}

/// Layouts that are arguments too: their bytes as they are.
macro_rules! encode_layouts {
    ($($name:ident)*) => {$(
        impl $crate::Encode for $name {
            fn encode(&self, out: &mut alloc::vec::Vec<u8>) {
                out.extend_from_slice(bytemuck::bytes_of(self));
            }
        }
    )*};
}

/// Enums without data that are arguments: one byte.
macro_rules! choices {
    ($($(#[$about:meta])* $name:ident { $($(#[$variant_about:meta])* $variant:ident,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names say it")]
        pub enum $name { $($(#[$variant_about])* $variant,)* }

        impl $crate::Encode for $name {
            fn encode(&self, out: &mut alloc::vec::Vec<u8>) {
                out.push(*self as u8);
            }
        }
    )*};
}

/// The program's errors.
macro_rules! errors {
    ($($name:ident = $code:literal $message:literal)*) => {
        /// The rule that was broken; its number is the custom code of the failed instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        pub enum ThawError { $(#[doc = $message] $name = $code,)* }

        impl ThawError {
            /// All of them, by code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The error with this code.
            pub fn from_code(code: u32) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// Its code.
            pub const fn code(self) -> u32 {
                self as u32
            }

            /// Its name in the IDL.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What it says.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* }
            }
        }
    };
}

pub(crate) use {
    account_discriminators, accounts, args, choices, encode_layouts, errors, instructions, layouts,
};
