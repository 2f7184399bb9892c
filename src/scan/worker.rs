//! What every thread of a scan does: open objects, scan parts, put results in order.

use super::Progress;
use super::coverage::broken;
use super::hands::Hands;
use super::object::Object;
use super::parts::PartResult;
use super::scanner::Scanner;
use super::stats::Stats;
use crate::model::{Fingerprint, ObjectReport};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// All objects of a scan and how far it has come. Shared by the threads.
pub(super) struct Work<'r> {
    scanner: &'r Scanner,
    progress: &'r dyn Progress,
    stats: Option<&'r Stats>,
    objects: Vec<Object<'r>>,
    /// Objects in the order in which they are opened: the largest first, so that the threads end together.
    order: Vec<usize>,
    next: AtomicUsize,
    /// Threads that are opening an object, whose parts others may soon help with.
    opening: AtomicUsize,
}

impl<'r> Work<'r> {
    pub(super) fn new(
        scanner: &'r Scanner,
        objects: Vec<Object<'r>>,
        progress: &'r dyn Progress,
        stats: Option<&'r Stats>,
    ) -> Self {
        let mut order: Vec<usize> = (0..objects.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(objects[index].size()));
        Self { scanner, progress, stats, objects, order, next: AtomicUsize::new(0), opening: AtomicUsize::new(0) }
    }

    pub(super) fn fingerprints(&self) -> Vec<Option<Fingerprint>> {
        self.objects.iter().map(Object::fingerprint).collect()
    }

    pub(super) fn into_reports(self) -> Vec<ObjectReport> {
        let counted = &self.scanner.counted;
        self.objects.into_iter().map(|object| object.into_report(counted)).collect()
    }
}

/// How long a thread waits before it looks again for something to do.
const PAUSE: Duration = Duration::from_micros(50);

/// Scans until nothing is left to do.
pub(super) fn run(work: &Work<'_>) {
    loop {
        let position = work.next.fetch_add(1, Ordering::Relaxed);
        let Some(&index) = work.order.get(position) else { break };
        let object = &work.objects[index];
        work.opening.fetch_add(1, Ordering::SeqCst);
        guarded(object, || object.open(work.scanner, work.progress));
        work.opening.fetch_sub(1, Ordering::SeqCst);
        scan_parts(work, object);
        work.progress.object_done();
    }
    loop {
        for &index in &work.order {
            scan_parts(work, &work.objects[index]);
        }
        if work.opening.load(Ordering::SeqCst) == 0 && work.objects.iter().all(Object::is_drained) {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Takes parts of the object until it has no more.
fn scan_parts(work: &Work<'_>, object: &Object<'_>) {
    let mut hands = Hands::default();
    let located = object.located();
    loop {
        // Whoever scans the part that the others wait for is not here, so this ends.
        while object.is_far_ahead() {
            std::thread::sleep(PAUSE);
        }
        let Some((sequence, part)) = object.take_part() else { break };
        let tally = work.scanner.tally().after(Arc::clone(&located));
        let mut result = PartResult::new(tally);
        let reading = object.reading(work.scanner, work.stats.is_some());
        if let Ok(spare) = catch_unwind(AssertUnwindSafe(|| hands.scan(reading, part, &mut result))) {
            object.give_back(spare);
        } else {
            // Its state may be half changed: start afresh with the next part.
            hands = Hands::default();
            result.coverage.worsen(broken());
        }
        object.put_result(sequence, result);
    }
    if let Some(stats) = work.stats {
        stats.add(object.key(), hands.take_costs());
    }
}

fn guarded(object: &Object<'_>, action: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(action)).is_err() {
        object.give_up(broken());
    }
}
