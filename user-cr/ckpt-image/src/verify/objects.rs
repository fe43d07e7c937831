// SPDX-License-Identifier: GPL-2.0

//! Objects: declared in order, referred to by kind.

use std::collections::{BTreeMap, BTreeSet};

use ckpt_format::files::{Descriptor, DescriptorTable, FileOwner, FileReading};
use ckpt_format::task::Thread;
use ckpt_format::{Kind, ObjectId, Problem};

/// Every object so far; the object `id` is at index `id - 1`.
#[derive(Debug, Default)]
pub(super) struct Objects {
    kinds: Vec<Kind>,
    tables: BTreeMap<u32, Table>,
    owned: BTreeSet<u32>,
    read: BTreeSet<u32>,
}

#[derive(Debug)]
struct Table {
    missing: u32,
    /// Numbers below this one have had their turn.
    next: u64,
}

impl Objects {
    pub(super) fn count(&self) -> u64 {
        self.kinds.len() as u64
    }

    pub(super) fn declare(&mut self, kind: Kind, id: ObjectId) -> Result<(), Problem> {
        self.kinds.push(kind);
        if u64::from(id.get()) == self.count() {
            Ok(())
        } else {
            Err(Problem::Reference("id", id.get()))
        }
    }

    pub(super) fn declare_table(&mut self, table: &DescriptorTable) -> Result<(), Problem> {
        self.declare(Kind::DescriptorTable, table.id)?;
        let missing = table.count.get();
        self.tables
            .insert(table.id.get(), Table { missing, next: 0 });
        Ok(())
    }

    pub(super) fn find(&self, name: &'static str, id: ObjectId, kind: Kind) -> Result<(), Problem> {
        let found = (id.get() as usize)
            .checked_sub(1)
            .and_then(|index| self.kinds.get(index));
        if found == Some(&kind) {
            Ok(())
        } else {
            Err(Problem::Reference(name, id.get()))
        }
    }

    pub(super) fn find_or_none(
        &self,
        name: &'static str,
        id: ObjectId,
        kind: Kind,
    ) -> Result<(), Problem> {
        if id == ObjectId::NONE {
            Ok(())
        } else {
            self.find(name, id, kind)
        }
    }

    /// Of one of these kinds, or none.
    pub(super) fn find_any(
        &self,
        name: &'static str,
        id: ObjectId,
        kinds: &[Kind],
    ) -> Result<(), Problem> {
        let found = |kind: &Kind| self.find_or_none(name, id, *kind).is_ok();
        if kinds.iter().any(found) {
            Ok(())
        } else {
            Err(Problem::Reference(name, id.get()))
        }
    }

    pub(super) fn descriptor(&mut self, descriptor: &Descriptor) -> Result<(), Problem> {
        let file = descriptor.file;
        if file == ObjectId::NONE {
            return Err(Problem::Reference("file", file.get()));
        }
        self.find_any("file", file, &[Kind::OpenFile, Kind::Handed])?;
        let id = descriptor.table.get();
        let table = self
            .tables
            .get_mut(&id)
            .ok_or(Problem::Reference("table", id))?;
        let number = u64::from(descriptor.number.get());
        if number < table.next || table.missing == 0 {
            return Err(Problem::Value("number", number));
        }
        table.missing -= 1;
        table.next = number + 1;
        Ok(())
    }

    /// A file has one owner at most.
    pub(super) fn own(&mut self, owner: &FileOwner) -> Result<(), Problem> {
        self.find("file", owner.file, Kind::OpenFile)?;
        self.find_or_none("pid", owner.pid, Kind::Pid)?;
        if self.owned.insert(owner.file.get()) {
            Ok(())
        } else {
            Err(Problem::Reference("file", owner.file.get()))
        }
    }

    /// A file has one reader at most.
    pub(super) fn read(&mut self, reading: &FileReading) -> Result<(), Problem> {
        self.find("file", reading.file, Kind::OpenFile)?;
        if self.read.insert(reading.file.get()) {
            Ok(())
        } else {
            Err(Problem::Reference("file", reading.file.get()))
        }
    }

    pub(super) fn tables_are_full(&self) -> Result<(), Problem> {
        match self.tables.iter().find(|(_, table)| table.missing != 0) {
            None => Ok(()),
            Some((id, _)) => Err(Problem::Reference("table", *id)),
        }
    }

    pub(super) fn used_by(&self, thread: &Thread) -> Result<(), Problem> {
        used(thread)
            .into_iter()
            .try_for_each(|(name, id, kind)| self.find(name, id, kind))
    }
}

/// What has ended uses nothing.
pub(super) fn unused_by(thread: &Thread) -> Result<(), Problem> {
    match used(thread)
        .into_iter()
        .find(|(_, id, _)| *id != ObjectId::NONE)
    {
        Some((name, id, _)) => Err(Problem::Reference(name, id.get())),
        None => Ok(()),
    }
}

fn used(thread: &Thread) -> [(&'static str, ObjectId, Kind); 4] {
    [
        ("address_space", thread.address_space, Kind::AddressSpace),
        ("descriptors", thread.descriptors, Kind::DescriptorTable),
        ("directories", thread.directories, Kind::Directories),
        ("signal_actions", thread.signal_actions, Kind::SignalActions),
    ]
}
