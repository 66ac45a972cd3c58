//! An array that is made page by page, as its places are first wanted: what nobody wants takes no memory but a word or three a
//! page. Nobody waits for a page: who comes to one that is missing makes one, and the first of them stays.

use std::sync::OnceLock;

#[derive(Debug)]
pub(super) struct Pages<T> {
    pages: Box<[OnceLock<Box<[T]>>]>,
    a_page: usize,
}

impl<T: Default> Pages<T> {
    /// Room for `len` places, `a_page` of them a page: a power of two.
    pub(super) fn new(len: usize, a_page: usize) -> Self {
        debug_assert!(a_page.is_power_of_two());
        Self { pages: (0..len.div_ceil(a_page)).map(|_| OnceLock::new()).collect(), a_page }
    }

    /// The place, if its page was made.
    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.pages.get(place / self.a_page)?.get()?.get(place % self.a_page)
    }

    /// The place, whose page was made.
    ///
    /// # Panics
    /// If it was not.
    pub(super) fn at(&self, place: usize) -> &T {
        self.get(place).expect("who knows of a place has made its page")
    }

    /// The place.
    ///
    /// # Panics
    /// If there is no room for it.
    pub(super) fn get_or_make(&self, place: usize) -> &T {
        let page = &self.pages[place / self.a_page];
        if page.get().is_none() {
            // Whoever comes second finds it made.
            let _ = page.set((0..self.a_page).map(|_| T::default()).collect());
        }
        self.at(place)
    }

    /// The memory of it, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let made = self.pages.iter().filter(|page| page.get().is_some()).count();
        made * self.a_page * size_of::<T>() + size_of_val(&*self.pages)
    }
}
