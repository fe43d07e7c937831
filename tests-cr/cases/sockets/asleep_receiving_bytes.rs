// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in a call on a socket goes on sleeping until what it waits for happens: `receiving_bytes`.
//!
//! Could break: the call begins anew, on another socket.

pub fn run() {
    super::asleep::receiving_bytes();
}
