//! What all workers share: the batches and results that wait for their turn, the bytes under way, and whose turn it is to take.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::gather::Found;
use super::{Ended, Flow, Worker, ended, work};

pub(super) struct Order<'a, W: Worker, T, E> {
    flow: &'a Flow<'a>,
    worker: &'a W,
    /// Called by one worker at a time: the one that found `State::taking` unset.
    take: Mutex<T>,
    state: Mutex<State<W::Scratch, W::Made, E>>,
    /// Something came to its end, so there may be room for the next batch.
    room: Condvar,
}

struct State<S, M, E> {
    /// How many batches were admitted, and how many were taken.
    admitted: u64,
    taken: u64,
    /// The bytes under way.
    bytes: u64,
    /// Batches that nobody works on yet, with their cost.
    batches: BTreeMap<u64, (Vec<Found>, u64)>,
    /// In which run each worker is.
    runs: Vec<Option<u64>>,
    /// Results that wait for their turn, with the bytes that they hold.
    waiting: BTreeMap<u64, (M, u64)>,
    taking: bool,
    broken: Option<Broken<E>>,
    /// What is used again. A scratch stays with its worker.
    scratches: Vec<Option<S>>,
    spare: Vec<M>,
}

/// So many batches are a run, and one worker's if the others find something else to do: pages of a site stand together, and
/// who knows some of them reads the others sooner.
const RUN: u64 = 16;

impl<S, M, E> State<S, M, E> {
    /// The batch for a worker: the next one of its run, or the first one of a run that is nobody's, or else the first one.
    fn next_for(&mut self, worker: usize) -> Option<(u64, Vec<Found>, u64)> {
        let own = self.runs[worker].and_then(|run| self.batches.range(run * RUN..(run + 1) * RUN).next());
        let nobodys = || self.batches.iter().find(|(index, _)| !self.runs.contains(&Some(*index / RUN)));
        let index = *own.or_else(nobodys).or_else(|| self.batches.first_key_value())?.0;
        self.runs[worker] = Some(index / RUN);
        self.batches.remove(&index).map(|(batch, cost)| (index, batch, cost))
    }
}

/// Why nothing is taken any more.
enum Broken<E> {
    Failed(E),
    /// A defect outside of what [`Worker::text`] does. It goes on where the run was called.
    Panicked(Box<dyn Any + Send>),
}

