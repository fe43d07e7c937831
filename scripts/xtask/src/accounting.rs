// SPDX-License-Identifier: GPL-2.0

//! Is every piece of state that the kernel keeps for a process accounted for?
//!
//! The kernel's own headers say what there is; the tables in `linux-patches/7.2/accounting` say
//! what becomes of it. A field that a later version adds, under a condition too, is a failure
//! until somebody has thought about it.

mod bits;
mod judge;
mod members;
mod source;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bits::Style;
use judge::Known;
use members::Field;
use source::Source;
use table::Table;

const TABLES: &str = "linux-patches/7.2/accounting";

/// Structs of the kernel, and the header that declares each.
const STRUCTS: [(&str, &str); 81] = [
    ("task_struct", "include/linux/sched.h"),
    ("thread_info", "arch/x86/include/asm/thread_info.h"),
    ("thread_struct", "arch/x86/include/asm/processor.h"),
    ("thread_shstk", "arch/x86/include/asm/shstk.h"),
    ("fpu", "arch/x86/include/asm/fpu/types.h"),
    ("fpu_state_perm", "arch/x86/include/asm/fpu/types.h"),
    ("sched_entity", "include/linux/sched.h"),
    ("task_exec_state", "include/linux/sched/exec_state.h"),
    ("restart_block", "include/linux/restart_block.h"),
    ("restart_wait", "include/linux/restart_wait.h"),
    ("seccomp", "include/linux/seccomp_types.h"),
    (
        "syscall_user_dispatch",
        "include/linux/syscall_user_dispatch_types.h",
    ),
    ("futex_sched_data", "include/linux/futex_types.h"),
    ("rseq_data", "include/linux/rseq_types.h"),
    ("rseq_slice", "include/linux/rseq_types.h"),
    ("task_io_accounting", "include/linux/task_io_accounting.h"),
    ("io_context", "include/linux/iocontext.h"),
    ("signal_struct", "include/linux/sched/signal.h"),
    ("sighand_struct", "include/linux/sched/signal.h"),
    ("fs_struct", "include/linux/fs_struct.h"),
    ("files_struct", "include/linux/fdtable.h"),
    ("fdtable", "include/linux/fdtable.h"),
    ("nsproxy", "include/linux/nsproxy.h"),
    ("pid_namespace", "include/linux/pid_namespace.h"),
    ("k_itimer", "include/linux/posix-timers.h"),
    ("mm_struct", "include/linux/mm_types.h"),
    ("mm_context_t", "arch/x86/include/asm/mmu.h"),
    ("futex_mm_data", "include/linux/futex_types.h"),
    ("futex_mm_phash", "include/linux/futex_types.h"),
    ("vm_area_struct", "include/linux/mm_types.h"),
    ("file", "include/linux/fs.h"),
    ("fown_struct", "include/linux/fs.h"),
    ("fasync_struct", "include/linux/fs.h"),
    ("ovl_dir_file", "fs/overlayfs/readdir.c"),
    ("pipe_inode_info", "include/linux/pipe_fs_i.h"),
    ("pipe_buffer", "include/linux/pipe_fs_i.h"),
    ("eventfd_ctx", "fs/eventfd.c"),
    ("inotify_event_info", "fs/notify/inotify/inotify.h"),
    ("inotify_inode_mark", "fs/notify/inotify/inotify.h"),
    ("fanotify_mark", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_event", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_fid_event", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_name_event", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_path_event", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_error_event", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_perm_event", "fs/notify/fanotify/fanotify.h"),
    ("fanotify_mnt_event", "fs/notify/fanotify/fanotify.h"),
    ("dnotify_struct", "include/linux/dnotify.h"),
    ("file_lock_context", "include/linux/filelock.h"),
    ("file_lock_core", "include/linux/filelock.h"),
    ("file_lock", "include/linux/filelock.h"),
    ("file_lease", "include/linux/filelock.h"),
    ("signalfd_ctx", "fs/signalfd.c"),
    ("timerfd_ctx", "fs/timerfd.c"),
    ("seq_file", "include/linux/seq_file.h"),
    ("kernfs_open_file", "include/linux/kernfs.h"),
    ("eventpoll", "fs/eventpoll.c"),
    ("epitem", "fs/eventpoll.c"),
    ("sock_common", "include/net/sock.h"),
    ("sock", "include/net/sock.h"),
    ("sockfs_inode", "net/socket.c"),
    ("socket", "include/linux/net.h"),
    ("socket_wq", "include/linux/net.h"),
    ("kioctx", "fs/aio.c"),
    ("unix_sock", "include/net/af_unix.h"),
    ("unix_skb_parms", "net/unix/af_unix.h"),
    ("tty_struct", "include/linux/tty.h"),
    ("n_tty_data", "drivers/tty/n_tty.c"),
    ("tty_bufhead", "include/linux/tty_buffer.h"),
    ("tty_buffer", "include/linux/tty_buffer.h"),
    ("kern_ipc_perm", "include/linux/ipc.h"),
    ("shmid_kernel", "ipc/shm.c"),
    ("sem_array", "ipc/sem.c"),
    ("sem", "ipc/sem.c"),
    ("sem_undo", "ipc/sem.c"),
    ("msg_queue", "ipc/msg.c"),
    ("msg_msg", "include/linux/msg.h"),
    ("mqueue_inode_info", "ipc/mqueue.c"),
    ("posix_msg_tree_node", "ipc/mqueue.c"),
    ("ext_wait_queue", "ipc/mqueue.c"),
    ("cred", "include/linux/cred.h"),
];

