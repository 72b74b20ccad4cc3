//! Views that are built in the browser only, and known by name to be of this half of the program.
//!
//! Separate, because it says nothing about rooms. A view loses its type when it is put behind a pointer, and with the type
//! the only sign of where it belongs; within [`Mine`] it keeps that, and so the build can part the program.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};
use web_sys::{Element, Node};

/// A view of this half: it is built, and replaced as a whole. On the server it renders nothing.
pub(super) struct Mine<V>(pub V);

/// What became of it.
pub(super) struct Built<S>(S);

impl<S: Mountable> Mountable for Built<S> {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.0.elements()
    }
}

impl<V: Render> Render for Mine<V> {
    type State = Built<V::State>;

    fn build(self) -> Self::State {
        Built(self.0.build())
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl<V: Render + Send + 'static> AddAnyAttr for Mine<V> {
    type Output<Added: Attribute> = Self;

    fn add_any_attr<Added: Attribute>(self, _attribute: Added) -> Self::Output<Added> {
        self
    }
}

impl<V: Render + Send + 'static> RenderHtml for Mine<V> {
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

/// Something that stands in its place as long as it is kept.
pub(crate) struct Standing {
    owner: Owner,
    built: Box<dyn Mountable>,
}

impl Standing {
    /// Builds a view into its place.
    pub(super) fn build<V: Render + 'static>(place: &Element, make: impl FnOnce() -> V) -> Self {
        Self::build_before(None, place, make)
    }

    /// Builds a view into its place, before something that stands there.
    pub(super) fn build_before<V: Render + 'static>(
        next: Option<&Node>,
        place: &Element,
        make: impl FnOnce() -> V,
    ) -> Self {
        let owner = Owner::current().unwrap_or_default().child();
        let mut built = owner.with(|| Mine(make()).build());
        built.mount(place, next);
        Self { owner, built: Box::new(built) }
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.built.unmount();
        self.owner.cleanup();
    }
}
