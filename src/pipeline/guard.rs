//! A panic as a value: what it said and where, so that one bad input does not end a run.

use std::cell::RefCell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static WHERE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What a panic said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    message: String,
    place: Option<String>,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A message over several lines would break the promise of one line.
        let message = self.message.lines().next().unwrap_or_default();
        match &self.place {
            Some(place) => write!(f, "{message} ({place})"),
            None => f.write_str(message),
        }
    }
}

/// From now on a panic prints nothing: [`guarded`] hands on what it said. For a program's `main`, not for libraries.
pub fn remember_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|location| format!("{}:{}", location.file(), location.line()));
        WHERE.with_borrow_mut(|last| *last = place);
    }));
}

/// Runs `f` and catches its panic.
///
/// What `f` borrows may be left half done by a panic, so it must hand out all of its work as its result.
pub fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, Panicked> {
    panic::catch_unwind(AssertUnwindSafe(f)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let message = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        Panicked { message, place: WHERE.with_borrow_mut(Option::take) }
    })
}
