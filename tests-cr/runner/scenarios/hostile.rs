// SPDX-License-Identifier: GPL-2.0

//! Images of which exactly one thing was altered on purpose, with every checksum right, and what must
//! come of each. The tables are in the scenarios; the one who restarts is user 1000, who has
//! CAP_CHECKPOINT_RESTORE and nothing else.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{chown, PermissionsExt};
use std::path::{Path, PathBuf};

use ckpt_format::fields::of;
use ckpt_format::reason::Reason;
use ckpt_format::Kind;
use ckpt_image::{ImageReader, RecordView};

use super::stage::{ensure, Stage};
use crate::direct::{Caller, Came, Circumstance, Wish, USER};
use crate::edit::{edited, value, Change};
use crate::verdict::{Doing, Outcome, Step};
use crate::{tool, wait};

/// How the path of the sample's program ends.
pub const PROGRAM: &[u8] = b"/ckpt-cases";

/// One alteration: of all records of a kind that `which` takes.
pub struct Edit {
    pub kind: Kind,
    pub which: fn(&RecordView) -> bool,
    pub change: Change,
}

/// Of every record of the kind.
pub const fn each(kind: Kind, change: Change) -> Edit {
    Edit {
        kind,
        which: |_| true,
        change,
    }
}

/// Of some of them.
pub const fn some(kind: Kind, which: fn(&RecordView) -> bool, change: Change) -> Edit {
    Edit {
        kind,
        which,
        change,
    }
}

/// What must come of it.
pub enum Expect {
    /// Refused for this reason; a word of the sentence.
    Refused(Reason, &'static str),
    /// There is no room for an area there: by chance another one lies there already, or the kernel
    /// does not map it.
    NoRoom,
    /// It stands there, and has got nothing that its restarter has not; a file of its /proc has this
    /// line.
    Stands(&'static str, &'static str),
    /// Likewise; saved again, a field of such a record (index in 8 bytes) has none of these bits.
    Loses(Kind, &'static str, usize, u64),
    /// Likewise; it ends as soon as it runs.
    Ends,
}

pub struct Row {
    pub what: &'static str,
    pub edits: &'static [Edit],
    pub circumstance: Circumstance,
    pub expect: Expect,
}

pub const fn row(what: &'static str, edits: &'static [Edit], expect: Expect) -> Row {
    row_in(Circumstance::Plain, what, edits, expect)
}

/// With something particular about who restarts.
pub const fn row_in(
    circumstance: Circumstance,
    what: &'static str,
    edits: &'static [Edit],
    expect: Expect,
) -> Row {
    Row {
        what,
        edits,
        circumstance,
        expect,
    }
}

/// The container's cgroup, with one for whoever restarts and one for what is restarted.
pub struct Ground {
    pub above: PathBuf,
    pub from: PathBuf,
    pub inside: PathBuf,
}

impl Ground {
    /// Both are the user's.
    pub fn prepare(stage: &Stage) -> Step<Self> {
        stage.container.make_cgroup()?;
        let above = stage.cgroup();
        let ground = Self {
            from: above.join("caller"),
            inside: above.join("inside"),
            above,
        };
        give(&ground.above)?;
        ground.renew(&ground.from)?;
        ground.renew(&ground.inside)?;
        Ok(ground)
    }

    fn renew(&self, path: &Path) -> Step<()> {
        if !path.exists() {
            fs::create_dir(path).doing("a cgroup")?;
        }
        give(path)
    }

    /// Nothing is left in the inner one.
    pub fn clear(&self) -> Step<()> {
        fs::write(self.inside.join("cgroup.kill"), "1").doing("cgroup.kill")?;
        fs::write(self.inside.join("cgroup.freeze"), "0").doing("cgroup.freeze")?;
        self.wait_until_empty("is not killed")
    }

    /// The inner one is as it was before a restart that failed.
    pub fn nothing_is_left(&self) -> Step<()> {
        self.wait_until_empty("something is left")?;
        let freeze =
            fs::read_to_string(self.inside.join("cgroup.freeze")).doing("cgroup.freeze")?;
        ensure(freeze.trim() == "0", "the cgroup is left frozen")
    }

    pub fn wait_until_empty(&self, otherwise: &str) -> Step<()> {
        let empty = wait::until(wait::LIMIT, || {
            let events = fs::read_to_string(self.inside.join("cgroup.events")).ok()?;
            events.contains("populated 0").then_some(())
        });
        empty.ok_or_else(|| Outcome::failed(otherwise))
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::write(self.above.join("cgroup.kill"), "1");
        for path in [&self.inside, &self.from] {
            let _ = wait::until(wait::LIMIT, || match fs::remove_dir(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => None,
                _ => Some(()),
            });
        }
    }
}

/// A cgroup, with what is to be written in it, belongs to the user.
pub fn give(cgroup: &Path) -> Step<()> {
    let files = [
        "",
        "cgroup.procs",
        "cgroup.threads",
        "cgroup.freeze",
        "cgroup.kill",
    ];
    for file in files {
        chown(cgroup.join(file), Some(USER), Some(USER)).doing("chown of a cgroup")?;
    }
    Ok(())
}

/// Tries all rows on the image of the sample `armed`.
pub fn try_all(stage: &Stage, rows: &[Row]) -> Step<()> {
    stage.saved("armed")?;
    let image = stage.image()?;
    let secret = stage.container.dir.join("secret");
    fs::write(&secret, "of root").doing("a secret")?;
    fs::set_permissions(&secret, Permissions::from_mode(0o600)).doing("a secret")?;
    programs_of_root(&stage.container.dir, &image)?;
    let ground = Ground::prepare(stage)?;
    // Some of them run into a fault, of which the kernel would tell.
    fs::write("/proc/sys/debug/exception-trace", "0").doing("exception-trace")?;
    let plain = row("nothing", &[], Expect::Stands("status", "Seccomp:\t2"));
    let mut wrong = Vec::new();
    for row in std::iter::once(&plain).chain(rows) {
        let came =
            attempt(stage, &ground, &image, row).and_then(|came| judge(stage, &ground, row, &came));
        if let Err(outcome) = came {
            wrong.push(format!("{}: {}", row.what, outcome.why));
        }
        ground.clear()?;
    }
    ensure(wrong.is_empty(), &wrong.join("\n"))
}

/// Copies of the program that are root's, and all may execute: one gives root's rights, one cannot be
/// read.
fn programs_of_root(dir: &Path, image: &[u8]) -> Step<()> {
    let mut reader = ImageReader::new(image);
    let program = loop {
        match reader.next() {
            Ok(Some(record)) if record.tail.ends_with(PROGRAM) => break record.tail.to_vec(),
            Ok(Some(_)) => (),
            _ => return Err(Outcome::failed("there is no program")),
        }
    };
    let program = Path::new(OsStr::from_bytes(&program));
    let modified = fs::metadata(program).and_then(|program| program.modified());
    let modified = modified.doing("the program")?;
    for (name, mode) in [("set-uid", 0o4755), ("unreadable", 0o711)] {
        let path = dir.join(name);
        fs::copy(program, &path).doing(name)?;
        let file = File::open(&path).doing(name)?;
        file.set_permissions(Permissions::from_mode(mode))
            .doing(name)?;
        file.set_modified(modified).doing(name)?;
    }
    Ok(())
}

fn attempt(stage: &Stage, ground: &Ground, image: &[u8], row: &Row) -> Step<Came> {
    let who = (Caller::Operator, row.circumstance);
    restarted_in(stage, ground, who, image, row.edits)
}

/// A caller restarts the image with these alterations.
pub fn restarted<'a>(
    stage: &Stage,
    ground: &Ground,
    caller: Caller,
    image: &[u8],
    edits: impl IntoIterator<Item = &'a Edit>,
) -> Step<Came> {
    restarted_in(stage, ground, (caller, Circumstance::Plain), image, edits)
}

/// The same, with something particular about the caller.
pub fn restarted_in<'a>(
    stage: &Stage,
    ground: &Ground,
    (caller, circumstance): (Caller, Circumstance),
    image: &[u8],
    edits: impl IntoIterator<Item = &'a Edit>,
) -> Step<Came> {
    let bytes = altered(stage, image, edits)?;
    let path = stage.container.dir.join("other-image");
    fs::write(&path, &bytes).doing("the other image")?;
    let wish = Wish {
        caller,
        verb: "restart",
        from: &ground.from,
        cgroup: &ground.inside,
        image: &path,
        namespace_of: 0,
        circumstance,
    };
    wish.fulfil()
}

