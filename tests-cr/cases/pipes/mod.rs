// SPDX-License-Identifier: GPL-2.0

//! Pipes and FIFOs: what is on its way, how much room there is, who is at the ends.

facts! {
    both: in_flight;
    dynamic:
        asleep_opening, asleep_polling, asleep_reading, asleep_splicing, asleep_writing, attributes,
        cut_short, ends_many_times, fifo, fifo_awaits_writer, fifo_on_tmpfs, fifo_one_sided,
        fifo_other_name, fifo_removed, flags, full, of_another_user, packets, reader_gone,
        room_in_pages, sizes, spliced, spliced_from_socket, tells_its_owner, writer_gone,
}
