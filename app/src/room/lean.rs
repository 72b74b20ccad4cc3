//! Ways of writing a view that weigh less in the wasm, where every generic function is there once per type it is used with.
//!
//! Separate, because they say nothing about rooms. The other half of the diet: what changes in a view is a [`Signal`], not a
//! closure, because all signals of one type share what closures have each for themselves.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};

/// Runs soon, and again whenever a signal that it read has changed; never on the server.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    let mut run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(move |_| run());
}

/// A view that only the browser ever shows, and then anew: nothing is linked that would hydrate or alter it as a whole.
///
/// On the server it renders nothing.
pub(crate) struct Later<V>(pub V);

impl<V: Render> Render for Later<V> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut new = self.0.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl<V: Render + Send + 'static> AddAnyAttr for Later<V> {
    type Output<Added: Attribute> = Self;

    fn add_any_attr<Added: Attribute>(self, _attribute: Added) -> Self::Output<Added> {
        self
    }
}

impl<V: Render + Send + 'static> RenderHtml for Later<V> {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _html: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _attributes: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) -> Self::State {
        self.build()
    }

    async fn hydrate_async(self, _cursor: &Cursor, _position: &PositionState) -> Self::State {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
