// SPDX-License-Identifier: GPL-2.0

//! Unix sockets: made, named, filled and asked.

use std::ffi::c_void;
use std::os::fd::RawFd;

use crate::sys::{errno, must};

/// A pair of connected sockets.
pub fn pair(kind: i32) -> [RawFd; 2] {
    let mut pair = [0; 2];
    // SAFETY: two numbers, as wanted.
    must("socketpair", unsafe {
        libc::socketpair(libc::AF_UNIX, kind, 0, pair.as_mut_ptr())
    });
    pair
}

/// A socket.
pub fn socket(kind: i32) -> RawFd {
    // SAFETY: takes no pointer.
    must("socket", unsafe { libc::socket(libc::AF_UNIX, kind, 0) })
}

fn address(name: &[u8]) -> (libc::sockaddr_un, u32) {
    // SAFETY: zeros are an address.
    let mut address: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    address.sun_family = libc::AF_UNIX as u16;
    for (to, from) in address.sun_path.iter_mut().zip(name) {
        *to = *from as libc::c_char;
    }
    (address, 2 + name.len() as u32)
}

fn result(returned: i64) -> Result<usize, i32> {
    usize::try_from(returned).map_err(|_| errno())
}

/// bind(2) to these bytes; none: to whatever is free.
pub fn bind(socket: RawFd, name: &[u8]) -> Result<usize, i32> {
    let (address, length) = address(name);
    // SAFETY: reads the address.
    result(unsafe { libc::bind(socket, (&raw const address).cast(), length) }.into())
}

/// connect(2) to these bytes.
pub fn connect(socket: RawFd, name: &[u8]) -> Result<usize, i32> {
    let (address, length) = address(name);
    // SAFETY: reads the address.
    result(unsafe { libc::connect(socket, (&raw const address).cast(), length) }.into())
}

/// listen(2).
pub fn listen(socket: RawFd, backlog: i32) {
    // SAFETY: takes no pointer.
    must("listen", unsafe { libc::listen(socket, backlog) });
}

/// accept(2).
pub fn accept(socket: RawFd) -> Result<RawFd, i32> {
    let null = std::ptr::null_mut();
    // SAFETY: null is no address.
    let accepted = unsafe { libc::accept(socket, null, null.cast()) };
    result(accepted.into()).map(|fd| fd as RawFd)
}

/// sendto(2) these bytes.
pub fn send_to(socket: RawFd, name: &[u8], bytes: &[u8]) -> Result<usize, i32> {
    let (address, length) = address(name);
    let to = (&raw const address).cast();
    // SAFETY: reads the bytes and the address.
    result(unsafe {
        libc::sendto(socket, bytes.as_ptr().cast(), bytes.len(), 0, to, length) as i64
    })
}

/// send(2) with flags.
pub fn send(socket: RawFd, bytes: &[u8], flags: i32) -> Result<usize, i32> {
    // SAFETY: reads the bytes.
    result(unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), flags) as i64 })
}

/// recv(2) with flags, and MSG_DONTWAIT.
pub fn receive(socket: RawFd, size: usize, flags: i32) -> Result<Vec<u8>, i32> {
    let mut bytes = vec![0; size];
    let flags = flags | libc::MSG_DONTWAIT;
    // SAFETY: there is room for so many bytes.
    let got = unsafe { libc::recv(socket, bytes.as_mut_ptr().cast(), size, flags) };
    bytes.truncate(result(got as i64)?);
    Ok(bytes)
}

/// recvfrom(2): the bytes, and the name of who has sent them.
pub fn receive_from(socket: RawFd, size: usize) -> Result<(Vec<u8>, Vec<u8>), i32> {
    let mut bytes = vec![0; size];
    let mut name = [0u8; 128];
    let mut length = name.len() as u32;
    // SAFETY: there is room for so many bytes, and for the name.
    let got = unsafe {
        libc::recvfrom(
            socket,
            bytes.as_mut_ptr().cast(),
            size,
            libc::MSG_DONTWAIT,
            name.as_mut_ptr().cast(),
            &mut length,
        )
    };
    bytes.truncate(result(got as i64)?);
    let name = name[..length as usize].get(2..).unwrap_or(&[]);
    Ok((bytes, name.to_vec()))
}

