// SPDX-License-Identifier: GPL-2.0

//! Open files that belong to the outside: not saved, but handed in by whoever restarts.
//!
//! Saves: what they were, how they were open, and which descriptor's place they had; which
//! descriptors are the same open file. Only those at descriptors that the caller of checkpoint(2)
//! names, with other open files of the same pipe or terminal that are open alike: an end of a pipe
//! whose other end is outside, a terminal, a socket whose other end is outside, a file that a task
//! outside has open too. Says of each of them that it is not saved.
//! Refuses: such a pipe with both ends inside, which would come apart; locks on such files, whom
//! they signal, and what else `files` refuses of a file that it could save.
//! Needs, at restart: a descriptor of the caller's for each of them, open for what it was used for.
//! Restores: the caller's open file itself, as if he had sent it through a socket: offset and flags
//! are from then on shared with him, as with any program that a shell starts. Of the flags only
//! O_NONBLOCK becomes what it was.
//! Locks: what `descriptors` takes; unix_state_lock, sk_callback_lock, f_lock; each inside one call of
//! the glue.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use zerocopy::little_endian::U32;
use zerocopy::FromBytes;

use super::kinds::{S_IFCHR, S_IFDIR, S_IFMT, S_IFREG, S_IFSOCK};
use super::{descriptors::tables, terminals};
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::pipes::End;
use crate::abstractions::terminals::{End as TerminalEnd, Side};
use crate::abstractions::until_zero;
use crate::abstractions::user;
use crate::capture::{Capture, FrozenTask};
use crate::format::calls::{GivenFile, GIVEN_WANTED, MAX_HAND_IN};
use crate::format::files::MAX_PATH;
use crate::format::handed::{Handed, HANDED_READS, HANDED_WRITES};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::sort;

/// The standard descriptors. What is open for both reading and writing is handed in for each of them
/// by itself, as a shell gives them: a terminal is often all three.
const STANDARD: usize = 3;

/// What an open file is, if it may belong to the outside.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Pipe,
    Terminal,
    Socket,
    Regular,
}

impl Class {
    fn of(state: &FileState) -> Option<Self> {
        let access = state.flags & oflag::O_ACCMODE;
        if state.flags & oflag::O_PATH != 0 || access == oflag::O_ACCMODE {
            return None;
        }
        match state.mode & S_IFMT {
            _ if state.pipe => Some(Self::Pipe),
            _ if state.terminal => Some(Self::Terminal),
            S_IFSOCK => Some(Self::Socket),
            S_IFREG if state.by_path || state.object != 0 => Some(Self::Regular),
            _ => None,
        }
    }

    /// Other open files of the same inode lead to the same place outside.
    fn has_doubles(self) -> bool {
        matches!(self, Self::Pipe | Self::Terminal)
    }

    /// What tells who outside has it: an open file, or any of the same inode.
    fn suspect(self, file: &OpenFile) -> (usize, Suspect) {
        match self {
            Self::Pipe => (file.inode(), Suspect::of_inode(file)),
            _ => (file.identity(), Suspect::new(file)),
        }
    }
}

/// An open file that belongs to the outside.
struct Outsider {
    file: OpenFile,
    class: Class,
    /// The lowest descriptor of those that were named at which it is.
    number: u32,
    /// A task outside that has it too, and what that is called.
    holder: Option<(i32, [u8; 16])>,
    /// The image goes there.
    is_sink: bool,
    /// Standard descriptors that were named.
    standard: [bool; STANDARD],
    /// It is open for both reading and writing, and at none of those.
    is_elsewhere: bool,
}

impl Outsider {
    fn opens_for_both(&self) -> bool {
        self.file.opens_for() == (true, true)
    }

    /// Is it handed in for this descriptor by itself?
    fn is_standard(&self, number: u32) -> bool {
        let is_named = self
            .standard
            .get(number as usize)
            .is_some_and(|named| *named);
        is_named && self.opens_for_both()
    }

    /// Which descriptor's place it has where it is found at `number`.
    fn place(&self, number: u32) -> u32 {
        match self.is_standard(number) {
            true => number,
            false => self.number,
        }
    }

    /// Is this open file the same, or a double of it?
    fn leads_where(&self, file: &OpenFile) -> bool {
        self.file.identity() == file.identity()
            || self.class.has_doubles()
                && self.file.inode() == file.inode()
                && self.file.opens_for() == file.opens_for()
    }

