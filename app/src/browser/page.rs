//! The page itself: its clock, its address, its memory, and how it shares a link.
//!
//! Separate, because none of it concerns media or connections.

use super::error::BrowserError;
use js_sys::{Function, Object, Promise, Reflect};
use signaling::time::Moment;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlInputElement, Storage, Window};

/// Returns the window. Only ever reached in a page.
pub fn window() -> Window {
    web_sys::window().expect("browser adapters are reached from effects and handlers of a page only")
}

/// Returns the time since the page began (`performance.now()`, High Resolution Time §7).
pub fn now() -> Moment {
    let milliseconds = window().performance().map_or(0.0, |performance| performance.now());
    Moment::from_micros((milliseconds * 1_000.0) as u64)
}

/// Returns whether nobody sees the page.
pub fn is_hidden() -> bool {
    window().document().is_some_and(|document| document.hidden())
}

/// Returns the time of day, in seconds since 1970; it goes on while no page is there.
pub fn seconds() -> u32 {
    (js_sys::Date::now() / 1_000.0) as u32
}

/// Returns a number that differs from page to page.
pub fn seed() -> u64 {
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}

/// Returns the link of this room: the address without query, with the secret of the fragment if there is one.
pub fn link() -> String {
    let location = window().location();
    let part = |text: Result<String, JsValue>| text.unwrap_or_default();
    let fragment = part(location.hash()).strip_prefix("#k=").map(|secret| ["#k=", secret].concat());
    [part(location.origin()), part(location.pathname()), fragment.unwrap_or_default()].concat()
}

/// Takes the mark of a new room and the wishes of the query out of the address, so that what is copied is the link.
pub fn tidy_address() {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&link()));
    }
}

/// Returns whether this page is the same one loaded again (Navigation Timing §5), rather than come to by a link, or by
/// going back, which is no wish to be seen.
pub fn was_reloaded() -> bool {
    let Some(performance) = window().performance() else { return false };
    let entry = performance.get_entries_by_type("navigation").get(0);
    let kind = Reflect::get(&entry, &"type".into()).ok().and_then(|kind| kind.as_string());
    kind.as_deref() == Some("reload")
}

/// Loads the page again, fragment and all.
pub fn reload() {
    // It fails only in a page that is going away already.
    let _ = window().location().reload();
}

/// Marks the page as a whole, for the style sheet, or no more.
pub fn mark_root(attribute: &str, on: bool) {
    if let Some(root) = window().document().and_then(|document| document.document_element()) {
        // It fails only for a name that is none.
        let _ = root.toggle_attribute_with_force(attribute, on);
    }
}

/// Moves the focus to the heading of the page, from where a screen reader reads on.
pub fn focus_heading() {
    let heading = window().document().and_then(|document| document.query_selector("h1").ok()?);
    if let Some(heading) = heading {
        let _ = heading.set_attribute("tabindex", "-1");
        let _ = heading.unchecked_into::<HtmlElement>().focus();
    }
}

/// Moves the focus to an element, by its id, and returns what had it.
pub fn focus(id: &str) -> Option<HtmlElement> {
    let document = window().document()?;
    let before = document.active_element().and_then(|element| element.dyn_into().ok());
    give_focus(&document.get_element_by_id(id)?.unchecked_into());
    before
}

/// Gives the focus to an element, if it is still there.
pub fn give_focus(element: &HtmlElement) {
    // It fails for what cannot have it, and then nothing is lost.
    let _ = element.focus();
}

/// Runs something when what the page is being changed into is there.
pub fn soon(run: impl FnOnce() + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        super::lock::sleep(0).await;
        run();
    });
}

/// Returns a switch that the server has put on the page, by its id.
pub fn switch(id: &str) -> Option<HtmlInputElement> {
    Some(window().document()?.get_element_by_id(id)?.unchecked_into())
}

/// Opens the card for troubles (a popover, HTML §6.12), with a text behind its link as a file (RFC 2397),
/// headed by what browser it is from.
pub fn open_trouble(text: &str) {
    let Some(document) = window().document() else { return };
    if let Some(link) = document.get_element_by_id("record") {
        let browser = window().navigator().user_agent().unwrap_or_default();
        let content = js_sys::encode_uri_component(&[&browser, "\n", text].concat());
        // Setting an attribute fails only for a name that is none.
        let _ = link.set_attribute("href", &["data:text/plain;charset=utf-8,", &String::from(content)].concat());
    }
    open_card("trouble");
}

/// Opens a card that the server has put on the page, by its id.
pub fn open_card(id: &str) {
    let Some(card) = window().document().and_then(|document| document.get_element_by_id(id)) else { return };
    if let Ok(show) = Reflect::get(&card, &"showPopover".into()).and_then(JsCast::dyn_into::<Function>) {
        // It throws when the card is open already.
        let _ = show.call0(&card);
    }
}

/// Lets the page fill the screen, or no more (Fullscreen §4). Some browsers fill it with nothing but a video, or not at all.
pub fn fill_screen() {
    let Some(document) = window().document() else { return };
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = document.document_element() {
        let _ = root.request_fullscreen();
    }
}

/// Puts a text on the clipboard.
///
/// # Errors
/// When the browser does not let us.
pub async fn copy(text: &str) -> Result<(), BrowserError> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let write = Reflect::get(&clipboard, &"writeText".into())?.dyn_into::<Function>()?;
    let promise = write.call1(&clipboard, &text.into())?.dyn_into::<Promise>()?;
    JsFuture::from(promise).await?;
    Ok(())
}

/// Returns whether [`share`] has a chance.
pub fn can_share() -> bool {
    Reflect::has(&window().navigator(), &"share".into()).unwrap_or(false)
}

/// Offers a link to other programs (Web Share §2.1). What the person chooses is theirs to know.
pub fn share(link: &str) {
    let navigator = window().navigator();
    let content = Object::new();
    let _ = Reflect::set(&content, &"url".into(), &link.into());
    if let Ok(share) = Reflect::get(&navigator, &"share".into()).and_then(JsCast::dyn_into::<Function>)
        && let Ok(promise) = share.call1(&navigator, &content).and_then(JsCast::dyn_into::<Promise>)
    {
        wasm_bindgen_futures::spawn_local(async move {
            // Closing the dialogue rejects the promise, which is no failure.
            let _ = JsFuture::from(promise).await;
        });
    }
}

/// Which of the browser's two memories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// Until the tab closes.
    Tab,
    /// Until it is cleared.
    Browser,
}

impl Memory {
    /// Returns what is remembered under a key. Nothing where storage is forbidden.
    pub fn recall(self, key: &str) -> Option<String> {
        self.storage()?.get_item(key).ok()?
    }

    /// Remembers a text under a key, if storage allows.
    pub fn remember(self, key: &str, text: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.set_item(key, text);
        }
    }

    /// Forgets a key.
    pub fn forget(self, key: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.remove_item(key);
        }
    }

    fn storage(self) -> Option<Storage> {
        match self {
            Self::Tab => window().session_storage().ok()?,
            Self::Browser => window().local_storage().ok()?,
        }
    }
}
