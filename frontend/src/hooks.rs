//! State and effects of any type, compiled once.
//!
//! yew compiles a hook anew for each type of state and each closure; with some
//! forty of each that was a third of the page. These have the same names and
//! rules, and hand yew one type only: what differs is behind `dyn Any`.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;

use yew::Reducible;
use yew::functional::hook;

type Value = Rc<dyn Any>;

/// Whether a new value need not be rendered.
type Same = fn(&dyn Any, &dyn Any) -> bool;

/// The one type of state yew sees.
struct Erased(Value);

struct Step {
    change: Box<dyn FnOnce(Value) -> Value>,
    same: Same,
}

impl Reducible for Erased {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let next = (step.change)(Rc::clone(&self.0));
        // yew renders when it is given another `Rc`.
        if Rc::ptr_eq(&next, &self.0) || (step.same)(&*next, &*self.0) {
            self
        } else {
            Rc::new(Self(next))
        }
    }
}

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn never_same(_: &dyn Any, _: &dyn Any) -> bool {
    false
}

fn same<T: PartialEq + 'static>(new: &dyn Any, old: &dyn Any) -> bool {
    new.downcast_ref::<T>() == old.downcast_ref::<T>()
}

#[hook]
fn use_erased<'a>(first: Box<dyn FnOnce() -> Value + 'a>) -> yew::UseReducerHandle<Erased> {
    yew::functional::use_reducer(move || Erased(first()))
}

/// State with actions, as [`yew::UseReducerHandle`].
pub struct UseReducerHandle<T> {
    state: yew::UseReducerHandle<Erased>,
    same: Same,
    of: PhantomData<T>,
}

impl<T> Clone for UseReducerHandle<T> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            same: self.same,
            of: PhantomData,
        }
    }
}

impl<T> PartialEq for UseReducerHandle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl<T: 'static> Deref for UseReducerHandle<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let value = self.state.0.downcast_ref();
        value.expect("a state keeps the type it was made with")
    }
}

impl<T: Reducible + 'static> UseReducerHandle<T> {
    /// Changes the state.
    pub fn dispatch(&self, action: T::Action)
    where
        T::Action: 'static,
    {
        self.dispatcher().dispatch(action);
    }

    /// The way to change the state without holding it.
    pub fn dispatcher(&self) -> UseReducerDispatcher<T> {
        UseReducerDispatcher {
            state: self.state.dispatcher(),
            same: self.same,
            of: PhantomData,
        }
    }
}

/// The way to change a state, as [`yew::UseReducerDispatcher`].
pub struct UseReducerDispatcher<T> {
    state: yew::UseReducerDispatcher<Erased>,
    same: Same,
    of: PhantomData<T>,
}

impl<T> Clone for UseReducerDispatcher<T> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            same: self.same,
            of: PhantomData,
        }
    }
}

impl<T> PartialEq for UseReducerDispatcher<T> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl<T: Reducible + 'static> UseReducerDispatcher<T> {
    /// Changes the state.
    pub fn dispatch(&self, action: T::Action)
    where
        T::Action: 'static,
    {
        let change = move |old: Value| match old.downcast::<T>() {
            Ok(old) => old.reduce(action) as Value,
            Err(old) => old,
        };
        self.state.dispatch(Step {
            change: Box::new(change),
            same: self.same,
        });
    }
}

/// State with actions; each new `Rc` is rendered.
#[hook]
pub fn use_reducer<T, F>(first: F) -> UseReducerHandle<T>
where
    T: Reducible + 'static,
    F: FnOnce() -> T,
{
    UseReducerHandle {
        state: use_erased(Box::new(move || Rc::new(first()))),
        same: never_same,
        of: PhantomData,
    }
}

/// State with actions; what equals the old state is not rendered.
#[hook]
pub fn use_reducer_eq<T, F>(first: F) -> UseReducerHandle<T>
where
    T: Reducible + PartialEq + 'static,
    F: FnOnce() -> T,
{
    UseReducerHandle {
        state: use_erased(Box::new(move || Rc::new(first()))),
        same: same::<T>,
        of: PhantomData,
    }
}

/// State that is set, as [`yew::UseStateHandle`].
pub struct UseStateHandle<T> {
    state: yew::UseReducerHandle<Erased>,
    same: Same,
    of: PhantomData<T>,
}

impl<T> Clone for UseStateHandle<T> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            same: self.same,
            of: PhantomData,
        }
    }
}

impl<T> PartialEq for UseStateHandle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl<T: 'static> Deref for UseStateHandle<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let value = self.state.0.downcast_ref();
        value.expect("a state keeps the type it was made with")
    }
}

impl<T: 'static> UseStateHandle<T> {
    /// Replaces the value.
    pub fn set(&self, value: T) {
        set(&self.state, Rc::new(value), self.same);
    }
}

fn set(state: &yew::UseReducerHandle<Erased>, value: Value, same: Same) {
    state.dispatch(Step {
        change: Box::new(move |_| value),
        same,
    });
}

/// State that is set; each new value is rendered.
#[hook]
pub fn use_state<T, F>(first: F) -> UseStateHandle<T>
where
    T: 'static,
    F: FnOnce() -> T,
{
    UseStateHandle {
        state: use_erased(Box::new(move || Rc::new(first()))),
        same: never_same,
        of: PhantomData,
    }
}

/// State that is set; what equals the old value is not rendered.
#[hook]
pub fn use_state_eq<T, F>(first: F) -> UseStateHandle<T>
where
    T: PartialEq + 'static,
    F: FnOnce() -> T,
{
    UseStateHandle {
        state: use_erased(Box::new(move || Rc::new(first()))),
        same: same::<T>,
        of: PhantomData,
    }
}

/// What an effect leaves to be done before its next run: a closure or nothing.
pub trait TearDown {
    /// As a closure, if there is one.
    fn boxed(self) -> Option<Box<dyn FnOnce()>>;
}

impl TearDown for () {
    fn boxed(self) -> Option<Box<dyn FnOnce()>> {
        None
    }
}

impl<F: FnOnce() + 'static> TearDown for F {
    fn boxed(self) -> Option<Box<dyn FnOnce()>> {
        Some(Box::new(self))
    }
}

struct Deps {
    value: Value,
    same: Same,
}

impl PartialEq for Deps {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.value, &*other.value)
    }
}

type Run = Box<dyn FnOnce(&dyn Any) -> Option<Box<dyn FnOnce()>>>;

#[hook]
fn use_erased_effect(deps: Deps, run: Run) {
    yew::functional::use_effect_with(deps, move |deps: &Deps| {
        let tear_down = run(&*deps.value);
        move || {
            if let Some(tear_down) = tear_down {
                tear_down();
            }
        }
    });
}

/// An effect that runs after the first rendering and when its dependencies change.
#[hook]
pub fn use_effect_with<D, F, C>(deps: D, run: F)
where
    D: PartialEq + 'static,
    F: FnOnce(&D) -> C + 'static,
    C: TearDown,
{
    use_erased_effect(
        Deps {
            value: Rc::new(deps),
            same: same::<D>,
        },
        Box::new(move |deps| run(deps.downcast_ref()?).boxed()),
    );
}

/// A place for a value that is kept between renderings and never causes one.
#[hook]
pub fn use_mut_ref<T, F>(first: F) -> Rc<RefCell<T>>
where
    T: 'static,
    F: FnOnce() -> T,
{
    let state = use_erased(Box::new(move || Rc::new(RefCell::new(first()))));
    let kept = Rc::clone(&state.0).downcast();
    kept.expect("a state keeps the type it was made with")
}
