// SPDX-License-Identifier: GPL-2.0

//! POSIX message queues.

use std::collections::{BTreeMap, BTreeSet};

use ckpt_format::queues::{Queue, QueueMessage, QueueNotice, QUEUE_REMOVED};
use ckpt_format::{Kind, Problem};

/// What is still to come of one.
#[derive(Debug)]
struct Seen {
    missing: u32,
    longest: u32,
    /// Priority of the last message.
    priority: u32,
    is_told: bool,
}

/// What has been seen of them.
#[derive(Debug, Default)]
pub(super) struct Queues {
    queues: BTreeMap<u32, Seen>,
    names: BTreeSet<Vec<u8>>,
}

impl Queues {
    /// Two with one name are in no namespace.
    pub(super) fn declare(&mut self, queue: &Queue, name: &[u8]) -> Result<(), Problem> {
        let is_named = queue.flags.get() & QUEUE_REMOVED == 0;
        if !Queue::takes_name(name) || (is_named && !self.names.insert(name.to_vec())) {
            return Err(Problem::Value("name", name.len() as u64));
        }
        let seen = Seen {
            missing: queue.messages.get(),
            longest: queue.longest.get(),
            priority: u32::MAX,
            is_told: false,
        };
        self.queues.insert(queue.id.get(), seen);
        Ok(())
    }

    fn queue(&mut self, id: u32) -> Result<&mut Seen, Problem> {
        let found = self.queues.get_mut(&id);
        found.ok_or(Problem::Reference("queue", id))
    }

    /// Messages come in the order in which they would be received.
    pub(super) fn message(&mut self, message: &QueueMessage, length: u64) -> Result<(), Problem> {
        let queue = self.queue(message.queue.get())?;
        let priority = message.priority.get();
        if priority > queue.priority {
            return Err(Problem::Value("priority", priority.into()));
        }
        if length > queue.longest.into() {
            return Err(Problem::Value("longest", length));
        }
        let Some(missing) = queue.missing.checked_sub(1) else {
            return Err(Problem::Order(Kind::QueueMessage.number()));
        };
        queue.missing = missing;
        queue.priority = priority;
        Ok(())
    }

    /// One is told, or nobody.
    pub(super) fn notice(&mut self, notice: &QueueNotice) -> Result<(), Problem> {
        let queue = self.queue(notice.queue.get())?;
        match std::mem::replace(&mut queue.is_told, true) {
            true => Err(Problem::Order(Kind::QueueNotice.number())),
            false => Ok(()),
        }
    }

    /// All messages are there.
    pub(super) fn are_full(&self) -> Result<(), Problem> {
        match self.queues.values().find(|queue| queue.missing > 0) {
            Some(queue) => Err(Problem::Value("messages", queue.missing.into())),
            None => Ok(()),
        }
    }
}
