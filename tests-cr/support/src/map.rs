// SPDX-License-Identifier: GPL-2.0

//! Memory mappings and the files behind them.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;

use crate::sys::{must, must_ptr, page_size};

/// Bytes in a huge page.
pub const HUGE: usize = 2 << 20;

/// A mapping, as bytes.
pub struct Mapping {
    address: *mut u8,
    length: usize,
}

/// Private anonymous memory, readable and writable.
pub fn anonymous(length: usize) -> Mapping {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    Mapping::new(length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0)
}

impl Mapping {
    /// mmap(2) wherever there is room.
    pub fn new(length: usize, protection: i32, flags: i32, fd: i32, offset: i64) -> Self {
        // SAFETY: without MAP_FIXED no memory of ours is touched.
        let address = must_ptr("mmap", unsafe {
            libc::mmap(std::ptr::null_mut(), length, protection, flags, fd, offset)
        });
        Self { address, length }
    }

    /// A mapping that is there already.
    pub fn at(address: *mut u8, length: usize) -> Self {
        Self { address, length }
    }

    /// Its line in /proc/self/maps, without the inode number and the device.
    pub fn maps_line(&self) -> String {
        let start = format!("{:x}-", self.address as usize);
        let maps = String::from_utf8(crate::proc_self("maps")).expect("text");
        let line = maps.lines().find(|line| line.starts_with(&start));
        let words: Vec<&str> = line.unwrap_or("none").split_whitespace().collect();
        let all = words.iter().enumerate();
        let kept = all.filter(|(index, _)| !matches!(index, 3 | 4));
        kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }

    /// What /proc/self/smaps says of its flags and of the size of its pages.
    pub fn signs(&self) -> String {
        let smaps = String::from_utf8(crate::proc_self("smaps")).expect("text");
        let start = format!("{:x}-", self.address as usize);
        let area = smaps.lines().skip_while(|line| !line.starts_with(&start));
        let lines = area.skip(1).take(24);
        let mut wanted = lines
            .filter(|line| line.starts_with("VmFlags:") || line.starts_with("KernelPageSize:"));
        format!("{:?} {:?}", wanted.next(), wanted.next()).replace(" sd", "")
    }

    /// A part of it, in huge pages.
    pub fn huge(&self, first: usize, count: usize) -> Self {
        assert!((first + count) * HUGE <= self.length);
        Self::at(
            self.page_address(first * HUGE / page_size()) as *mut u8,
            count * HUGE,
        )
    }

    /// Its name in /proc/self/map_files.
    pub fn map_file(&self) -> String {
        let start = self.address as usize;
        format!("/proc/self/map_files/{start:x}-{:x}", start + self.length)
    }

    /// A mapping of the first bytes of a file.
    pub fn of_file(file: &File, length: usize, protection: i32, flags: i32) -> Self {
        Self::new(length, protection, flags, file.as_raw_fd(), 0)
    }

    /// Its address.
    pub fn pointer(&self) -> *mut libc::c_void {
        self.address.cast()
    }

    /// The address of one of its pages.
    pub fn page_address(&self, index: usize) -> usize {
        self.address as usize + index * page_size()
    }

    /// One page of it. The caller makes sure that it may be read and written.
    pub fn page(&self, index: usize) -> &'static mut [u8] {
        assert!((index + 1) * page_size() <= self.length);
        // SAFETY: inside the mapping, which is never unmapped while pages are used.
        unsafe {
            std::slice::from_raw_parts_mut(self.address.add(index * page_size()), page_size())
        }
    }

    /// Pages in it.
    pub fn pages(&self) -> usize {
        self.length / page_size()
    }

    /// Changes the protection of some pages.
    pub fn protect(&self, first: usize, count: usize, protection: i32) {
        // SAFETY: pages of this mapping.
        must("mprotect", unsafe {
            let start = self.address.add(first * page_size());
            libc::mprotect(start.cast(), count * page_size(), protection)
        });
    }

    /// Gives advice about some pages.
    pub fn advise(&self, first: usize, count: usize, advice: i32) {
        // SAFETY: pages of this mapping.
        must("madvise", unsafe {
            let start = self.address.add(first * page_size());
            libc::madvise(start.cast(), count * page_size(), advice)
        });
    }

    /// Removes some pages from the address space.
    pub fn unmap(&self, first: usize, count: usize) {
        // SAFETY: pages of this mapping, which nobody uses afterwards.
        must("munmap", unsafe {
            libc::munmap(
                self.address.add(first * page_size()).cast(),
                count * page_size(),
            )
        });
    }
}

/// Whether the byte at an address can be read, found out by the kernel.
pub fn can_read(address: usize) -> bool {
    let probe = File::create("probe").expect("a file in the working directory");
    // SAFETY: a bad address is what the call is asked about.
    unsafe { libc::write(probe.as_raw_fd(), address as *const libc::c_void, 1) == 1 }
}

/// Whether the byte at an address can be written; it becomes zero if so.
pub fn can_write(address: usize) -> bool {
    let zero = File::open("/dev/zero").expect("/dev/zero");
    // SAFETY: a bad address is what the call is asked about.
    unsafe { libc::read(zero.as_raw_fd(), address as *mut libc::c_void, 1) == 1 }
}

/// A new file in the working directory, with these bytes, open for reading and writing.
pub fn file_with(name: &str, bytes: &[u8]) -> File {
    let _ = std::fs::remove_file(name);
    let mut file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    file.write_all(bytes)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    file
}