    /// What is to be done with what takes that place.
    fn needs(&self, place: u32) -> u32 {
        match self.file.opens_for() {
            (true, false) => HANDED_READS,
            (false, _) => HANDED_WRITES,
            _ if self.is_elsewhere && place == self.number => HANDED_READS | HANDED_WRITES,
            _ if !self.is_standard(place) => HANDED_READS | HANDED_WRITES,
            _ if place == 0 => HANDED_READS,
            _ => HANDED_WRITES,
        }
    }
}

/// What a checkpoint does not save.
#[derive(Default)]
pub(crate) struct Outsiders {
    /// By the address of the open file.
    all: KVVec<Outsider>,
    /// Inodes of those that have doubles, with their place in `all`.
    inodes: KVVec<(usize, usize)>,
    /// Objects, by the address of the open file and the descriptor whose place it had.
    objects: RBTree<(usize, u32), u32>,
    /// What bears an address among them.
    held: KVVec<OpenFile>,
}

impl Outsiders {
    /// All of them that have been captured.
    pub(crate) fn files(&self) -> &[OpenFile] {
        &self.held
    }

    fn find(&self, file: &OpenFile) -> Option<&Outsider> {
        if self.all.is_empty() {
            return None;
        }
        let by_identity = |outsider: &Outsider| outsider.file.identity();
        if let Ok(index) = self.all.binary_search_by_key(&file.identity(), by_identity) {
            return self.all.get(index);
        }
        let inode = file.inode();
        let first = self.inodes.partition_point(|(other, _)| *other < inode);
        let alike = self.inodes.get(first..).unwrap_or(&[]).iter();
        let mut alike = alike.take_while(|(other, _)| *other == inode);
        alike.find_map(|(_, index)| self.all.get(*index).filter(|one| one.leads_where(file)))
    }
}

/// The descriptors that checkpoint(2) names, in ascending order.
pub(crate) fn numbers(address: u64, size: u64) -> Result<KVVec<u32>> {
    let mut numbers = KVVec::new();
    if address == 0 {
        return if size == 0 { Ok(numbers) } else { Err(EINVAL) };
    }
    let bytes = user::read_bytes(address, size, MAX_HAND_IN.saturating_mul(4))?;
    let all = bytes.chunks_exact(4);
    if !all.remainder().is_empty() {
        return Err(EINVAL);
    }
    for number in all {
        let number = u32::from_le_bytes(number.try_into().map_err(|_| EINVAL)?);
        if number > i32::MAX as u32 {
            return Err(EINVAL);
        }
        numbers.push(number, GFP_KERNEL)?;
    }
    sort::values(&mut numbers);
    Ok(numbers)
}

/// Looks which of the open files at these descriptors belong to the outside. `sink`: where the image
/// goes. Before any of them is captured.
pub(crate) fn find(
    tasks: &[FrozenTask],
    numbers: &[u32],
    sink: Option<&OpenFile>,
    out: &mut Capture<'_>,
) -> Result {
    if numbers.is_empty() {
        return Ok(());
    }
    let tables = tables(tasks)?;
    let mut candidates = candidates(tasks, &tables, numbers)?;
    if candidates.is_empty() {
        return Ok(());
    }
    find_holders(&mut candidates, out)?;
    let known = walk(tasks, &tables, &mut candidates)?;
    for candidate in candidates {
        let Some(mut outsider) = known.filter(candidate) else {
            continue;
        };
        if terminals::is_relayed(&outsider.file, out) {
            continue;
        }
        outsider.is_sink = sink.is_some_and(|sink| leads_to(sink, &outsider));
        let index = out.outsiders.all.len();
        if outsider.class.has_doubles() {
            let inode = (outsider.file.inode(), index);
            out.outsiders.inodes.push(inode, GFP_KERNEL)?;
        }
        out.outsiders.all.push(outsider, GFP_KERNEL)?;
    }
    sort::values(&mut out.outsiders.inodes);
    Ok(())
}