/// Sets of flags: what the table is called, how they are declared, and where.
const SETS: [(&str, Style, &[&str]); 17] = [
    ("PF_*", Style::Macros(&["PF_"]), &["include/linux/sched.h"]),
    (
        "PFA_*",
        Style::Macros(&["PFA_"]),
        &["include/linux/sched.h"],
    ),
    (
        "JOBCTL_*",
        Style::Macros(&["JOBCTL_"]),
        &["include/linux/sched/jobctl.h"],
    ),
    (
        "TIF_*",
        Style::Macros(&["TIF_"]),
        &[
            "include/asm-generic/thread_info_tif.h",
            "arch/x86/include/asm/thread_info.h",
        ],
    ),
    (
        "SYSCALL_WORK_BIT_*",
        Style::Enumerators("SYSCALL_WORK_BIT_"),
        &["include/linux/thread_info.h"],
    ),
    (
        "TS_*",
        Style::Macros(&["TS_"]),
        &["arch/x86/include/asm/thread_info.h"],
    ),
    (
        "SIGNAL_*",
        Style::Macros(&["SIGNAL_"]),
        &["include/linux/sched/signal.h"],
    ),
    (
        "MMF_*",
        Style::Macros(&["MMF_"]),
        &["include/linux/mm_types.h"],
    ),
    (
        "VM_*",
        Style::Calls(&["DECLARE_VMA_BIT", "DECLARE_VMA_BIT_ALIAS"]),
        &["include/linux/mm.h"],
    ),
    (
        "MM_CONTEXT_*",
        Style::Macros(&["MM_CONTEXT_"]),
        &["arch/x86/include/asm/mmu.h"],
    ),
    (
        "MEMBARRIER_STATE_*",
        Style::Enumerators("MEMBARRIER_STATE_"),
        &["include/linux/sched/mm.h"],
    ),
    (
        "TTY_*",
        Style::Enumerators("TTY_"),
        &["include/linux/tty.h"],
    ),
    (
        "SOCK_*",
        Style::Enumerators("SOCK_"),
        &["include/net/sock.h"],
    ),
    (
        "FMODE_*",
        Style::Macros(&["FMODE_"]),
        &["include/linux/fs.h"],
    ),
    (
        "O_*",
        Style::Macros(&["O_", "__O_", "FASYNC"]),
        &["include/uapi/asm-generic/fcntl.h", "include/linux/fcntl.h"],
    ),
    (
        "PIPE_BUF_FLAG_*",
        Style::Macros(&["PIPE_BUF_FLAG_"]),
        &["include/linux/pipe_fs_i.h"],
    ),
    (
        "SECURE_*",
        Style::Macros(&["SECURE_"]),
        &["include/uapi/linux/securebits.h"],
    ),
];

