//! Anchor's prelude with shorter refusals. Anchor's macros write the building of an error, with file
//! and line, out at every place that refuses; a call instead makes the program a fifth smaller.

pub use anchor_lang::prelude::*;

macro_rules! broken {
    ($error:expr) => {
        $crate::error::refuse($error)
    };
}

macro_rules! refuse {
    ($error:expr) => {
        Err($crate::error::refuse($error))
    };
}

macro_rules! refuse_unless {
    ($condition:expr, $error:expr) => {
        if !$condition {
            return Err($crate::error::refuse($error));
        }
    };
}

macro_rules! refuse_unless_equal {
    ($left:expr, $right:expr, $error:expr) => {
        if $left != $right {
            return Err($crate::error::refuse($error));
        }
    };
}

pub(crate) use crate::error::refuse_with;
pub(crate) use broken as error;
pub(crate) use refuse as err;
pub(crate) use refuse_unless as require;
pub(crate) use refuse_unless_equal as require_keys_eq;