/// Is what is written there to be read from this one?
fn leads_to(sink: &OpenFile, outsider: &Outsider) -> bool {
    match outsider.class {
        Class::Pipe => sink.inode() == outsider.file.inode() && outsider.file.opens_for().0,
        Class::Socket => sink.socket_peer() == Some(outsider.file.identity()),
        Class::Terminal | Class::Regular => false,
    }
}

/// What is open at the descriptors that were named and may belong to the outside, by address.
fn candidates(tasks: &[FrozenTask], tables: &[usize], numbers: &[u32]) -> Result<KVVec<Outsider>> {
    let mut found = KVVec::new();
    for task in tables.iter().filter_map(|table| tasks.get(*table)) {
        for number in numbers {
            let open = descriptors::next(&task.task, *number);
            if let Some((_, file, _)) = open.filter(|(found, ..)| found == number) {
                found.push((file, *number), GFP_KERNEL)?;
            }
        }
    }
    sort::by_key(&mut found, |(file, number)| (file.identity(), *number));
    let mut standard = [false; STANDARD];
    for (number, named) in (0..).zip(standard.iter_mut()) {
        *named = numbers.contains(&number);
    }
    let mut candidates = KVVec::new();
    for same in found.chunk_by(|(one, _), (other, _)| one.identity() == other.identity()) {
        let Some((file, number)) = same.first() else {
            continue;
        };
        // A file that cannot be asked what it is will be refused where it is captured.
        let state = errno::answer(file.state(None))?;
        let Some(class) = state.ok().and_then(|state| Class::of(&state)) else {
            continue;
        };
        let candidate = Outsider {
            file: file.clone(),
            class,
            number: *number,
            holder: None,
            is_sink: false,
            standard,
            is_elsewhere: false,
        };
        candidates.push(candidate, GFP_KERNEL)?;
    }
    Ok(candidates)
}

/// Who outside has them too; the tasks there are gone through once.
fn find_holders(candidates: &mut [Outsider], out: &Capture<'_>) -> Result {
    let mut suspects = KVVec::new();
    for candidate in candidates.iter() {
        suspects.push(candidate.class.suspect(&candidate.file), GFP_KERNEL)?;
    }
    sort::by_key(&mut suspects, |(object, _)| *object);
    let (mut objects, mut distinct) = (KVVec::new(), KVVec::new());
    for (object, suspect) in suspects {
        if objects.last() != Some(&object) {
            objects.push(object, GFP_KERNEL)?;
            distinct.push(suspect, GFP_KERNEL)?;
        }
    }
    descriptors::find_outside(out.cgroup, &mut distinct)?;
    for candidate in candidates {
        let (object, _) = candidate.class.suspect(&candidate.file);
        let found = objects.binary_search(&object).ok();
        let found = found.and_then(|index| distinct.get(index));
        candidate.holder = found
            .filter(|suspect| suspect.outsider() != 0)
            .map(|suspect| (suspect.outsider(), suspect.name()));
    }
    Ok(())
}

/// What the container itself has of the same.
#[derive(Default)]
struct Known {
    /// Inodes of what is open for both.
    both: KVVec<usize>,
    /// Inodes of pipes, and whether anybody inside reads from them, and writes.
    pipes: KVVec<(usize, bool, bool)>,
    /// Open files at the other end of sockets, and whether they are inside.
    peers: KVVec<(usize, bool)>,
    /// Pseudo terminals, and whether their master is inside.
    pairs: KVVec<(usize, bool)>,
}

/// Goes through all descriptors of the container.
fn walk(tasks: &[FrozenTask], tables: &[usize], candidates: &mut [Outsider]) -> Result<Known> {
    let mut known = Known::default();
    for candidate in candidates.iter() {
        if candidate.opens_for_both() {
            known.both.push(candidate.file.inode(), GFP_KERNEL)?;
        }
        match candidate.class {
            Class::Pipe => {
                let pipe = (candidate.file.inode(), false, false);
                known.pipes.push(pipe, GFP_KERNEL)?;
            }
            Class::Socket => {
                if let Some(peer) = candidate.file.socket_peer() {
                    known.peers.push((peer, false), GFP_KERNEL)?;
                }
            }
            Class::Terminal => {
                if let Some(end) = TerminalEnd::of(&candidate.file) {
                    known.pairs.push((end.identity(), false), GFP_KERNEL)?;
                }
            }
            Class::Regular => (),
        }
    }
    sort::values(&mut known.pairs);
    sort::values(&mut known.both);
    sort::values(&mut known.pipes);
    sort::values(&mut known.peers);
    let is_all = known.both.is_empty() && known.pipes.is_empty() && known.peers.is_empty();
    if is_all && known.pairs.is_empty() {
        return Ok(known);
    }
    for task in tables.iter().filter_map(|table| tasks.get(*table)) {
        let mut next = 0;
        while let Some((number, file, _)) = descriptors::next(&task.task, next) {
            known.meet(&file);
            if known.both.binary_search(&file.inode()).is_ok() {
                for candidate in candidates.iter_mut().filter(|one| one.leads_where(&file)) {
                    candidate.is_elsewhere |= !candidate.is_standard(number);
                }
            }
            next = number.saturating_add(1);
        }
    }
    Ok(known)
}

