// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Sorting on a small stack.
//!
//! What `core` has for slices calls itself, with more than a kilobyte for each call: a few thousand
//! elements are too much for the stack of a task in the kernel. This is a heap sort: no recursion,
//! no memory, and never quadratic, whatever an image says.

use kernel::prelude::*;

/// Sorts by a key. Equal ones may change places.
pub(crate) fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let is_sorted = |pair: &[T]| pair.first().map(&key) <= pair.last().map(&key);
    // It often is: what the kernel lists comes in some order.
    if items.windows(2).all(is_sorted) {
        return;
    }
    for root in (0..items.len() / 2).rev() {
        sift_down(items, root, items.len(), &key);
    }
    for end in (1..items.len()).rev() {
        items.swap(0, end);
        sift_down(items, 0, end, &key);
    }
}

/// Sorts by the elements themselves.
pub(crate) fn values<T: Ord + Copy>(items: &mut [T]) {
    by_key(items, |item| *item);
}

/// Moves an element of a heap that ends at `end` to below all that are larger.
fn sift_down<T, K: Ord>(items: &mut [T], mut root: usize, end: usize, key: &impl Fn(&T) -> K) {
    loop {
        let left = root.saturating_mul(2).saturating_add(1);
        let right = left.saturating_add(1);
        if left >= end {
            return;
        }
        let of = |index: usize| items.get(index).map(key);
        let child = match right < end && of(left) < of(right) {
            true => right,
            false => left,
        };
        if of(root) >= of(child) {
            return;
        }
        items.swap(root, child);
        root = child;
    }
}

#[kunit_tests(checkpoint_sort)]
mod tests {
    use super::*;

    fn is_sorted_after(mut items: KVec<u32>) -> bool {
        values(&mut items);
        items.windows(2).all(|pair| pair.first() <= pair.last())
    }

    #[test]
    fn anything_is_sorted() -> Result {
        for count in 0..40u32 {
            for step in [1, 7, 31, 40_503] {
                let mut items = KVec::new();
                for index in 0..count {
                    let item = index.wrapping_mul(step) % 37;
                    items.push(item, GFP_KERNEL)?;
                }
                assert!(is_sorted_after(items));
            }
        }
        Ok(())
    }

    #[test]
    fn keys_decide() {
        let mut items = [(3, 'c'), (1, 'a'), (2, 'b'), (0, 'z')];
        by_key(&mut items, |(number, _)| *number);
        assert_eq!(items, [(0, 'z'), (1, 'a'), (2, 'b'), (3, 'c')]);
    }
}
