// SPDX-License-Identifier: GPL-2.0

//! Forests that come about by themselves are planned, and the plan is carried out by a model of the
//! kernel's rules: either it gives the same forest, or the planner has refused.

use std::time::{Duration, Instant};

use ckpt_format::task::MEMBER_ENDED;
use ckpt_format::TaskId;
use zerocopy::FromZeros;

use super::*;
use life::{live, members, Dice, Ways};
use stage::perform;

mod life;
mod linux;
mod stage;

/// How often what was needed.
#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    why: Vec<Obstacle>,
    early: usize,
    siblings: usize,
    adopted: usize,
    helpers: usize,
    stand_ins: usize,
    meetings: usize,
    keepers: usize,
}

impl Tally {
    fn count(&mut self, plan: &Plan, members: usize) {
        let steps = plan.actors.iter().flat_map(|actor| &actor.steps);
        let has = |wanted: fn(&Step) -> bool| usize::from(steps.clone().any(wanted));
        self.siblings += has(|step| matches!(step, Step::Sibling(_)));
        self.adopted += has(|step| matches!(step, Step::Subreaper));
        self.keepers += has(|step| matches!(step, Step::Await(1)));
        let placeholders = &plan.actors[members..];
        self.helpers += usize::from(placeholders.iter().any(|actor| actor.pid.is_none()));
        self.stand_ins += usize::from(placeholders.iter().any(|actor| actor.pid.is_some()));
        self.meetings += usize::from(plan.meets);
        self.early += usize::from(plan.actors.iter().any(|actor| {
            let leads = |step: &Step| matches!(step, Step::NewSession | Step::NewGroup);
            matches!(actor.steps.first(), Some(Step::Child(_))) && actor.steps.iter().any(leads)
        }));
    }
}

/// Plans many forests and carries the plans out.
fn build_many(seed: u64, rounds: usize, ways: Ways) -> Tally {
    let mut dice = Dice(seed);
    let mut tally = Tally::default();
    for round in 0..rounds {
        let events = 1 + dice.roll(100);
        let linux = live(&mut dice, events, ways);
        let members = members(&linux);
        let nesting = linux.nesting();
        let plan = match plan(&members, &nesting) {
            Ok(plan) => plan,
            Err(refusal) => {
                tally.refused += 1;
                tally.why.push(refusal.what);
                continue;
            }
        };
        let made = perform(&members, &nesting, &plan, &mut dice);
        assert_eq!(made.picture(), linux.picture(), "round {round}: {plan:?}");
        // Nobody but the init can be made from outside.
        assert!(
            !ways.has_init || plan.roots == [0],
            "round {round}: {plan:?}"
        );
        tally.count(&plan, members.len());
    }
    tally
}

#[test]
fn what_comes_about_without_oddities_can_be_built() {
    let tally = build_many(0x9e37_79b9_7f4a_7c15, 1_000, Ways::default());
    assert_eq!((tally.refused, tally.adopted), (0, 0));
    for often in [
        tally.early,
        tally.siblings,
        tally.helpers,
        tally.stand_ins,
        tally.meetings,
        tally.keepers,
    ] {
        assert!(often > 50, "{tally:?}");
    }
}

#[test]
fn what_lives_below_an_init_of_its_own_can_be_built() {
    let ways = Ways {
        has_init: true,
        ..Ways::default()
    };
    let tally = build_many(0x2545_f491_4f6c_dd1d, 1_000, ways);
    assert_eq!(tally.refused, 0);
    assert!(tally.adopted > 20, "{tally:?}");
}

#[test]
fn what_clone_made_siblings_can_be_built() {
    let ways = Ways {
        clone_parent: true,
        ..Ways::default()
    };
    assert_eq!(build_many(0x1234_5678_9abc_def1, 800, ways).refused, 0);
}

#[test]
fn subreapers_within_subreapers_are_rarely_refused() {
    for (clone_parent, has_init) in [(false, false), (false, true), (true, false), (true, true)] {
        let ways = Ways {
            has_init,
            clone_parent,
            subreapers: true,
            ..Ways::default()
        };
        let tally = build_many(0x0fed_cba9_8765_4321, 300, ways);
        assert!(tally.refused <= 1 && tally.adopted > 0, "{tally:?}");
    }
}