/// The image with these alterations.
pub fn altered<'a>(
    stage: &Stage,
    image: &[u8],
    edits: impl IntoIterator<Item = &'a Edit>,
) -> Step<Vec<u8>> {
    let mut bytes = image.to_vec();
    for edit in edits {
        let change = resolve(stage, edit.change, &bytes)?;
        let altered = edited(&bytes, edit.kind, edit.which, change);
        if altered.is_none() && matches!(change, Change::Dropped) {
            // It has not been there.
            continue;
        }
        bytes = altered.ok_or_else(|| Outcome::failed("there is no such record or field"))?;
    }
    Ok(bytes)
}

/// What can only be said when the image is there.
fn resolve(stage: &Stage, change: Change, image: &[u8]) -> Step<Change> {
    let leaked = |bytes: Vec<u8>| -> &'static [u8] { Box::leak(bytes.into_boxed_slice()) };
    Ok(match change {
        Change::Name(name) => {
            let path = stage.container.dir.join(name).into_os_string();
            Change::Tail(leaked(path.into_encoded_bytes()))
        }
        Change::Refer(place, kind, which) => {
            let mut reader = ImageReader::new(image);
            let found = loop {
                match reader.next() {
                    Ok(Some(record)) if record.kind == Some(kind) && which(&record) => {
                        break value(&record, "id")
                    }
                    Ok(Some(_)) => (),
                    _ => break None,
                }
            };
            let id = found.ok_or_else(|| Outcome::failed("there is nothing to refer to"))?;
            Change::Set(place, id)
        }
        other => other,
    })
}

