//! What becomes of a page that cannot be read: asked again, begun again, narrowed down, and at last a gap.

use orders_core::{Error, ErrorKind, Walk};

use crate::SyncError;
use crate::engine::{Flow, Put, Run};
use crate::judge::Verdict;
use crate::state::Tier;
use crate::store::Missing;
use crate::summary::Outcome;
use crate::walk::Asked;

impl Run<'_> {
    pub(crate) fn failed(
        &mut self,
        id: u64,
        error: Error,
        asked: &mut Asked<'_>,
    ) -> Result<Flow, SyncError> {
        let Some(at) = self.position(id) else {
            return Ok(Flow::Continue(()));
        };
        match self.judge(id, error) {
            Verdict::End => Ok(Flow::Break(Outcome::Partial)),
            Verdict::Again(wait) => {
                let active = &self.state.jobs[0].active[at];
                if let Some((slice, cursor)) = active.place.ask(&active.slice) {
                    asked.ask(id, slice, cursor, wait);
                }
                Ok(Flow::Continue(()))
            }
            Verdict::Gap(error) => {
                self.tries.remove(&id);
                if self.begin_again(at, &error) || self.halve(at, &error) {
                    self.commit(&Put::default())?;
                    return Ok(Flow::Continue(()));
                }
                if self.split(at, &error)? {
                    return Ok(Flow::Continue(()));
                }
                if self.step_over(at, &error)? {
                    return Ok(self.note_gap(error));
                }
                self.gap(at, error)
            }
        }
    }

    /// A cursor may have expired while the run was away: the slice is read from its beginning, once.
    fn begin_again(&mut self, at: usize, error: &Error) -> bool {
        let active = &mut self.state.jobs[0].active[at];
        let has_cursor = active
            .place
            .ask(&active.slice)
            .is_some_and(|(_, cursor)| cursor.is_some());
        if error.kind() != ErrorKind::InvalidRequest
            || !has_cursor
            || !self.restarted.insert(active.id)
        {
            return false;
        }
        let slice = active.slice.clone();
        self.state.marks += 1;
        self.state.jobs[0].active[at].place = self.beginning(&slice);
        self.doubt.clear();
        true
    }

    /// Shrinks what cannot be read. Where the vendor may only be down that is left to the next run.
    fn halve(&mut self, at: usize, error: &Error) -> bool {
        self.may_shrink(error) && self.front().active[at].place.halve()
    }

    fn may_shrink(&self, error: &Error) -> bool {
        !error.is_retryable() || self.state.jobs[0].tier == Tier::Gaps
    }

    /// A window behind a cursor with a page that cannot be read: its halves are read instead, each from its beginning,
    /// so that all but the second of the bad page comes.
    fn split(&mut self, at: usize, error: &Error) -> Result<bool, SyncError> {
        let slice = self.state.jobs[0].active[at].slice.clone();
        let halves = slice.split().filter(|_| slice.walk == Walk::Cursor);
        let Some((early, late)) = halves.filter(|_| self.may_shrink(error)) else {
            return Ok(false);
        };
        let filled = self.end_slice(at);
        self.doubt.clear();
        let mut gaps = Vec::new();
        for (behind, half) in [early, late].into_iter().enumerate() {
            let place = self.beginning(&half);
            if !filled.is_empty() {
                // What was one gap is now two.
                let (kind, reason) = (error.kind().as_str().to_owned(), error.to_string());
                gaps.push((Missing::Slice(half.clone()), kind, reason));
            }
            let job = self.front();
            job.activate(half, place);
            // In the place of the whole: deep splits end before the late halves are begun.
            if let Some(active) = job.active.pop() {
                job.active.insert(at + behind, active);
            }
        }
        self.commit(&Put {
            gaps: &gaps,
            filled: &filled,
            ..Put::default()
        })?;
        Ok(true)
    }

    /// Goes on behind a page of a pass that cannot be read, so that one bad order hides no other page. The pass stays a
    /// gap until its total is reached.
    fn step_over(&mut self, at: usize, error: &Error) -> Result<bool, SyncError> {
        let source = self.source;
        let active = &mut self.front().active[at];
        let Some((slice, cursor)) = active.place.ask(&active.slice) else {
            return Ok(false);
        };
        let next = source.behind(&slice, cursor.as_ref());
        let bad = error.kind() == ErrorKind::Decode;
        if !bad || !next.is_some_and(|next| active.place.step_over(next)) {
            return Ok(false);
        }
        let was = active.clone();
        self.front().gaps += 1;
        let (kind, reason) = (error.kind().as_str().to_owned(), error.to_string());
        self.commit(&Put {
            gaps: &[(Missing::Slice(slice), kind, reason)],
            ..Put::default()
        })?;
        self.page_done(&was, 0);
        Ok(true)
    }

    /// Stores what cannot be read, and goes on behind it.
    pub(crate) fn gap(&mut self, at: usize, error: Error) -> Result<Flow, SyncError> {
        let active = &mut self.state.jobs[0].active[at];
        let piece = active
            .place
            .ask(&active.slice)
            .map_or_else(|| active.slice.clone(), |(slice, _)| slice);
        let before = active.place.seconds_left();
        let more = active.place.skip();
        let was = active.clone();
        self.front().gaps += 1;
        let mut filled = if more { Vec::new() } else { self.end_slice(at) };
        // The same piece as before stays what it was: a gap.
        filled.retain(|before| *before != Missing::Slice(piece.clone()));
        let missing = Missing::Slice(piece);
        let reason = self.reason(&missing, &error)?;
        let gaps = [(missing, error.kind().as_str().to_owned(), reason)];
        self.commit(&Put {
            gaps: &gaps,
            filled: &filled,
            ..Put::default()
        })?;
        self.page_done(&was, before - was.place.seconds_left());
        if !more {
            self.slice_done(&was);
        }
        Ok(self.note_gap(error))
    }

    /// Why something is missing: of a pass that lacks orders, also what could not be read on its pages.
    fn reason(&self, missing: &Missing, error: &Error) -> Result<String, SyncError> {
        let told = error.to_string();
        if error.kind() != ErrorKind::Incomplete {
            return Ok(told);
        }
        let gaps = self.store.gaps(self.source.account())?;
        let unread = gaps
            .into_iter()
            .find(|gap| gap.missing == *missing && gap.kind == ErrorKind::Decode.as_str());
        Ok(unread.map_or(told.clone(), |gap| format!("{}; {told}", gap.reason)))
    }
}