impl<'a, W: Worker, T: FnMut(&mut W::Made) -> Result<(), E> + Send, E: Send> Order<'a, W, T, E> {
    pub(super) fn new(flow: &'a Flow<'a>, worker: &'a W, take: T) -> Order<'a, W, T, E> {
        let state = State {
            admitted: 0,
            taken: 0,
            bytes: 0,
            batches: BTreeMap::new(),
            runs: vec![None; flow.jobs],
            waiting: BTreeMap::new(),
            taking: false,
            broken: None,
            scratches: (0..flow.jobs).map(|_| None).collect(),
            spare: Vec::new(),
        };
        Order { flow, worker, take: Mutex::new(take), state: Mutex::new(state), room: Condvar::new() }
    }

    /// Waits until there is room for a batch of that cost. False where everything is over.
    pub(super) fn admit(&self, batch: Vec<Found>, cost: u64) -> bool {
        let mut state = self.state();
        let is_full = |state: &State<_, _, _>| state.bytes.saturating_add(cost) > self.flow.memory;
        while !self.is_over(&state) && state.admitted > state.taken && is_full(&state) {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if self.is_over(&state) {
            return false;
        }
        let index = state.admitted;
        state.batches.insert(index, (batch, cost));
        state.admitted += 1;
        state.bytes += cost;
        true
    }

    /// Works on a batch, and takes everything that is next. It is called once for each batch, by one of the pool's workers.
    pub(super) fn work(&self) {
        let worker = rayon::current_thread_index().unwrap_or(0);
        let mut state = self.state();
        if self.is_over(&state) {
            // Whatever is behind a batch that nobody began will not be taken.
            self.room.notify_one();
            return;
        }
        let Some((index, batch, cost)) = state.next_for(worker) else { return };
        let (scratch, made) = (state.scratches[worker].take(), state.spare.pop());
        drop(state);
        let worked = panic::catch_unwind(AssertUnwindSafe(|| {
            let mut scratch = scratch.unwrap_or_else(|| self.worker.scratch());
            let mut made = made.unwrap_or_default();
            let bytes = work(self.flow, self.worker, batch, &mut scratch, &mut made);
            (scratch, made, bytes)
        }));
        let mut state = self.state();
        match worked {
            Ok((scratch, made, bytes)) => {
                state.scratches[worker] = Some(scratch);
                state.bytes = state.bytes.saturating_sub(cost).saturating_add(bytes);
                state.waiting.insert(index, (made, bytes));
                self.take(state);
            }
            Err(payload) => state.broken = Some(Broken::Panicked(payload)),
        }
        self.room.notify_one();
    }

    /// Takes everything that is next, unless somebody is at it.
    fn take<'s>(&'s self, mut state: MutexGuard<'s, State<W::Scratch, W::Made, E>>) {
        if state.taking {
            return;
        }
        state.taking = true;
        while state.broken.is_none() {
            let next = state.taken;
            let Some((mut made, bytes)) = state.waiting.remove(&next) else { break };
            drop(state);
            let taken = panic::catch_unwind(AssertUnwindSafe(|| {
                (self.take.lock().unwrap_or_else(PoisonError::into_inner))(&mut made)
            }));
            state = self.state();
            state.taken += 1;
            state.bytes = state.bytes.saturating_sub(bytes);
            match taken {
                // Many may have waited for one; there is work for so many only.
                Ok(Ok(())) if state.spare.len() < self.flow.jobs => state.spare.push(made),
                Ok(Ok(())) => {}
                Ok(Err(error)) => state.broken = Some(Broken::Failed(error)),
                Err(payload) => state.broken = Some(Broken::Panicked(payload)),
            }
            self.room.notify_one();
        }
        state.taking = false;
    }

    /// How the run ended, when all workers have.
    pub(super) fn end(self) -> Result<Ended, E> {
        match self.state.into_inner().unwrap_or_else(PoisonError::into_inner).broken {
            Some(Broken::Failed(error)) => Err(error),
            Some(Broken::Panicked(payload)) => panic::resume_unwind(payload),
            None => Ok(ended(self.flow)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<W::Scratch, W::Made, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self, state: &State<W::Scratch, W::Made, E>) -> bool {
        state.broken.is_some() || self.flow.stop.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_that_follow_one_another_are_one_workers() {
        let state = |batches: std::ops::Range<u64>| State::<(), (), ()> {
            admitted: batches.end,
            taken: 0,
            bytes: 0,
            batches: batches.map(|index| (index, (Vec::new(), 0))).collect(),
            runs: vec![None; 2],
            waiting: BTreeMap::new(),
            taking: false,
            broken: None,
            scratches: Vec::new(),
            spare: Vec::new(),
        };
        let taken = |state: &mut State<(), (), ()>, worker: usize, count: usize| -> Vec<u64> {
            (0..count).filter_map(|_| state.next_for(worker)).map(|(index, ..)| index).collect()
        };
        let mut many = state(0..3 * RUN);
        assert_eq!(taken(&mut many, 0, 3), [0, 1, 2]);
        assert_eq!(taken(&mut many, 1, 2), [RUN, RUN + 1]);
        let rest: Vec<u64> = (3..RUN).chain(2 * RUN..3 * RUN).collect();
        assert_eq!(taken(&mut many, 0, rest.len()), rest);
        // Nothing is left to begin, so it helps the other one.
        assert_eq!(taken(&mut many, 0, 1), [RUN + 2]);
        assert_eq!(taken(&mut many, 1, 2), [RUN + 3, RUN + 4]);
        let mut few = state(0..2);
        assert_eq!((taken(&mut few, 0, 1), taken(&mut few, 1, 2)), (vec![0], vec![1]));
    }
}