fn judge(stage: &Stage, ground: &Ground, row: &Row, came: &Came) -> Step<()> {
    let expect = match &row.expect {
        Expect::NoRoom if came.reason == Some(Reason::ImageValue) => {
            &Expect::Refused(Reason::ImageValue, "start")
        }
        Expect::NoRoom => &Expect::Refused(Reason::AreaNotMapped, ""),
        expect => expect,
    };
    if let Expect::Refused(reason, word) = expect {
        let is_so = came.reason == Some(*reason) && came.said.contains(word);
        ensure(
            is_so,
            &format!("not {}, {word}: {}", reason.name(), came.said),
        )?;
        return ground.nothing_is_left();
    }
    ensure(came.errno == 0, &format!("is refused: {}", came.said))?;
    let is_harmless = harmless(came.pid);
    // Some end at once, or meanwhile: a signal ends also what is frozen.
    let is_gone = !Path::new(&format!("/proc/{}", came.pid)).exists();
    if !(is_gone && matches!(row.expect, Expect::Ends)) {
        is_harmless?;
    }
    match &row.expect {
        Expect::Stands(file, line) => {
            let text = proc(came.pid, file)?;
            ensure(
                text.contains(line),
                &format!("{file} has no {line:?}:\n{text}"),
            )
        }
        Expect::Loses(kind, field, index, bits) => {
            let now = saved_again(stage, ground, *kind, field, *index)?;
            ensure(now & bits == 0, &format!("{field} is {now:#x}"))
        }
        Expect::Ends => {
            fs::write(ground.inside.join("cgroup.freeze"), "0").doing("cgroup.freeze")?;
            ground.wait_until_empty("goes on")
        }
        Expect::Refused(..) | Expect::NoRoom => Ok(()),
    }
}

fn proc(pid: i32, file: &str) -> Step<String> {
    fs::read_to_string(format!("/proc/{pid}/{file}")).doing(file)
}

/// It has no more than its restarter.
fn harmless(pid: i32) -> Step<()> {
    const CHECKPOINT_RESTORE: u64 = 1 << 40;
    let status = proc(pid, "status")?;
    let line = |name: &str| {
        let found = status.lines().find_map(|line| line.strip_prefix(name));
        found.map_or("", |rest| rest.trim_start_matches(':')).trim()
    };
    for ids in ["Uid", "Gid"] {
        let own = line(ids).split_whitespace().all(|id| id == "1000");
        ensure(own, &format!("{ids} are {}", line(ids)))?;
    }
    ensure(line("Groups").is_empty(), "it is in other groups")?;
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        let held = u64::from_str_radix(line(set), 16).unwrap_or(u64::MAX);
        ensure(
            held & !CHECKPOINT_RESTORE == 0,
            &format!("{set} is {held:#x}"),
        )?;
    }
    let (own, limits) = (
        proc(std::process::id() as i32, "limits")?,
        proc(pid, "limits")?,
    );
    for (ours, its) in own.lines().zip(limits.lines()).skip(1) {
        // The name takes 26 columns, the soft limit 21.
        let hard = |line: &str| {
            let rest = line.get(46..).unwrap_or_default();
            let word = rest.split_whitespace().next().unwrap_or_default();
            word.parse::<u64>().unwrap_or(u64::MAX)
        };
        ensure(hard(its) <= hard(ours), &format!("it has the limit {its}"))?;
    }
    let score = proc(pid, "oom_score_adj")?;
    ensure(
        !score.starts_with('-'),
        &format!("its oom score is {score}"),
    )?;
    let stat = proc(pid, "stat")?;
    let fields: Vec<&str> = stat
        .rsplit(") ")
        .next()
        .unwrap_or_default()
        .split(' ')
        .collect();
    // Counted from the state, which is the third.
    let number = |index: usize| fields.get(index - 3).copied().unwrap_or_default();
    ensure(
        !number(19).starts_with('-'),
        &format!("its nice value is {}", number(19)),
    )?;
    ensure(
        ["0", "3", "5"].contains(&number(41)),
        &format!("its policy is {}", number(41)),
    )
}

/// What the image of it says now.
fn saved_again(stage: &Stage, ground: &Ground, kind: Kind, name: &str, index: usize) -> Step<u64> {
    let path = stage.container.dir.join("again");
    let arguments = [ground.inside.clone(), "-o".into(), path.clone()];
    tool::succeed("checkpoint", &arguments, stage.container)?;
    let image = fs::read(path).doing("the image of it")?;
    let mut reader = ImageReader::new(&image[..]);
    while let Ok(Some(record)) = reader.next() {
        if record.kind != Some(kind) {
            continue;
        }
        let field = of(kind).fields.iter().find(|field| field.name == name);
        let start = field.map_or(0, |field| field.offset) + index * 8;
        let width = field.map_or(0, |field| field.size.min(8));
        let mut whole = [0; 8];
        if let Some(bytes) = record.fixed.get(start..start + width) {
            whole[..width].copy_from_slice(bytes);
        }
        return Ok(u64::from_le_bytes(whole));
    }
    Err(Outcome::failed("there is no such record any more"))
}