impl Known {
    fn meet(&mut self, file: &OpenFile) {
        let (inode, (reads, writes)) = (file.inode(), file.opens_for());
        let first = self.pipes.partition_point(|(pipe, ..)| *pipe < inode);
        let same = self.pipes.get_mut(first..).unwrap_or(&mut []).iter_mut();
        for (_, reader, writer) in same.take_while(|(pipe, ..)| *pipe == inode) {
            *reader |= reads;
            *writer |= writes;
        }
        let end = match self.pairs.is_empty() {
            true => None,
            false => TerminalEnd::of(file),
        };
        if let Some(end) = end.filter(|end| end.side() == Side::Master) {
            let pair = end.identity();
            let same = self.pairs.iter_mut();
            for (_, inside) in same.filter(|(other, _)| *other == pair) {
                *inside = true;
            }
        }
        let identity = file.identity();
        let first = self.peers.partition_point(|(peer, _)| *peer < identity);
        let same = self.peers.get_mut(first..).unwrap_or(&mut []).iter_mut();
        for (_, inside) in same.take_while(|(peer, _)| *peer == identity) {
            *inside = true;
        }
    }

    /// This one, if it does belong to the outside.
    fn filter(&self, candidate: Outsider) -> Option<Outsider> {
        let is_held = candidate.holder.is_some();
        let is_outside = match candidate.class {
            Class::Pipe => {
                let inode = candidate.file.inode();
                let found = self.pipes.binary_search_by_key(&inode, |(pipe, ..)| *pipe);
                let pipe = found.ok().and_then(|index| self.pipes.get(index))?;
                is_held && !(pipe.1 && pipe.2)
            }
            // One whose master is closed is nobody's.
            Class::Terminal => TerminalEnd::of(&candidate.file).is_none_or(|end| {
                let mut pairs = self.pairs.iter();
                let is_inside = pairs.any(|pair| *pair == (end.identity(), true));
                !is_inside && end.master().is_some()
            }),
            Class::Socket => match candidate.file.socket_peer() {
                Some(peer) => {
                    let found = self.peers.binary_search_by_key(&peer, |(peer, _)| *peer);
                    let found = found.ok().and_then(|index| self.peers.get(index));
                    found.is_some_and(|(_, inside)| !inside)
                }
                None => is_held,
            },
            Class::Regular => is_held,
        };
        is_outside.then_some(candidate)
    }
}