/// getsockname(2) or getpeername(2), without the family.
pub fn name_of(socket: RawFd, peer: bool) -> Result<Vec<u8>, i32> {
    let mut name = [0u8; 128];
    let mut length = name.len() as u32;
    let to = name.as_mut_ptr().cast();
    // SAFETY: there is room for so many bytes.
    let got = unsafe {
        match peer {
            true => libc::getpeername(socket, to, &mut length),
            false => libc::getsockname(socket, to, &mut length),
        }
    };
    result(got.into())?;
    Ok(name[2..length as usize].to_vec())
}

/// getsockopt(SOL_SOCKET).
pub fn option(socket: RawFd, option: i32) -> Result<Vec<u8>, i32> {
    let mut value = [0u8; 64];
    let mut length = value.len() as u32;
    let to = value.as_mut_ptr().cast();
    // SAFETY: there is room for so many bytes.
    let got = unsafe { libc::getsockopt(socket, libc::SOL_SOCKET, option, to, &mut length) };
    result(got.into())?;
    Ok(value[..length as usize].to_vec())
}

/// setsockopt(SOL_SOCKET).
pub fn set_option<T>(socket: RawFd, option: i32, value: T) -> Result<usize, i32> {
    let from: *const c_void = (&raw const value).cast();
    let length = size_of::<T>() as u32;
    // SAFETY: reads the value.
    let set = unsafe { libc::setsockopt(socket, libc::SOL_SOCKET, option, from, length) };
    result(set.into())
}

/// shutdown(2).
pub fn shut_down(socket: RawFd, how: i32) {
    // SAFETY: takes no pointer.
    must("shutdown", unsafe { libc::shutdown(socket, how) });
}

/// An ioctl(2) that gives a number.
pub fn number(socket: RawFd, request: u64) -> i32 {
    let mut value = 0;
    // SAFETY: there is room for a number.
    must("ioctl", unsafe {
        libc::ioctl(socket, request, &raw mut value)
    });
    value
}

/// sendmsg(2): bytes, and files with them.
pub fn send_files(socket: RawFd, bytes: &[u8], files: &[RawFd]) -> Result<usize, i32> {
    let mut control = [0u64; 256];
    let mut data = libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    };
    let size = size_of_val(files) as u32;
    // SAFETY: there is room for one header and the numbers, and everything outlives the call.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &mut data;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = libc::CMSG_SPACE(size) as usize;
        let header = libc::CMSG_FIRSTHDR(&message);
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SCM_RIGHTS;
        (*header).cmsg_len = libc::CMSG_LEN(size) as usize;
        let to = libc::CMSG_DATA(header).cast::<i32>();
        for (index, file) in files.iter().enumerate() {
            to.add(index).write_unaligned(*file);
        }
        result(libc::sendmsg(socket, &message, 0) as i64)
    }
}

/// What recvmsg(2) gives.
#[derive(Debug, Default, PartialEq)]
pub struct Message {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Files that came with it.
    pub files: Vec<RawFd>,
    /// Pid, user and group of the sender.
    pub sender: Option<(i32, u32, u32)>,
    /// A pidfd of the sender.
    pub pidfd: Option<RawFd>,
    /// Whatever else was told: type and bytes.
    pub others: Vec<(i32, Vec<u8>)>,
}

/// recvmsg(2), with all that came along.
pub fn receive_message(socket: RawFd, size: usize, flags: i32) -> Result<Message, i32> {
    const SCM_PIDFD: i32 = 4;
    let mut control = [0u64; 256];
    let mut bytes = vec![0; size];
    let mut data = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: size,
    };
    let mut found = Message::default();
    // SAFETY: there is room for what is told, and everything outlives the call.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &mut data;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control);
        let got = libc::recvmsg(socket, &mut message, flags | libc::MSG_DONTWAIT);
        bytes.truncate(result(got as i64)?);
        let mut header = libc::CMSG_FIRSTHDR(&message);
        while !header.is_null() {
            let length = (*header).cmsg_len - libc::CMSG_LEN(0) as usize;
            let data = libc::CMSG_DATA(header);
            let number = |index: usize| data.cast::<i32>().add(index).read_unaligned();
            match (*header).cmsg_type {
                libc::SCM_RIGHTS => found.files = (0..length / 4).map(number).collect(),
                libc::SCM_CREDENTIALS => {
                    found.sender = Some((number(0), number(1) as u32, number(2) as u32));
                }
                SCM_PIDFD => found.pidfd = Some(number(0)),
                other => {
                    let bytes = std::slice::from_raw_parts(data, length).to_vec();
                    found.others.push((other, bytes));
                }
            }
            header = libc::CMSG_NXTHDR(&message, header);
        }
    }
    found.bytes = bytes;
    Ok(found)
}
