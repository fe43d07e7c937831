// SPDX-License-Identifier: GPL-2.0

//! Who may do what: every cell of the tables in `kernel-rs/RIGHTS.md`, which are read from there.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;

use ckpt_format::Kind::{
    Directories, FileOwner, Identity, OpenFile, Pipe, Process, Scheduling, Socket, Thread,
};
use ckpt_image::RecordView;

use super::hostile::{each, give, restarted, some, Edit, Ground};
use super::stage::{ensure, Stage};
use crate::direct::{Caller, Came, Circumstance, Wish, CALLERS, USER};
use crate::edit::Change::{Both, Name, Set, Tail, With, Without};
use crate::edit::{element, field, Change};
use crate::verdict::{Doing, Outcome, Step};

const DOCUMENT: &str = include_str!("../../../kernel-rs/RIGHTS.md");
const SYSCTL: &str = "/proc/sys/kernel/checkpoint_restart";
/// With this one whoever has the capability in his own namespace may call.
const ANYBODY: &str = "2";
const SCOPE: &str = "/proc/sys/kernel/yama/ptrace_scope";

/// A row: its name, and what its cells say.
type Line = (String, Vec<String>);

/// The table below a heading, or whatever else comes before it, with the row of its columns first.
fn table(heading: &str) -> Step<Vec<Line>> {
    let rest = DOCUMENT.split(heading).nth(1).unwrap_or_default();
    let lines = rest.lines().skip_while(|line| !line.starts_with('|'));
    let lines = lines.take_while(|line| line.starts_with('|'));
    let lines = lines.filter(|line| !line.starts_with("|---"));
    let table: Vec<Line> = lines
        .filter_map(|line| {
            let mut cells = line
                .trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned());
            Some((cells.next()?, cells.collect()))
        })
        .collect();
    ensure(
        table.len() > 1,
        &format!("there is no table below {heading}"),
    )?;
    Ok(table)
}

fn cell<'a>(table: &'a [Line], row: &str, column: &str) -> Step<&'a str> {
    let columns = table.first().map(|(_, columns)| columns);
    let place = columns.and_then(|columns| columns.iter().position(|name| name == column));
    let found = table.iter().find(|(name, _)| name == row);
    let found = found
        .zip(place)
        .and_then(|((_, cells), place)| cells.get(place));
    let found = found.map(String::as_str);
    found.ok_or_else(|| Outcome::failed(format!("no cell {row}, {column}")))
}

/// What is expected of a caller: first whether it may call, then what the cell says.
fn expected(of: &[Line], row: &str, caller: Caller, sysctl: &str) -> Step<String> {
    let may = table("## Who may call at all")?;
    match cell(&may, caller.name(), sysctl)? {
        "yes" => Ok(cell(of, row, caller.name())?.to_owned()),
        reason => Ok(reason.to_owned()),
    }
}

/// With each value of the sysctl, which is one again afterwards.
pub fn with_each_sysctl(values: &[&str], each: impl FnMut(&str) -> Step<()>) -> Step<()> {
    with_each(SYSCTL, "1", values, each)
}

/// With each value in a file, which says `usual` again afterwards.
fn with_each(
    file: &str,
    usual: &str,
    values: &[&str],
    mut each: impl FnMut(&str) -> Step<()>,
) -> Step<()> {
    let outcome = values.iter().try_for_each(|value| {
        fs::write(file, value).doing(file)?;
        each(value)
    });
    fs::write(file, usual).doing(file)?;
    outcome
}

/// What comes of it when somebody saves the container. `namespace_of`: a task whose namespaces the caller is
/// in, or zero.
fn saved_by(stage: &Stage, caller: Caller, from: &Path, namespace_of: i32) -> Step<Came> {
    let wish = Wish {
        caller,
        verb: "checkpoint",
        from,
        cgroup: &stage.cgroup(),
        image: from,
        namespace_of,
        circumstance: Circumstance::Plain,
    };
    wish.fulfil()
}

/// What it has said, or had no log to say it on while a session was opened.
fn word_of(came: &Came, sysctl: &str) -> String {
    match (came.errno, came.reason) {
        (libc::EACCES, None) => "CgroupAccess".into(),
        (libc::EPERM, None) if sysctl == "0" => "Disabled".into(),
        (libc::EPERM, None) => "NotPermitted".into(),
        _ => came.word(),
    }
}

/// What the samples have made, which outlives them.
fn remove_queues() {
    const KEY: libc::key_t = 0x6f66_726f;
    // SAFETY: a C string, and no pointer.
    unsafe {
        libc::mq_unlink(c"/of-root".as_ptr());
        libc::msgctl(libc::msgget(KEY, 0), libc::IPC_RMID, std::ptr::null_mut());
    }
}