#[test]
fn what_lives_in_namespaces_can_be_built() {
    for (clone_parent, has_init, entries) in [
        (false, false, false),
        (false, true, false),
        (true, false, false),
        (true, true, false),
        (false, false, true),
        (false, true, true),
    ] {
        let ways = Ways {
            has_init,
            clone_parent,
            namespaces: true,
            entries,
            subreapers: false,
        };
        let tally = build_many(0x0123_4567_89ab_cdef, 500, ways);
        // Whoever enters from outside can do so at any time, and be gone.
        assert!(tally.refused <= if entries { 30 } else { 5 }, "{tally:?}");
    }
}

const OUTSIDE: u32 = u32::MAX;

/// A member with the pid `place + 1`.
fn member(place: u32, parent: u32, group: u32, session: u32) -> Member {
    Member {
        pid: ObjectId::new(place + 1),
        leader: TaskId::new(place),
        parent: TaskId::new(parent),
        group: ObjectId::new(group),
        session: ObjectId::new(session),
        exit_signal: 17.into(),
        ..Member::new_zeroed()
    }
}

/// Plans it, and sees that it comes out.
fn planned(members: &[Member]) -> Plan {
    let nesting = Nesting::default();
    let plan = plan(members, &nesting).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    for seed in 1..20 {
        let made = perform(members, &nesting, &plan, &mut Dice(seed));
        for (place, member) in members.iter().enumerate() {
            if member.leader.get() as usize != place {
                continue;
            }
            let process = &made.0[&member.pid.get()];
            let parent = members.get(member.parent.get() as usize);
            let parent = parent.map_or(0, |parent| members[parent.leader.get() as usize].pid.get());
            let found = (process.parent, process.group, process.session);
            assert_eq!(found, (parent, member.group.get(), member.session.get()));
        }
        let processes = (0..)
            .zip(members)
            .filter(|(place, member)| member.leader.get() == *place);
        assert_eq!(made.0.len(), processes.count());
    }
    plan
}

fn steps(plan: &Plan) -> Vec<&[Step]> {
    plan.actors.iter().map(|actor| &actor.steps[..]).collect()
}

fn refused(members: &[Member]) -> (usize, Obstacle) {
    let refusal = plan(members, &Nesting::default()).unwrap_err();
    (refusal.task, refusal.what)
}

#[test]
fn one_task_needs_at_most_one_step() {
    let one = |group, session| vec![member(0, OUTSIDE, group, session)];
    assert_eq!(steps(&planned(&one(0, 0))), [&[]]);
    assert_eq!(steps(&planned(&one(1, 0))), [&[Step::NewGroup]]);
    assert_eq!(steps(&planned(&one(1, 1))), [&[Step::NewSession]]);
    assert_eq!(refused(&one(0, 1)), (0, Obstacle::Leader));
    assert_eq!(refused(&one(0, 7)), (0, Obstacle::OutsideGroup));
}

#[test]
fn a_child_of_the_old_session_comes_early() {
    let plan = planned(&[
        member(0, OUTSIDE, 1, 1),
        member(1, 0, 0, 0),
        member(2, 0, 1, 1),
    ]);
    let wanted = [Step::Child(1), Step::NewSession, Step::Child(2)];
    assert_eq!(plan.actors[0].steps, wanted);
    assert!(!plan.meets);
}

#[test]
fn a_daemon_has_lost_the_leader_of_its_session() {
    let plan = planned(&[member(0, OUTSIDE, 7, 7)]);
    assert_eq!(plan.roots, [1]);
    assert_eq!(plan.actors[1].pid, Some(ObjectId::new(7)));
    let wanted: [&[Step]; 2] = [&[], &[Step::NewSession, Step::Sibling(0)]];
    assert_eq!(steps(&plan), wanted);
}

