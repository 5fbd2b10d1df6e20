//! `Option` and `Result` under one name: generated code that gets one from a call does not see which it is.
//!
//! *In*: a primal value or its tangent, which is an `Option` for both. *Out*: whether it holds a value, the value, the error.

/// Something that may hold a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an `Option` nor a `Result`",
    label = "used like one here",
    note = "`?`, `unwrap`, `ok` and the like of other types have no derivative rule"
)]
pub trait Wrapper {
    /// What it holds.
    type Payload;
    /// What it holds instead: `()` for `None`.
    type Failure;

    /// Does it hold a value?
    fn holds(&self) -> bool;
    /// The value, to be looked at.
    fn inside(&self) -> Option<&Self::Payload>;
    /// What there is instead, to be looked at.
    fn instead(&self) -> Option<&Self::Failure>;
    /// The value, to be changed.
    fn inside_mut(&mut self) -> Option<&mut Self::Payload>;
    /// The value, or what there is instead.
    fn open(self) -> Result<Self::Payload, Self::Failure>;
}

impl<T> Wrapper for Option<T> {
    type Payload = T;
    type Failure = ();
    #[inline]
    fn holds(&self) -> bool {
        self.is_some()
    }
    #[inline]
    fn inside(&self) -> Option<&T> {
        self.as_ref()
    }
    #[inline]
    fn instead(&self) -> Option<&()> {
        self.is_none().then_some(&())
    }
    #[inline]
    fn inside_mut(&mut self) -> Option<&mut T> {
        self.as_mut()
    }
    #[inline]
    fn open(self) -> Result<T, ()> {
        self.ok_or(())
    }
}

impl<T, E> Wrapper for Result<T, E> {
    type Payload = T;
    type Failure = E;
    #[inline]
    fn holds(&self) -> bool {
        self.is_ok()
    }
    #[inline]
    fn inside(&self) -> Option<&T> {
        self.as_ref().ok()
    }
    #[inline]
    fn instead(&self) -> Option<&E> {
        self.as_ref().err()
    }
    #[inline]
    fn inside_mut(&mut self) -> Option<&mut T> {
        self.as_mut().ok()
    }
    #[inline]
    fn open(self) -> Self {
        self
    }
}

/// Is there a value?
#[inline]
pub fn is_present<W: Wrapper>(wrapper: &W) -> bool {
    wrapper.holds()
}

/// The value.
///
/// # Panics
///
/// If there is none.
#[inline]
#[track_caller]
pub fn payload<W: Wrapper>(wrapper: &W) -> &W::Payload {
    match wrapper.inside() {
        Some(value) => value,
        None => absent(),
    }
}

/// The value, to be changed.
///
/// # Panics
///
/// If there is none.
#[inline]
#[track_caller]
pub fn payload_mut<W: Wrapper>(wrapper: &mut W) -> &mut W::Payload {
    match wrapper.inside_mut() {
        Some(value) => value,
        None => absent(),
    }
}

/// The value, taken out.
///
/// # Panics
///
/// If there is none.
#[inline]
#[track_caller]
pub fn into_payload<W: Wrapper>(wrapper: W) -> W::Payload {
    match wrapper.open() {
        Ok(value) => value,
        Err(_) => absent(),
    }
}

/// The error, to be looked at.
///
/// # Panics
///
/// If there is a value.
#[inline]
#[track_caller]
pub fn failure<W: Wrapper>(wrapper: &W) -> &W::Failure {
    match wrapper.instead() {
        Some(error) => error,
        None => present(),
    }
}

/// The error.
///
/// # Panics
///
/// If there is a value.
#[inline]
#[track_caller]
pub fn into_failure<W: Wrapper>(wrapper: W) -> W::Failure {
    match wrapper.open() {
        Ok(_) => present(),
        Err(error) => error,
    }
}

#[cold]
#[track_caller]
fn absent() -> ! {
    panic!("a value is asked for, or a cotangent is given for one, where there is `None` or `Err`")
}

#[cold]
#[track_caller]
fn present() -> ! {
    panic!("an error is asked for where there is a value")
}
