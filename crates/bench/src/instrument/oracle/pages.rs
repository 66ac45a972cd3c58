//! An array that is made page by page, as its places are first wanted: what nobody wants takes no memory but a word or three a
//! page. Nobody waits for a page: who comes to one that is missing makes one, and the first of them stays.

use std::sync::OnceLock;

/// `A_PAGE` of them a page: a power of two, so that no place takes a division.
#[derive(Debug)]
pub(super) struct Pages<T, const A_PAGE: usize> {
    pages: Box<[OnceLock<Box<[T; A_PAGE]>>]>,
}

impl<T: Default, const A_PAGE: usize> Pages<T, A_PAGE> {
    /// Room for `len` places.
    pub(super) fn new(len: usize) -> Self {
        const { assert!(A_PAGE.is_power_of_two()) };
        Self { pages: (0..len.div_ceil(A_PAGE)).map(|_| OnceLock::new()).collect() }
    }

    /// The place, if its page was made.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<&T> {
        Some(&self.pages.get(place / A_PAGE)?.get()?[place % A_PAGE])
    }

    /// The place, whose page was made.
    ///
    /// # Panics
    /// If it was not.
    #[inline]
    pub(super) fn at(&self, place: usize) -> &T {
        self.get(place).expect("who knows of a place has made its page")
    }

    /// The place.
    ///
    /// # Panics
    /// If there is no room for it.
    pub(super) fn get_or_make(&self, place: usize) -> &T {
        if self.get(place).is_none() {
            self.make(place / A_PAGE);
        }
        self.at(place)
    }

    #[cold]
    fn make(&self, page: usize) {
        let places: Box<[T]> = (0..A_PAGE).map(|_| T::default()).collect();
        let Ok(places) = places.try_into() else { unreachable!("as many as a page has") };
        // Whoever comes second finds it made.
        let _ = self.pages[page].set(places);
    }

    /// The memory of it, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let made = self.pages.iter().filter(|page| page.get().is_some()).count();
        made * A_PAGE * size_of::<T>() + size_of_val(&*self.pages)
    }
}
