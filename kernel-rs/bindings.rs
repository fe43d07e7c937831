// SPDX-License-Identifier: GPL-2.0

//! What `bindgen` makes of the headers in `glue/`, with what the `kernel` crate has of the
//! kernel's own.
//!
//! C: [`glue/glue.h`](srctree/kernel/checkpoint/glue/glue.h).

#![allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    improper_ctypes,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_op_in_unsafe_fn
)]

pub(crate) use kernel::bindings::*;

use kernel::ffi;
use pin_init::MaybeZeroable;

include!(concat!(
    env!("OBJTREE"),
    "/rust/bindings/checkpoint_generated.rs"
));
