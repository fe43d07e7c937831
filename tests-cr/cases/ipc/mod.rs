// SPDX-License-Identifier: GPL-2.0

//! System V semaphores, message queues and shared memory; namespaces of them.

facts! {
    both: memory;
    dynamic:
        memory_left, memory_huge, memory_of_relatives, semaphores, undone, messages, own_namespace,
        asleep_semop, asleep_receiving, asleep_sending,
}

use ckpt_support::must;

/// A key that no other program here has.
pub fn key(which: i32) -> i32 {
    // SAFETY: takes no pointer.
    let pid = unsafe { libc::getpid() };
    // In a pid namespace of its own many have the same.
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).expect("clock");
    (0x4000_0000 | (now.subsec_nanos() as i32) << 4) ^ (pid << 2) ^ which
}

/// What shmctl(IPC_STAT) tells.
pub fn memory_state(id: i32) -> libc::shmid_ds {
    // SAFETY: zeros are a value; the kernel fills it.
    unsafe {
        let mut state = std::mem::zeroed();
        must("IPC_STAT", libc::shmctl(id, libc::IPC_STAT, &mut state));
        state
    }
}

/// All of that in text.
pub fn memory_text(id: i32) -> String {
    let state = memory_state(id);
    let perm = state.shm_perm;
    format!(
        "{:x} {} {} {} {} {:o} {} size {} times {} {} {} pids {} {} attached {}",
        perm.__key,
        perm.uid,
        perm.gid,
        perm.cuid,
        perm.cgid,
        perm.mode,
        perm.__seq,
        state.shm_segsz,
        state.shm_atime,
        state.shm_dtime,
        state.shm_ctime,
        state.shm_cpid,
        state.shm_lpid,
        state.shm_nattch
    )
}

/// shmat(2).
pub fn attach(id: i32, flags: i32) -> *mut u8 {
    // SAFETY: the kernel chooses the address.
    let address = unsafe { libc::shmat(id, std::ptr::null(), flags) };
    assert_ne!(address as isize, -1, "shmat");
    address.cast()
}

/// shmget(2).
pub fn segment(key: i32, size: usize, flags: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("shmget", unsafe { libc::shmget(key, size, flags) })
}

/// shmctl(2) without a buffer.
pub fn control_memory(id: i32, command: i32) {
    // SAFETY: takes no pointer.
    must("shmctl", unsafe {
        libc::shmctl(id, command, std::ptr::null_mut())
    });
}

/// semctl(2) with a number.
pub fn control(id: i32, which: i32, command: i32, value: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("semctl", unsafe { libc::semctl(id, which, command, value) })
}

/// semget(2).
pub fn semaphores_of(key: i32, count: i32, flags: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("semget", unsafe { libc::semget(key, count, flags) })
}

/// One operation of semop(2).
pub fn operate(id: i32, which: u16, change: i16, flags: i32) -> i32 {
    let mut one = libc::sembuf {
        sem_num: which,
        sem_op: change,
        sem_flg: flags as i16,
    };
    // SAFETY: one operation.
    unsafe { libc::semop(id, &mut one, 1) }
}

/// What semctl tells of a set, in text.
pub fn semaphores_text(id: i32, count: i32) -> String {
    // SAFETY: zeros are a value; the kernel fills it.
    let state: libc::semid_ds = unsafe {
        let mut state = std::mem::zeroed();
        must("IPC_STAT", libc::semctl(id, 0, libc::IPC_STAT, &mut state));
        state
    };
    let perm = state.sem_perm;
    let mut text = format!(
        "{:x} {} {} {} {} {:o} {} of {} times {} {}:",
        perm.__key,
        perm.uid,
        perm.gid,
        perm.cuid,
        perm.cgid,
        perm.mode,
        perm.__seq,
        state.sem_nsems,
        state.sem_otime,
        state.sem_ctime
    );
    for which in 0..count {
        let value = control(id, which, libc::GETVAL, 0);
        let pid = control(id, which, libc::GETPID, 0);
        text += &format!(" {value}/{pid}");
    }
    text
}

/// msgget(2).
pub fn queue(key: i32, flags: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("msgget", unsafe { libc::msgget(key, flags) })
}

/// What msgctl(IPC_STAT) tells.
pub fn queue_state(id: i32) -> libc::msqid_ds {
    // SAFETY: zeros are a value; the kernel fills it.
    unsafe {
        let mut state = std::mem::zeroed();
        must("IPC_STAT", libc::msgctl(id, libc::IPC_STAT, &mut state));
        state
    }
}

/// All of that in text.
pub fn queue_text(id: i32) -> String {
    let state = queue_state(id);
    let perm = state.msg_perm;
    format!(
        "{:x} {} {} {} {} {:o} {} times {} {} {} bytes {} of {} messages {} pids {} {}",
        perm.__key,
        perm.uid,
        perm.gid,
        perm.cuid,
        perm.cgid,
        perm.mode,
        perm.__seq,
        state.msg_stime,
        state.msg_rtime,
        state.msg_ctime,
        state.__msg_cbytes,
        state.msg_qbytes,
        state.msg_qnum,
        state.msg_lspid,
        state.msg_lrpid
    )
}

/// msgsnd(2).
pub fn send(id: i32, kind: i64, bytes: &[u8], flags: i32) -> i32 {
    let mut buffer = kind.to_ne_bytes().to_vec();
    buffer.extend_from_slice(bytes);
    // SAFETY: a type and the bytes behind it.
    unsafe { libc::msgsnd(id, buffer.as_ptr().cast(), bytes.len(), flags) }
}

/// msgrcv(2).
pub fn receive(id: i32, kind: i64, flags: i32) -> Option<(i64, Vec<u8>)> {
    let mut buffer = vec![0u8; 8 + 16 * 1024];
    // SAFETY: room for a type and so many bytes.
    let length = unsafe {
        libc::msgrcv(
            id,
            buffer.as_mut_ptr().cast(),
            buffer.len() - 8,
            kind,
            flags,
        )
    };
    let bytes = buffer.get(8..8 + usize::try_from(length).ok()?)?.to_vec();
    let kind = i64::from_ne_bytes(buffer[..8].try_into().expect("eight bytes"));
    Some((kind, bytes))
}

/// Takes a queue away.
pub fn remove_queue(id: i32) {
    // SAFETY: takes no pointer.
    must("IPC_RMID", unsafe {
        libc::msgctl(id, libc::IPC_RMID, std::ptr::null_mut())
    });
}