/// Describes what is at a descriptor, if it is not to be saved.
pub(crate) fn capture(
    file: &OpenFile,
    number: u32,
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Option<ObjectId>> {
    let Some(outsider) = out.outsiders.find(file) else {
        return Ok(None);
    };
    let place = outsider.place(number);
    let key = (file.identity(), place);
    if let Some(id) = out.outsiders.objects.get(&key) {
        return Ok(Some(ObjectId::new(*id)));
    }
    let (class, needs) = (outsider.class, outsider.needs(place));
    let (holder, is_sink) = (outsider.holder, outsider.is_sink);
    let id = out.new_object()?;
    let outsiders = &mut out.outsiders;
    outsiders.held.push(file.clone(), GFP_KERNEL_ACCOUNT)?;
    let objects = &mut outsiders.objects;
    objects.try_create_and_insert(key, id.get(), GFP_KERNEL_ACCOUNT)?;

    let Ok(state) = errno::answer(file.state(Some(&task.task)))? else {
        let refusal = task.refusal(Reason::FileUnreachable);
        out.refuse(refusal.text(&file.label()).fd(number));
        return Ok(Some(id));
    };
    let name = name_of(file, &state, class)?;
    if let Some(reason) = obstacle(file, &state, is_sink) {
        out.refuse(task.refusal(reason).text(&name).fd(number));
        return Ok(Some(id));
    }
    let device = match state.mode & S_IFMT {
        S_IFCHR => state.device,
        _ => 0,
    };
    let record = Handed {
        id,
        mode: U32::new(state.mode),
        flags: U32::new(state.flags),
        device: U32::new(device),
        number: U32::new(place),
        needs: U32::new(needs),
    };
    out.record(&record, &name)?;
    let said = said_of(file, &name, class, holder)?;
    let remark = match holder {
        Some((holder, _)) => {
            let remark = task.refusal(Reason::HandedShared);
            remark.outsider(holder)
        }
        None => task.refusal(Reason::HandedOutside),
    };
    out.remark(&remark.text(&said).fd(number));
    Ok(Some(id))
}

/// The object of an open file that is not saved, best the one at this descriptor.
pub(crate) fn known(file: &OpenFile, number: u32, out: &Capture<'_>) -> Option<ObjectId> {
    let outsider = out.outsiders.find(file)?;
    let places = [outsider.place(number), outsider.number, 0, 1, 2];
    let mut places = places.into_iter();
    let object = |place| out.outsiders.objects.get(&(file.identity(), place));
    places.find_map(object).copied().map(ObjectId::new)
}

/// As /proc/PID/fd calls it.
fn name_of(file: &OpenFile, state: &FileState, class: Class) -> Result<KVVec<u8>> {
    let label = file.label();
    let has_path = state.by_path && class != Class::Socket;
    let path = match has_path {
        true => errno::answer(file.path())?.ok(),
        false => None,
    };
    let name = path.as_ref().map_or(&label[..], |path| path.as_bytes());
    let name = until_zero(name);
    let name = name.get(..name.len().min(MAX_PATH as usize));
    let mut copy = KVVec::new();
    copy.extend_from_slice(name.unwrap_or(&[]), GFP_KERNEL_ACCOUNT)?;
    Ok(copy)
}

/// What the remark says of it: also what nobody will read any more.
fn said_of(
    file: &OpenFile,
    name: &[u8],
    class: Class,
    holder: Option<(i32, [u8; 16])>,
) -> Result<KVec<u8>> {
    let mut said = KVec::new();
    said.extend_from_slice(name, GFP_KERNEL)?;
    if class == Class::Pipe && file.opens_for().0 {
        let state = End::of(file).map(|end| end.state()).transpose()?;
        if state.is_some_and(|state| state.bytes > 0) {
            said.extend_from_slice(b", with something to read in it,", GFP_KERNEL)?;
        }
    }
    if let Some((_, holder)) = holder {
        let holder = until_zero(&holder);
        said.extend_from_slice(b" is also open in ", GFP_KERNEL)?;
        said.extend_from_slice(holder, GFP_KERNEL)?;
    }
    Ok(said)
}

/// What the container would lose with it.
fn obstacle(file: &OpenFile, state: &FileState, is_sink: bool) -> Option<Reason> {
    let signals = state.has_owner && !file.owner().pid.is_null();
    [
        (is_sink, Reason::ImageInside),
        (state.notifies, Reason::FileWatched),
        (state.locked, Reason::FileLock),
        (state.write_error, Reason::FileError),
        (state.error_below, Reason::FileErrorBelow),
        (state.told, Reason::FileTold),
        (state.restricted, Reason::FileRestricted),
        (
            signals || state.flags & oflag::FASYNC != 0,
            Reason::HandedState,
        ),
    ]
    .into_iter()
    .find_map(|(stands, reason)| stands.then_some(reason))
}

/// An open file to be handed in, as the image describes it.
pub(crate) struct HandedPlan {
    record: Handed,
    name: KVVec<u8>,
    /// What was handed in.
    file: Option<OpenFile>,
}

impl HandedPlan {
    /// Takes a record in.
    pub(crate) fn new(record: Handed, name: &[u8]) -> Result<Self, Refusal> {
        if name.is_empty() || name.contains(&0) {
            return Err(Refusal::new(Reason::ImageValue, EINVAL).name("name"));
        }
        let mut copy = KVVec::new();
        copy.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            record,
            name: copy,
            file: None,
        })
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        Refusal::new(reason, error).value(self.record.number.get().into())
    }

    /// Takes one of the caller's.
    fn take(&mut self, given: &mut [Given]) -> Result<(), Refusal> {
        let missing = |error| self.refusal(Reason::HandedMissing, error).text(&self.name);
        let number = self.record.number.get();
        let found = given.binary_search_by_key(&number, |given| given.number);
        let found = found.ok().and_then(|index| given.get_mut(index));
        let found = found.ok_or_else(|| missing(ENOENT))?;
        found.is_wanted = false;
        let file = OpenFile::from_fd(found.fd).map_err(missing)?;
        let state = errno::answer(file.state(None))?;
        if state.is_ok_and(|state| state.mode & S_IFMT == S_IFDIR) {
            return Err(self.refusal(Reason::HandedKind, EISDIR).name("a directory"));
        }
        let (reads, writes) = file.opens_for();
        let needs = self.record.needs.get();
        for (flag, has, what) in [
            (HANDED_READS, reads, "reading"),
            (HANDED_WRITES, writes, "writing"),
        ] {
            if needs & flag != 0 && !has {
                return Err(self.refusal(Reason::HandedAccess, EBADF).name(what));
            }
        }
        self.file = Some(file);
        Ok(())
    }

    /// What was handed in.
    pub(super) fn file(&self) -> Option<&OpenFile> {
        self.file.as_ref()
    }

    /// Makes it a descriptor of the caller's, which is a task of the container.
    pub(super) fn install(&self, number: u32, close_on_exec: bool) -> Result<(), Refusal> {
        let file = self.file.as_ref().ok_or(EINVAL)?;
        file.receive(number, close_on_exec).map_err(|error| {
            let refusal = Refusal::new(Reason::DescriptorNotInstalled, error);
            refusal.fd(number)
        })
    }
}

