// SPDX-License-Identifier: GPL-2.0

//! The only door from C: the two system calls, and the file of a session.
//! C header: [`glue/glue.h`](srctree/kernel/checkpoint/glue/glue.h).

use crate::bindings::ckpt_ending as Ending;
use kernel::ffi::{c_long, c_void};
use kernel::prelude::*;
use kernel::sync::Arc;
use pin_init::stack_pin_init;

use crate::abstractions::vfork::Wait;
use crate::abstractions::{session, user};
use crate::checkpoint;
use crate::format::calls::{CheckpointArgs, RestartArgs};
use crate::restart;
use crate::session::{Outcome, Session};

/// checkpoint(2).
///
/// # Safety
///
/// None beyond being in a system call: `args` is a user address that is checked when it is read.
#[export]
pub(crate) unsafe extern "C" fn ckpt_checkpoint(args: *const c_void, size: usize) -> c_long {
    let call = || -> Result {
        let args = user::read_arguments::<CheckpointArgs>(args, size)?;
        let stats = checkpoint::checkpoint(&args)?;
        // It could be written a moment ago, and the image has its end.
        let _ = user::write_result(args.stats.get(), args.stats_size.get(), &stats);
        Ok(())
    };
    match call() {
        Ok(()) => 0,
        Err(error) => error.to_errno() as c_long,
    }
}

/// restart(2).
///
/// # Safety
///
/// `ending` must be valid for writes. `args` is a user address that is checked when it is read.
#[export]
pub(crate) unsafe extern "C" fn ckpt_restart(
    args: *const c_void,
    size: usize,
    ending: *mut Ending,
) -> c_long {
    stack_pin_init!(let wait = Wait::new());
    let wait = wait.as_ref();
    let call = || restart::restart(&user::read_arguments::<RestartArgs>(args, size)?, wait);
    match call() {
        // Nothing of the restart is held any longer: this may take its time.
        Ok(Outcome::Returns(value)) => {
            let child = wait.finish().map(|number| number as c_long);
            child.unwrap_or(value as c_long)
        }
        Ok(Outcome::Ends(status)) => {
            // SAFETY: By the contract of this function.
            unsafe { ending.write(Ending { ends: true, status }) };
            0
        }
        Err(error) => error.to_errno() as c_long,
    }
}

/// A descriptor of a session is closed.
///
/// # Safety
///
/// `session` must be the private data of a session's file, which is held.
#[export]
pub(crate) unsafe extern "C" fn ckpt_session_flush(session: *mut c_void) {
    // SAFETY: By the contract of this function.
    unsafe { session::borrow(session) }.flush();
}

/// The last reference on a session's file is gone.
///
/// # Safety
///
/// `session` must be the private data of that file; it must not be used again.
#[export]
pub(crate) unsafe extern "C" fn ckpt_session_release(session: *mut c_void) {
    // SAFETY: By the contract of this function the reference that the file had is given to us.
    let session = unsafe { Arc::from_raw(session.cast_const().cast::<Session>()) };
    session.abort();
}
