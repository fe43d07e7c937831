// SPDX-License-Identifier: GPL-2.0

//! Unix sockets: what is on its way through them, what they are called, who is at the other end.

mod asleep;

facts! {
    both: pairs;
    dynamic:
        asleep_accepting, asleep_connecting, asleep_receiving_bytes, asleep_receiving_datagram,
        asleep_receiving_packet, asleep_sending, attributes, ends, filters, in_flight, named, options, senders,
        timeout_accepting, timeout_connecting, timeout_receiving, timeout_sending,
        timeout_signal, urgent,
}