/// One of the caller's descriptors, and in whose place it is given.
pub(crate) struct Given {
    number: u32,
    fd: i32,
    /// Somebody has to take it.
    is_wanted: bool,
}

/// What restart(2) was given, by the numbers in ascending order.
pub(crate) fn given(address: u64, size: u64) -> Result<KVVec<Given>> {
    const ONE: usize = core::mem::size_of::<GivenFile>();

    let mut given = KVVec::new();
    if address == 0 {
        return if size == 0 { Ok(given) } else { Err(EINVAL) };
    }
    let bytes = user::read_bytes(address, size, MAX_HAND_IN.saturating_mul(ONE as u64))?;
    let all = bytes.chunks_exact(ONE);
    if !all.remainder().is_empty() {
        return Err(EINVAL);
    }
    for one in all {
        let one = GivenFile::read_from_bytes(one).map_err(|_| EINVAL)?;
        if one.flags.get() & !GIVEN_WANTED != 0 || one.reserved.get() != 0 {
            return Err(EINVAL);
        }
        let one = Given {
            number: one.number.get(),
            fd: one.fd.get(),
            is_wanted: one.flags.get() & GIVEN_WANTED != 0,
        };
        given.push(one, GFP_KERNEL)?;
    }
    sort::by_key(&mut given, |given| given.number);
    let mut pairs = given.windows(2);
    match pairs.any(|pair| matches!(pair, [one, other] if one.number == other.number)) {
        true => Err(EINVAL),
        false => Ok(given),
    }
}

/// Takes what was given in place of what was not saved. Before anything is built.
pub(crate) fn take(plans: &mut [HandedPlan], mut given: KVVec<Given>) -> Result<(), Refusal> {
    for plan in plans {
        plan.take(&mut given)?;
    }
    match given.iter().find(|given| given.is_wanted) {
        None => Ok(()),
        Some(left) => {
            let refusal = Refusal::new(Reason::HandedUnwanted, EINVAL);
            Err(refusal.value(left.number.into()))
        }
    }
}

/// What is shared with the caller becomes what the container had made of it; last of all.
pub(crate) fn take_effect(plans: &[HandedPlan]) {
    for plan in plans {
        if let Some(file) = &plan.file {
            file.set_nonblock(plan.record.flags.get() & oflag::O_NONBLOCK != 0);
        }
    }
}
