// SPDX-License-Identifier: GPL-2.0

//! Fact: a pseudo terminal has the number, settings, size, modes and owner that it had; and its sides
//! are open as they were, by whatever name.
//!
//! Could break: what ioctl(2) sets is in the kernel only; numbers are given in order.

use std::fs;
use std::os::unix::fs::{chown, MetadataExt, PermissionsExt};

use ckpt_support::pipes::{close, flags, open, read, write};
use ckpt_support::terminals::{
    call, change, get, master, name, number, pair, set, settings, shown, size, slave, try_get,
    QUIETLY,
};
use ckpt_support::{are_one_open_file, checkpoint_here, link_of, must, same};

pub fn run() {
    // Numbers are not given anew in order: one is free.
    let [gone, gone_slave] = pair();
    let [first, one] = pair();
    let again = slave(first, libc::O_NONBLOCK);
    let reader = open(
        &std::ffi::CString::new(name(number(first))).expect("a path"),
        libc::O_RDONLY | libc::O_NOCTTY,
    );
    // SAFETY: takes no pointer.
    let peer = must("TIOCGPTPEER", unsafe {
        libc::ioctl(first, libc::TIOCGPTPEER, QUIETLY)
    });
    // SAFETY: takes no pointer.
    let same_one = must("dup", unsafe { libc::dup(one) });
    // Nobody has ever opened the slave of this one, and nobody may.
    let locked = open(c"/dev/pts/ptmx", QUIETLY | libc::O_NONBLOCK);
    let unused = master();
    close(&[gone, gone_slave]);

    change(one, |settings| {
        settings.c_iflag = libc::IXOFF | libc::IUTF8 | libc::ICRNL;
        settings.c_oflag = libc::OPOST | libc::OCRNL;
        settings.c_cflag = settings.c_cflag & !libc::CBAUD | libc::BOTHER | libc::HUPCL;
        settings.c_lflag = libc::ICANON | libc::ECHOCTL | libc::ISIG | libc::TOSTOP;
        settings.c_cc[libc::VINTR] = b'!';
        settings.c_cc[libc::VEOL] = b';';
        settings.c_ispeed = 12345;
        settings.c_ospeed = 54321;
    });
    let mut fixed: libc::termios = get(one, TIOCGLCKTRMIOS);
    fixed.c_lflag = libc::ECHO;
    fixed.c_cc[libc::VKILL] = 1;
    set(one, TIOCSLCKTRMIOS, &fixed);
    let window = libc::winsize {
        ws_row: 51,
        ws_col: 132,
        ws_xpixel: 1320,
        ws_ypixel: 1020,
    };
    set(first, libc::TIOCSWINSZ, &window);
    set(first, libc::TIOCPKT, &1i32);
    // Packet mode tells of this.
    change(one, |settings| settings.c_iflag |= libc::IXON);
    same("TIOCEXCL", &Ok(()), &call(one, libc::TIOCEXCL, 0));
    let path = name(number(first));
    chown(&path, Some(1234), Some(4321)).expect("chown");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o612)).expect("chmod");
    let all = [first, one, again, reader, peer, locked, unused];
    let look = || {
        let metadata = fs::metadata(&path).expect("stat");
        (
            all.map(link_of),
            all.map(flags),
            [first, locked, unused].map(number),
            shown(&settings(one)),
            size(one),
            (metadata.uid(), metadata.gid(), metadata.mode(), metadata.mtime()),
        )
    };
    let before = look();

    checkpoint_here();

    same("all of it", &before, &look());
    same("one file", &true, &are_one_open_file(one, same_one));
    same("two files", &false, &are_one_open_file(one, again));
    let fixed: libc::termios = get(one, TIOCGLCKTRMIOS);
    let locks = (fixed.c_lflag, fixed.c_cc[libc::VKILL], fixed.c_cc[libc::VEOF]);
    same("locked settings", &(libc::ECHO, 1, 0), &locks);
    same("packet mode", &Ok(1), &try_get::<i32>(first, libc::TIOCGPKT));
    same("exclusive", &Ok(1), &try_get::<i32>(one, TIOCGEXCL));
    same("not locked", &Ok(0), &try_get::<i32>(first, libc::TIOCGPTLCK));
    same("locked", &Ok(1), &try_get::<i32>(locked, libc::TIOCGPTLCK));
    let status = Ok(vec![TIOCPKT_DOSTOP]);
    same("what has changed", &status, &read(first, 10));
    same("write", &Ok(3), &write(again, b"out"));
    same("packet", &Ok(b"\0out".to_vec()), &read(first, 10));
    same("type", &Ok(3), &write(first, b"in;"));
    same("read", &Ok(b"in;".to_vec()), &read(peer, 10));
    let nobody = fs::OpenOptions::new().read(true).open(name(number(locked)));
    let error = nobody.err().and_then(|error| error.raw_os_error());
    same("locked means", &Some(libc::EIO), &error);
    let late = slave(unused, 0);
    same("a late slave", &Ok(2), &write(unused, b"x\n"));
    same("reads", &Ok(b"x\n".to_vec()), &read(late, 10));
}

const TIOCGLCKTRMIOS: libc::Ioctl = 0x5456;
const TIOCSLCKTRMIOS: libc::Ioctl = 0x5457;
const TIOCGEXCL: libc::Ioctl = 0x8004_5440;
const TIOCPKT_DOSTOP: u8 = 32;
