//! The call, built while the camera starts, where nobody sees it yet.
//!
//! Separate, because it shows nothing. Building a page takes as long as making a connection, and most of that goes into
//! compiling: a browser compiles a function when it is first run. Done beforehand, it does not come between the click on Join
//! and the first picture.

use super::face::Picture;
use crate::browser::lock::sleep;
use crate::call::{Call, Source, Stage, Tile};
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::reactive::send_wrapper_ext::SendOption;
use signaling::identity::ParticipantId;
use signaling::protocol::MediaState;

/// A view that can be built before it is shown. On the server it holds nothing.
pub(super) struct Backstage<M, S: 'static> {
    make: M,
    built: StoredValue<SendOption<(Owner, S)>>,
}

impl<M: Clone, S> Clone for Backstage<M, S> {
    fn clone(&self) -> Self {
        Self { make: self.make.clone(), built: self.built }
    }
}

impl<V: Render + 'static, M: Fn() -> V + 'static> Backstage<M, V::State> {
    /// Takes what makes the view.
    pub(super) fn new(make: M) -> Self {
        Self { make, built: StoredValue::new(SendOption::new_local(None)) }
    }

    /// Builds the view soon, if it is not needed before.
    pub(super) fn prepare(self, call: Call) {
        let owner = Owner::current().unwrap_or_default().child();
        leptos::task::spawn_local(async move {
            // The devices first: opening them takes longer than this.
            sleep(0).await;
            if call.state.stage.try_get_untracked() == Some(Stage::GreenRoom) {
                let built = owner.with(|| (self.make)().build());
                let rehearsal = owner.child();
                self.built.update_value(|slot| **slot = Some((owner, built)));
                rehearse(rehearsal).await;
            }
        });
    }
}

impl<V: Render + 'static, M: Fn() -> V> Render for Backstage<M, V::State> {
    type State = V::State;

    fn build(self) -> Self::State {
        match self.built.try_update_value(|slot| (**slot).take()).flatten() {
            Some((owner, built)) => {
                on_cleanup(move || owner.cleanup());
                built
            }
            None => (self.make)().build(),
        }
    }

    fn rebuild(self, state: &mut Self::State) {
        (self.make)().rebuild(state);
    }
}

/// Builds a face of nobody, for the same reason, and throws it away.
async fn rehearse(owner: Owner) {
    let face = owner.with(|| {
        let tile = Tile::new(ParticipantId(0), false, "", MediaState::default());
        view! { <Picture call=Call::new(String::new(), "") tile source=Source::Camera /> }.build()
    });
    // The effects come after.
    sleep(0).await;
    drop(face);
    owner.cleanup();
}
