// SPDX-License-Identifier: GPL-2.0

//! Locks: flock, record locks, those of open files, leases; who holds them and who waits.

pub mod locking;

facts! {
    both: records;
    dynamic: whole_files, waiters, leases, lease_breaking,
}