#[test]
fn a_daemon_that_an_init_has_adopted() {
    let plan = planned(&[member(0, OUTSIDE, 1, 1), member(1, 0, 7, 7)]);
    assert_eq!(plan.roots, [0]);
    let wanted = [Step::NewSession, Step::Child(2), Step::Reap(2)];
    assert_eq!(plan.actors[0].steps, wanted);
}

#[test]
fn a_pipeline_in_a_shell() {
    let plan = planned(&[
        member(0, OUTSIDE, 1, 1),
        member(1, 0, 2, 1),
        member(2, 0, 2, 1),
    ]);
    assert_eq!(plan.actors.len(), 3);
    let wanted = [
        Step::Arrive(0),
        Step::Await(0),
        Step::EnterGroup(ObjectId::new(2)),
        Step::Arrive(1),
    ];
    assert_eq!(plan.actors[2].steps, wanted);
}

#[test]
fn a_pipeline_whose_first_process_has_died() {
    let plan = planned(&[
        member(0, OUTSIDE, 1, 1),
        member(1, 0, 7, 1),
        member(2, 0, 7, 1),
    ]);
    assert_eq!(plan.actors[3].pid, Some(ObjectId::new(7)));
    let wanted = [
        Step::NewGroup,
        Step::Arrive(0),
        Step::Arrive(1),
        Step::Await(1),
    ];
    assert_eq!(plan.actors[3].steps, wanted);
    assert_eq!(plan.actors[1].steps.last(), Some(&Step::Reap(3)));
}

#[test]
fn jobs_of_a_login_shell_that_has_died() {
    let mut waiting = member(4, 1, 2, 7);
    waiting.flags = MEMBER_ENDED.into();
    planned(&[
        member(0, OUTSIDE, 7, 7),
        member(1, OUTSIDE, 2, 7),
        member(2, 1, 9, 7),
        member(3, OUTSIDE, 9, 7),
        waiting,
    ]);
}

#[test]
fn an_orphan_whose_sessions_leader_has_a_parent_comes_by_a_helper() {
    let plan = planned(&[
        member(0, OUTSIDE, 0, 0),
        member(1, 0, 2, 2),
        member(2, OUTSIDE, 2, 2),
    ]);
    assert_eq!(plan.actors[3].pid, None);
    let wanted = [Step::NewSession, Step::Child(3), Step::Reap(3)];
    assert_eq!(plan.actors[1].steps, wanted);
    assert_eq!(plan.actors[3].steps, [Step::Child(2)]);
}

#[test]
fn a_leader_that_has_moved_leaves_a_keeper() {
    let plan = planned(&[
        member(0, OUTSIDE, 1, 1),
        member(1, 0, 3, 1),
        member(2, 0, 3, 1),
        member(3, 0, 2, 1),
    ]);
    assert_eq!(plan.actors[4].pid, None);
    // Even if two have changed places, and nobody else is there.
    planned(&[
        member(0, OUTSIDE, 1, 1),
        member(1, 0, 3, 1),
        member(2, 0, 2, 1),
    ]);
    // There is no way back to the group outside.
    let members = [member(0, OUTSIDE, 0, 0), member(1, OUTSIDE, 1, 0)];
    assert_eq!(refused(&members), (0, Obstacle::OutsideGroup));
}

#[test]
fn threads_are_no_processes_of_their_own() {
    let mut thread = member(1, OUTSIDE, 1, 1);
    thread.leader = TaskId::new(0);
    // A child of the thread.
    let plan = planned(&[member(0, OUTSIDE, 1, 1), thread, member(2, 1, 1, 1)]);
    let wanted = [Step::NewSession, Step::Child(2), Step::Thread(1)];
    assert_eq!(plan.actors[0].steps, wanted);
    assert_eq!(plan.actors[1].steps, []);
    // Neither is it the leader of anything.
    let of_thread = |group, session| {
        [
            member(0, OUTSIDE, 0, 0),
            thread,
            member(2, 0, group, session),
        ]
    };
    let mut members = of_thread(2, 0);
    (members[1].group, members[1].session) = (ObjectId::NONE, ObjectId::NONE);
    assert_eq!(refused(&members), (2, Obstacle::Group));
    members[2].session = ObjectId::new(2);
    assert_eq!(refused(&members), (2, Obstacle::Session));
}

