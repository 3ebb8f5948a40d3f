//! When a pass over everything is over, what it says, and what is read between two passes.

use chrono::{DateTime, Utc};
use orders_core::Slice;

use crate::SyncError;
use crate::engine::{Flow, Put, Run};
use crate::place::{Listing, Place};
use crate::state::{Job, PassMemory, Tier, Work};
use crate::store::Missing;
use crate::summary::Outcome;

impl Run<'_> {
    /// Passes whose last page was stored by an earlier run, but not decided upon.
    pub(crate) fn settle_ended(&mut self) -> Result<Flow, SyncError> {
        let ended: Vec<u64> = self.state.jobs[0]
            .active
            .iter()
            .filter(|active| active.place.at_end)
            .map(|active| active.id)
            .collect();
        for id in ended {
            if self.settle(id)?.is_break() {
                return Ok(Flow::Break(Outcome::Partial));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Decides whether a pass is over: only when the store has seen as many orders as the vendor says there are.
    pub(crate) fn settle(&mut self, id: u64) -> Result<Flow, SyncError> {
        let Some(at) = self.position(id) else {
            return Ok(Flow::Continue(()));
        };
        let place = &self.state.jobs[0].active[at].place;
        if let (true, Some(mark)) = (place.wants_count(), place.mark()) {
            let counted = self.marked(mark)?;
            let says_totals = self.source.capabilities().page_total;
            let place = &mut self.state.jobs[0].active[at].place;
            let mut marks = self.state.marks;
            let over = place.counted(counted, says_totals, &mut marks);
            self.state.marks = marks;
            match over {
                Ok(true) => {}
                Ok(false) => return Ok(Flow::Continue(())),
                Err(error) => return self.gap(at, error),
            }
        } else if !place.at_end {
            return Ok(Flow::Continue(()));
        }
        self.end_pass(at)
    }

    fn end_pass(&mut self, at: usize) -> Result<Flow, SyncError> {
        let active = self.state.jobs[0].active[at].clone();
        let started_at = self.state.jobs[0].started_at;
        let mut filled = self.end_slice(at);
        let whole = active.slice.partition.is_none();
        let Some(pass) = active.place.pass.clone().filter(|_| whole) else {
            self.commit(&Put {
                filled: &filled,
                ..Put::default()
            })?;
            self.slice_done(&active);
            return Ok(Flow::Continue(()));
        };
        let whole_pass = Missing::Slice(active.slice.clone());
        let mut gone_unless = None;
        if pass.growing {
            let live = self.store.live(self.source.account())?;
            self.state.needs_full = pass.total.is_some_and(|total| total != live);
        } else {
            // Only a proven pass says what is gone.
            gone_unless = pass.total.is_some().then_some((pass.mark, started_at));
            let many = self.most_unseen(pass.mark)?.is_some();
            // What an earlier pass did not show is this one's to say.
            self.state.jobs.retain(|job| job.tier != Tier::Unseen);
            if let Some(job) = self.ask_unseen(pass.mark, started_at)? {
                gone_unless = None;
                self.state.jobs.push(job);
                // What was in doubt is decided when all are asked for.
                if self.doubted_pass()?.is_some() {
                    filled.retain(|missing| *missing != whole_pass);
                } else {
                    filled.push(whole_pass);
                }
            } else if many && gone_unless.is_some() {
                gone_unless = None;
                filled.retain(|missing| *missing != whole_pass);
                let shown = self.marked(pass.mark)?;
                let live = self.store.live(self.source.account())?;
                self.doubt_pass(usize::try_from(live.saturating_sub(shown)).unwrap_or(usize::MAX))?;
            } else {
                filled.push(whole_pass);
            }
            self.state.needs_full = false;
            self.state.full_at = Some(started_at);
        }
        let listing = match (&self.state.pass, pass.growing) {
            // The growing end is short: it can refute an order of rows, not establish one.
            (Some(before), true) if pass.listing == Listing::Unknown => before.listing,
            (Some(before), true) if pass.listing != before.listing => Listing::Mixed,
            _ => pass.listing,
        };
        let tail = match (&self.state.pass, pass.growing) {
            (Some(before), true) => pass.tail.or(before.tail.clone()),
            _ => pass.tail,
        };
        let page_rows = self
            .state
            .pass
            .as_ref()
            .map_or(0, |before| before.page_rows);
        let page_rows = page_rows.max(pass.page_rows as u64);
        self.state.pass = Some(PassMemory {
            listing,
            tail,
            total: pass.total,
            page_rows,
        });
        self.commit(&Put {
            gone_unless,
            filled: &filled,
            ..Put::default()
        })?;
        self.slice_done(&active);
        Ok(Flow::Continue(()))
    }

    /// An order that vanishes while another appears between two pages hides a third, which is not gone; and many missing
    /// at once are more likely a wrong total than so many deletions. So each order that a pass did not show is asked for
    /// by itself, however many there are, where the vendor can be asked.
    fn ask_unseen(&self, mark: u64, since: DateTime<Utc>) -> Result<Option<Job>, SyncError> {
        if !self.source.capabilities().fetches {
            return Ok(None);
        }
        let some = self
            .store
            .unseen(self.source.account(), mark, since, None, 1)?;
        let after = None;
        let work = Work::Unseen { mark, since, after };
        Ok((!some.is_empty()).then(|| Job::new(Tier::Unseen, since, work)))
    }

    /// The growing end: the first pages where the newest come first, else from shortly before the last end.
    pub(crate) fn begin_growing(&mut self, job: &mut Job) {
        self.state.marks += 1;
        let memory = self.state.pass.as_ref();
        let newest_first = memory.is_some_and(|pass| pass.listing == Listing::NewestFirst);
        let until = self
            .state
            .watermark
            .filter(|_| newest_first)
            .map(|at| at - self.options.overlap);
        let tail = memory
            .and_then(|pass| pass.tail.clone())
            .filter(|_| !newest_first);
        job.activate(Slice::pass(), Place::growing(tail, until, self.state.marks));
    }
}