/// The whole table of checkpoints.
pub fn checkpoint_all(stage: &Stage, sysctls: &[&str]) -> Step<()> {
    let table = table("## What may be saved")?;
    let mut wrong = Vec::new();
    for (row, _) in table.iter().skip(1) {
        let sample = match row.as_str() {
            "the user's" => "of_user",
            "another user's" => "of_other",
            name if name.starts_with("not dumpable") => "undumpable",
            name if name.starts_with("in the user namespace") => "in_namespace",
            name if name.starts_with("in a cgroup") => "of_user",
            name if name.contains("POSIX message queue") => "at_queue",
            name if name.contains("System V message queue") => "at_messages",
            name if name.contains("attribute") => "with_trusted",
            name => return Err(Outcome::failed(format!("no test for {name}"))),
        };
        remove_queues();
        stage.container.make_cgroup()?;
        stage.reset()?;
        // Whose libraries are in memory that root owns cannot be saved where root has no number.
        let mut child = match sample {
            "in_namespace" => stage.start_static(sample)?,
            _ => stage.start(sample)?,
        };
        stage.while_frozen(&mut child, |from| {
            let pid = stage.container.pids().first().copied().unwrap_or(0);
            if !row.starts_with("in a cgroup") {
                give(&stage.cgroup())?;
            }
            with_each_sysctl(sysctls, |sysctl| {
                for (caller, name) in CALLERS {
                    let wanted = expected(&table, row, caller, sysctl)?;
                    let namespace_of = if sample == "in_namespace" { pid } else { 0 };
                    let came = saved_by(stage, caller, from, namespace_of)?;
                    if came.word() != wanted {
                        let said = &came.said;
                        wrong.push(format!("{row}, {name}, {sysctl}: not {wanted}: {said}"));
                    }
                }
                Ok(())
            })
        })?;
        remove_queues();
    }
    ensure(wrong.is_empty(), &wrong.join("\n"))
}

/// Who saves with each value of Yama's sysctl.
pub fn checkpoint_with_scopes(stage: &Stage, scopes: &[&str]) -> Step<()> {
    let table = table("## Where Yama restricts ptrace(2)")?;
    let mut child = stage.start("of_user")?;
    stage.while_frozen(&mut child, |from| {
        give(&stage.cgroup())?;
        with_scopes(&table, scopes, |caller| {
            let came = saved_by(stage, caller, from, 0)?;
            Ok((came.word(), came.said))
        })
    })
}

/// Likewise, who restarts.
pub fn restart_with_scopes(stage: &Stage, scopes: &[&str]) -> Step<()> {
    let table = table("with the caller's own ids:")?;
    stage.container.make_cgroup()?;
    stage.reset()?;
    stage.saved("armed")?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    with_scopes(&table, scopes, |caller| {
        let came = restarted(stage, &ground, caller, &image, made_his(caller).iter())?;
        ground.clear()?;
        Ok((word_of(&came, ANYBODY), came.said))
    })
}

/// With each value of Yama's sysctl, which is zero again afterwards: does what comes of it when a caller does
/// `deed` agree with the table?
fn with_scopes(
    table: &[Line],
    scopes: &[&str],
    mut deed: impl FnMut(Caller) -> Step<(String, String)>,
) -> Step<()> {
    let mut wrong = Vec::new();
    let mut each = |scope: &str| {
        for (caller, name) in CALLERS {
            let wanted = cell(table, name, scope)?;
            let (word, said) = deed(caller)?;
            if word != wanted {
                wrong.push(format!("{name}, {scope}: not {wanted}: {said}"));
            }
        }
        Ok(())
    };
    with_each_sysctl(&[ANYBODY], |_| with_each(SCOPE, "0", scopes, &mut each))?;
    ensure(wrong.is_empty(), &wrong.join("\n"))
}

fn own(record: &RecordView) -> bool {
    record.tail.ends_with(b"/own")
}

fn null(record: &RecordView) -> bool {
    record.tail == b"/dev/null"
}

const fn ids(id: u64) -> [Change; 8] {
    [
        Set(field("uid"), id),
        Set(field("euid"), id),
        Set(field("suid"), id),
        Set(field("fsuid"), id),
        Set(field("gid"), id),
        Set(field("egid"), id),
        Set(field("sgid"), id),
        Set(field("fsgid"), id),
    ]
}

const ZERO: &[Change] = &ids(0);
/// What was the user's is root's.
const OF_ROOT: &[Edit] = &[
    each(Identity, Both(ZERO)),
    each(
        Pipe,
        Both(&[
            Set(field("uid"), 0),
            Set(field("gid"), 0),
            Set(field("user"), 0),
        ]),
    ),
    each(Socket, Both(&[Set(field("uid"), 0), Set(field("gid"), 0)])),
    each(
        FileOwner,
        Both(&[Set(field("uid"), 0), Set(field("euid"), 0)]),
    ),
];
const OTHER: &[Change] = &ids(1001);

