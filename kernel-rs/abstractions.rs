// SPDX-License-Identifier: GPL-2.0

//! Safe doors to the C side. Here and in `entry.rs` is all the unsafe code of the subsystem.
//!
//! C: [`glue/glue.h`](srctree/kernel/checkpoint/glue/glue.h).

pub(crate) mod aio;
pub(crate) mod attributes;
pub(crate) mod cgroup;
pub(crate) mod completion;
pub(crate) mod contents;
pub(crate) mod cpu;
pub(crate) mod creds;
pub(crate) mod descriptors;
pub(crate) mod errno;
pub(crate) mod eventfds;
pub(crate) mod family;
pub(crate) mod fanotify;
pub(crate) mod file;
pub(crate) mod generated;
pub(crate) mod handed;
pub(crate) mod inherited;
pub(crate) mod ipc;
pub(crate) mod keys;
pub(crate) mod locks;
pub(crate) mod machine;
pub(crate) mod namespaces;
pub(crate) mod pages;
pub(crate) mod path;
pub(crate) mod pidfds;
pub(crate) mod pids;
pub(crate) mod pipes;
pub(crate) mod policy;
pub(crate) mod polls;
pub(crate) mod queues;
pub(crate) mod seccomp;
pub(crate) mod session;
pub(crate) mod signal;
pub(crate) mod sockets;
pub(crate) mod space;
pub(crate) mod specials;
pub(crate) mod storage;
pub(crate) mod task;
pub(crate) mod terminals;
pub(crate) mod timers;
pub(crate) mod tracers;
pub(crate) mod user;
pub(crate) mod vfork;
pub(crate) mod watches;

use kernel::prelude::*;

/// Makes a value of a plain C struct, all zero. Large ones never touch the stack.
pub(crate) fn zeroed<T: Plain>() -> Result<KVBox<T>> {
    let uninit = KVBox::<T>::new_uninit(GFP_KERNEL_ACCOUNT | __GFP_ZERO)?;
    // SAFETY: `T: Plain` says that all zeros is a value of it, and the memory is zeroed.
    Ok(unsafe { uninit.assume_init() })
}

/// Text from C, up to its zero byte.
pub(crate) fn until_zero(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or(&[])
}

/// C structs of numbers and pointers, for which all zeros is a value.
///
/// # Safety
///
/// All zeros must be a valid value.
pub(crate) unsafe trait Plain {}

macro_rules! plain {
    ($($name:ident),* $(,)?) => {
        // SAFETY: These structs of glue.h hold integers, booleans, raw pointers and arrays of them.
        $(unsafe impl Plain for crate::bindings::$name {})*
    };
}

plain!(
    ckpt_area,
    ckpt_confinement,
    ckpt_creds,
    ckpt_file,
    ckpt_group_event,
    ckpt_guards,
    ckpt_interrupted,
    ckpt_job,
    ckpt_keyring,
    ckpt_mark,
    ckpt_mm,
    ckpt_namespaces,
    ckpt_pages,
    ckpt_pipe,
    ckpt_policy,
    ckpt_process,
    ckpt_queue,
    ckpt_sched,
    ckpt_settings,
    ckpt_socket,
    ckpt_storage,
    ckpt_thread,
    ckpt_tracer,
    ckpt_tty_side,
);
