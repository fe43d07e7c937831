// SPDX-License-Identifier: GPL-2.0

//! Fact: sockets are called what they were called: by paths, relative, long, removed; by names of
//! their own, chosen or not. Who connects to a name gets there, accepted ones bear the listener's, and
//! datagrams tell their senders, also those that are gone.
//!
//! Could break: a name in a file system is bytes, and an inode, and where that is found.

use ckpt_support::pipes::{close, read, write};
use ckpt_support::unix::{
    accept, bind, connect, listen, name_of, receive_from, send_to, socket,
};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let own = format!("\0own-{}", std::process::id()).into_bytes();
    let (stream, datagram) = (libc::SOCK_STREAM, libc::SOCK_DGRAM);

    let listener = socket(stream);
    bind(listener, b"./listener").expect("a path");
    listen(listener, 7);
    let client = socket(stream);
    connect(client, b"listener\0and more").expect("connect");
    let accepted = accept(listener).expect("accept");
    let early = socket(stream);
    connect(early, b"listener").expect("connect");
    write(early, b"before you are there").expect("write");
    let late = socket(stream);
    bind(late, b"").expect("some name");
    connect(late, b"listener").expect("connect");
    write(late, b"gone again").expect("write");
    let late_name = name_of(late, false);
    close(&[late]);

    let removed = socket(stream);
    bind(removed, b"removed").expect("a path");
    listen(removed, 1);
    std::fs::remove_file("removed").expect("remove");
    let replaced = socket(datagram);
    bind(replaced, b"replaced").expect("a path");
    std::fs::remove_file("replaced").expect("remove");
    let newer = socket(datagram);
    bind(newer, b"replaced").expect("a path again");

    let mut longest = std::env::current_dir().expect("a directory").into_os_string().into_encoded_bytes();
    while longest.len() < 106 {
        longest.extend_from_slice(b"/.");
    }
    longest.truncate(106);
    longest.extend_from_slice(b"/L");
    let long = socket(libc::SOCK_SEQPACKET);
    bind(long, &longest).expect("the longest path");

    let server = socket(datagram);
    bind(server, &own).expect("a name");
    let automatic = socket(datagram);
    bind(automatic, b"").expect("some name");
    connect(automatic, &own).expect("connect");
    write(automatic, b"from me").expect("write");
    let nameless = socket(datagram);
    send_to(nameless, &own, b"from nobody").expect("send");
    send_to(newer, &own, b"by path").expect("send");
    let gone = socket(datagram);
    bind(gone, b"\0\xff\0gone").expect("a name");
    send_to(gone, &own, b"from the dead").expect("send");
    close(&[gone]);
    let all = [
        listener, client, accepted, early, removed, replaced, newer, long, server, automatic, nameless,
    ];
    let names = || all.map(|fd| (name_of(fd, false), name_of(fd, true)));
    let before = names();

    checkpoint_here();

    same("names", &before, &names());
    let inode = std::fs::symlink_metadata("listener").expect("the inode");
    same("a socket", &true, &std::os::unix::fs::FileTypeExt::is_socket(&inode.file_type()));
    let second = accept(listener).expect("one that waited");
    same("said before", &Ok(b"before you are there".to_vec()), &read(second, 100));
    write(second, b"welcome").expect("write");
    same("and back", &Ok(b"welcome".to_vec()), &read(early, 100));
    same("its name", &Ok(b"./listener\0".to_vec()), &name_of(second, false));
    let third = accept(listener).expect("one that is gone");
    same("its peer", &late_name, &name_of(third, true));
    same("from it", &Ok(b"gone again".to_vec()), &read(third, 100));
    same("no more", &Ok(vec![]), &read(third, 100));
    let new = socket(stream);
    connect(new, b"listener").expect("connect anew");
    accept(listener).expect("accept anew");
    write(client, b"old").expect("write");
    same("old", &Ok(b"old".to_vec()), &read(accepted, 100));

    let again = socket(stream);
    same("nothing there", &Err(libc::ENOENT), &connect(again, b"removed"));
    same("in use", &Err(libc::EADDRINUSE), &bind(again, b"listener"));
    let other = socket(datagram);
    same("in use", &Err(libc::EADDRINUSE), &bind(other, &own));
    send_to(other, b"replaced", b"to the newer").expect("send");
    let got = receive_from(newer, 100);
    same("the newer", &Ok((b"to the newer".to_vec(), vec![])), &got);
    same("not the older", &Err(libc::EAGAIN), &receive_from(replaced, 100));

    let automatic_name = name_of(automatic, false).expect("a name");
    for (bytes, name) in [
        (&b"from me"[..], &automatic_name[..]),
        (b"from nobody", b""),
        (b"by path", b"replaced\0"),
        (b"from the dead", b"\0\xff\0gone"),
    ] {
        let expected = (bytes.to_vec(), name.to_vec());
        same("a datagram", &Ok(expected), &receive_from(server, 100));
    }
    send_to(server, &automatic_name, b"answer").expect("answer");
    same("an answer", &Ok(b"answer".to_vec()), &read(automatic, 100));
}