#[test]
fn what_cannot_be_is_refused() {
    // One group in two sessions.
    let members = [member(0, OUTSIDE, 1, 1), member(1, OUTSIDE, 1, 0)];
    assert_eq!(refused(&members), (1, Obstacle::Group));
    // A group with the number of another session.
    let members = [member(0, OUTSIDE, 7, 7), member(1, OUTSIDE, 7, 9)];
    assert_eq!(refused(&members), (1, Obstacle::Group));
    // The session of somebody who leads none.
    let members = [member(0, OUTSIDE, 1, 0), member(1, OUTSIDE, 2, 1)];
    assert_eq!(refused(&members), (1, Obstacle::Session));
    // Above the leader of its own session.
    let members = [member(0, OUTSIDE, 2, 2), member(1, 0, 2, 2)];
    assert_eq!(refused(&members).1, Obstacle::Session);
    // Each from the other's session.
    let members = [
        member(0, OUTSIDE, 1, 1),
        member(1, OUTSIDE, 2, 2),
        member(2, 0, 2, 2),
        member(3, 1, 1, 1),
    ];
    assert_eq!(refused(&members).1, Obstacle::Session);
    // In the group outside, below one that left it.
    let members = [member(0, OUTSIDE, 7, 7), member(1, 0, 0, 0)];
    assert_eq!(refused(&members).1, Obstacle::Session);
}

#[test]
fn orphans_go_to_the_next_who_adopts() {
    // 5 and 6 come from the session of 4, which is below both who adopted them.
    let members = [
        member(0, OUTSIDE, 1, 1),
        member(1, 0, 2, 2),
        member(2, 1, 3, 3),
        member(3, 2, 4, 4),
        member(4, 1, 4, 4),
    ];
    let plan = planned(&members);
    assert_eq!(plan.actors[1].steps.first(), Some(&Step::Subreaper));
    let members: Vec<Member> = members.into_iter().chain([member(5, 0, 4, 4)]).collect();
    assert_eq!(refused(&members), (5, Obstacle::Adoption));
}

#[test]
fn large_forests_take_no_long_time() {
    const MANY: u32 = 20_000;
    let chain = |place: u32| {
        let parent = place.checked_sub(1).unwrap_or(OUTSIDE);
        match place % 2 {
            0 => member(place, parent, place + 1, place + 1),
            _ => member(place, parent, 1, place),
        }
    };
    let thread = |place: u32| Member {
        leader: TaskId::new(0),
        ..member(place, OUTSIDE, 1, 1)
    };
    // Daemons whose sessions have died; all in groups whose leaders have died.
    let daemon = |place: u32| member(place, OUTSIDE, 2 * MANY + place / 3, MANY + 1 + place / 9);
    let forests: [Vec<Member>; 3] = [
        (0..MANY)
            .map(chain)
            .map(|one| Member {
                group: one.session,
                ..one
            })
            .collect(),
        (0..MANY).map(thread).collect(),
        (0..MANY).map(daemon).collect(),
    ];
    let begin = Instant::now();
    for members in forests {
        assert!(plan(&members, &Nesting::default()).is_ok());
    }
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn sessions_that_have_died_far_inside_take_no_long_time() {
    const MANY: u32 = 100_000;
    let mut nesting = Nesting::default();
    nesting.add(0);
    nesting.add(1);
    // A long line of processes in a namespace, at its end the first of another, and below that many in
    // sessions of the container's own that have died.
    let members: Vec<Member> = (0..2 * MANY)
        .map(|place| {
            let pid = ObjectId::new(place + 1);
            nesting.put(
                pid,
                usize::from(place > 0) + usize::from(place >= MANY),
                [1, MANY].contains(&place),
            );
            match place {
                0 => member(0, OUTSIDE, 1, 1),
                1..=MANY => member(place, place - 1, 1, 1),
                _ => member(place, MANY, 2 * MANY + place, 2 * MANY + place),
            }
        })
        .collect();
    let begin = Instant::now();
    assert!(plan(&members, &nesting).is_ok());
    assert!(begin.elapsed() < Duration::from_secs(20));
}