/// What an image asks for, by the names of the rows.
const ASKED: &[(&str, &[Edit])] = &[
    ("the caller's own ids, no capabilities", &[]),
    ("other ids", &[each(Identity, Both(OTHER))]),
    (
        "another supplementary group",
        &[each(
            Identity,
            Both(&[Set(field("groups"), 1), Tail(&[7, 0, 0, 0])]),
        )],
    ),
    (
        "CAP_SYS_ADMIN",
        &[each(
            Identity,
            Both(&[
                Set(field("permitted"), 1 << 21),
                Set(field("effective"), 1 << 21),
            ]),
        )],
    ),
    (
        "CAP_CHECKPOINT_RESTORE",
        &[each(
            Identity,
            Both(&[
                Set(field("permitted"), 1 << 40),
                Set(field("effective"), 1 << 40),
            ]),
        )],
    ),
    ("securebits", &[each(Identity, Set(field("securebits"), 3))]),
    (
        "a file that only root may read",
        &[some(OpenFile, own, Name("of-root"))],
    ),
    (
        "a raised limit",
        &[each(Process, Set(element("limits", 13 * 2 + 1, 8), 40))],
    ),
    (
        "a negative nice value",
        &[each(Scheduling, Set(field("nice"), -5_i32 as u32 as u64))],
    ),
    (
        "a realtime policy",
        &[each(
            Scheduling,
            Both(&[Set(field("policy"), 1), Set(field("priority"), 1)]),
        )],
    ),
    (
        "a lower oom score",
        &[each(
            Process,
            Set(field("oom_score_adj"), -500_i32 as u32 as u64),
        )],
    ),
    (
        "a root of its own",
        &[each(
            Directories,
            Both(&[
                Set(field("root_length"), 4),
                Set(field("cwd_length"), 4),
                Tail(b"/dev/dev"),
            ]),
        )],
    ),
    (
        "core dumps of root's",
        &[each(
            Thread,
            Both(&[
                Without(field("flags"), 1 << 2),
                With(field("flags"), 1 << 3),
            ]),
        )],
    ),
    (
        "/dev/mem",
        &[some(
            OpenFile,
            null,
            Both(&[Set(field("device"), 1 << 20 | 1), Tail(b"/dev/mem")]),
        )],
    ),
    (
        "a cgroup whose cgroup.kill the caller may not write to",
        &[],
    ),
];

/// What makes an image of the user's one of the caller's.
pub fn made_his(caller: Caller) -> &'static [Edit] {
    match caller {
        Caller::Operator | Caller::User => &[],
        _ => OF_ROOT,
    }
}

/// The whole table of restarts.
pub fn restart_all(stage: &Stage, sysctls: &[&str]) -> Step<()> {
    let table = table("## What may be restarted")?;
    // An older one would know less of what programs have written since.
    let _ = fs::remove_file(stage.container.image());
    stage.container.make_cgroup()?;
    stage.reset()?;
    stage.saved("armed")?;
    of_root(stage)?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    let mut wrong = Vec::new();
    with_each_sysctl(sysctls, |sysctl| {
        for (row, _) in table.iter().skip(1) {
            let found = ASKED.iter().find(|(name, _)| name == row);
            let (_, edits) = found.ok_or_else(|| Outcome::failed(format!("no test for {row}")))?;
            let of_others = row.starts_with("a cgroup whose");
            for (caller, name) in CALLERS {
                let owner = if of_others { 0 } else { USER };
                chown(ground.inside.join("cgroup.kill"), Some(owner), None).doing("chown")?;
                let wanted = expected(&table, row, caller, sysctl)?;
                let all = made_his(caller).iter().chain(*edits);
                let came = restarted(stage, &ground, caller, &image, all)?;
                let word = word_of(&came, sysctl);
                if word != wanted {
                    let said = &came.said;
                    wrong.push(format!("{row}, {name}, {sysctl}: not {wanted}: {said}"));
                }
                ground.clear()?;
            }
        }
        Ok(())
    })?;
    ensure(wrong.is_empty(), &wrong.join("\n"))
}

/// A file that is `own` in all but its owner and its rights.
fn of_root(stage: &Stage) -> Step<()> {
    let like = fs::metadata(stage.container.dir.join("own")).doing("own")?;
    let path = stage.container.dir.join("of-root");
    fs::write(&path, "own").doing("of-root")?;
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&path, rights).doing("of-root")?;
    let file = fs::File::options()
        .write(true)
        .open(&path)
        .doing("of-root")?;
    file.set_modified(like.modified().doing("own")?)
        .doing("of-root")
}