/// Compares the tables with a kernel tree; without one, with the newest in the cache.
pub fn run(repository: &Path, tree: Option<&Path>) -> Result<(), String> {
    let tree = match tree {
        Some(tree) => tree.to_path_buf(),
        None => newest_tree()?,
    };
    let tables = tables(&repository.join(TABLES))?;
    let known = known(repository)?;
    let mut said = Vec::new();
    let mut count = 0;
    for (name, declared) in declarations(&tree)? {
        count += declared.len();
        let found: Vec<&Table> = tables.iter().filter(|table| table.name == name).collect();
        if let [first, second, ..] = found[..] {
            said.push(format!(
                "{TABLES}: {name} has two tables, of {} and {} rows",
                first.rows.len(),
                second.rows.len()
            ));
        }
        let none = Table {
            name: name.clone(),
            rows: Vec::new(),
        };
        let table = found.first().copied().unwrap_or(&none);
        said.extend(judge::differences(&name, &declared, table));
        said.extend(judge::hollow(table, &known));
    }
    for table in tables
        .iter()
        .filter(|table| !known.tables.contains(&table.name))
    {
        said.push(format!(
            "{TABLES}: {} is nothing that is looked for",
            table.name
        ));
    }
    if !said.is_empty() {
        return Err(format!(
            "{}\n{} to account for",
            said.join("\n"),
            said.len()
        ));
    }
    println!(
        "{count} fields and flags in {} tables, all accounted for",
        tables.len()
    );
    Ok(())
}

/// Name and members of everything that has a table.
fn declarations(tree: &Path) -> Result<Vec<(String, Vec<Field>)>, String> {
    let mut all = Vec::new();
    for (name, file) in STRUCTS {
        let source = source(tree, file)?;
        let fields =
            members::of(&source.tokens, name).map_err(|error| format!("{file}: {error}"))?;
        all.push((name.into(), placed(fields, file)));
    }
    for (name, style, files) in SETS {
        let mut flags = Vec::new();
        for file in files {
            flags.extend(placed(bits::of(&source(tree, file)?, style), file));
        }
        if flags.is_empty() {
            return Err(format!("{}: no {name} there", files.join(", ")));
        }
        all.push((name.into(), flags));
    }
    Ok(all)
}

fn placed(mut fields: Vec<Field>, file: &str) -> Vec<Field> {
    for field in &mut fields {
        field.place = format!("{file}:{}", field.place);
    }
    fields
}

fn source(tree: &Path, file: &str) -> Result<Source, String> {
    Source::new(&read(&tree.join(file))?).map_err(|error| format!("{file}: {error}"))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn tables(folder: &Path) -> Result<Vec<Table>, String> {
    let mut tables = Vec::new();
    for path in files(folder, "md")? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name != "README.md" {
            tables.extend(table::read(&format!("{TABLES}/{name}"), &read(&path)?)?);
        }
    }
    Ok(tables)
}

/// Rooms, reasons, facts and tables that exist.
fn known(repository: &Path) -> Result<Known, String> {
    let kernel = repository.join("kernel-rs");
    let stem = |path: &PathBuf| {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let words = |path: &str| -> Result<BTreeSet<String>, String> {
        let source =
            Source::new(&read(&kernel.join(path))?).map_err(|error| format!("{path}: {error}"))?;
        Ok(source.tokens.into_iter().map(|token| token.text).collect())
    };
    let reasons = read(&kernel.join("format/reason.rs"))?;
    let reasons = reasons
        .lines()
        .filter_map(|line| Some(line.trim().split_once(" = ")?.0.to_string()))
        .filter(|name| name.starts_with(|letter: char| letter.is_ascii_uppercase()));
    Ok(Known {
        rooms: files(&kernel.join("rooms"), "rs")?
            .iter()
            .map(stem)
            .collect(),
        reasons: reasons.collect(),
        facts: words("glue/glue.h")?
            .into_iter()
            .filter(|word| word.starts_with("CKPT_FACT_"))
            .collect(),
        tables: STRUCTS
            .iter()
            .map(|(name, _)| (*name).into())
            .chain(SETS.iter().map(|(name, ..)| (*name).into()))
            .collect(),
    })
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let error = |error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The kernel tree that was touched last in the cache of the scripts.
fn newest_tree() -> Result<PathBuf, String> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .ok_or("neither HOME nor XDG_CACHE_HOME is set")?;
    let folder = cache.join("linux-cr/source");
    let touched = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("include/linux/sched.h").exists())
        .max_by_key(touched)
        .ok_or_else(|| {
            format!(
                "no kernel tree in {}; name one with --tree",
                folder.display()
            )
        })
}
