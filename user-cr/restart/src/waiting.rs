// SPDX-License-Identifier: GPL-2.0

//! Everything before the kernel is asked to restart: the place, the session, and the tasks in it.

use std::os::fd::OwnedFd;
use std::path::Path;

use anyhow::{Context, Result};
use ckpt_sys::signals::Interrupts;

use crate::image::Image;
use crate::ipc::Home;
use crate::pids::Births;
use crate::place::Place;
use crate::tree::Tree;
use crate::{clock, run};

/// Tasks that wait for each other, and for the rest of their image. They go when this is dropped, and
/// before their place does.
pub struct Waiting {
    pub tree: Tree,
    pub session: OwnedFd,
    pub place: Place,
    pub image: Image,
}

impl Waiting {
    /// Makes them, in a cgroup of this path or in a new one.
    pub fn make(
        image: Image,
        births: &Births,
        cgroup: Option<&Path>,
        interrupts: &Interrupts,
    ) -> Result<Self> {
        let place = Place::prepare(cgroup)?;
        let session = run::open(&place)?;
        clock::go_on(&image.prefix.header)?;
        let home = image.prefix.has_ipc_space.then(Home::leave).transpose()?;
        let tree = Tree::build(births, &place, &session, home.as_ref(), interrupts)?;
        if let Some(home) = home {
            home.come_back()
                .context("cannot leave the container's IPC namespace")?;
        }
        Ok(Self {
            tree,
            session,
            place,
            image,
        })
    }
}
