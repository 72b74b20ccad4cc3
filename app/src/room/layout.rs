//! How tiles share the room there is: a grid of the largest faces, or one of them large and the others beside it.
//!
//! Separate, because it is arithmetic, and can be tried over every number and window without a browser.

/// Where a tile is, in CSS pixels, from the start and the top of the box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// From the side where a line of text starts.
    pub start: u32,
    /// From above.
    pub top: u32,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// The one that is large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Large {
    /// Which of the tiles.
    pub index: usize,
    /// The tile that belongs to it, and stands nearest to its corner.
    pub companion: Option<usize>,
    /// Whether it is to have the shape of a face, or all there is.
    pub is_face: bool,
}

/// The part of the box that those beside a large one have.
const STRIP: u32 = 5;
/// And what they have at least, across: a face is to be recognised.
const STRIP_LEAST: u32 = 112;

/// Returns where each of some tiles is in a box of this width and height, with `gap` between them.
pub(super) fn arrange(tiles: usize, large: Option<Large>, size: (u32, u32), gap: u32) -> Vec<Place> {
    let bounds = Place { start: 0, top: 0, width: size.0, height: size.1 };
    let Some(large) = large.filter(|large| large.index < tiles) else { return grid(tiles, bounds, gap) };
    let others = tiles - 1;
    let (stage, strip) = if others == 0 { (bounds, bounds) } else { split(bounds, gap) };
    let mut beside = grid(others, strip, gap);
    let mut places = vec![if large.is_face { face(stage) } else { stage }; tiles];
    // The companion has the first place, and the others follow in their order.
    let companion = large.companion.filter(|companion| *companion != large.index);
    let mut rest = beside.drain(..);
    for index in companion.into_iter().chain((0..tiles).filter(|index| companion != Some(*index))) {
        if index != large.index
            && let (Some(place), Some(next)) = (places.get_mut(index), rest.next())
        {
            *place = next;
        }
    }
    places
}

/// Returns the size of each of so many equal tiles.
pub(crate) fn size_of_one(tiles: usize, size: (u32, u32)) -> (u16, u16) {
    let Grid { width, height, .. } = Grid::fitting(tiles as u32, size, 0);
    (width as u16, height as u16)
}

/// Divides a box into the place of the large one and the strip beside it, or below it in a box that is taller than wide.
fn split(bounds: Place, gap: u32) -> (Place, Place) {
    let strip = |length: u32| (length / STRIP).max(STRIP_LEAST).min(length / 2);
    if bounds.width > bounds.height {
        let width = strip(bounds.width);
        let stage = Place { width: bounds.width.saturating_sub(width + gap), ..bounds };
        (stage, Place { start: stage.width + gap, width, ..bounds })
    } else {
        // Few pictures are taller than wide, and what they leave is of more use to the others.
        let height = strip(bounds.height).max(bounds.height.saturating_sub(bounds.width + gap));
        let stage = Place { height: bounds.height.saturating_sub(height + gap), ..bounds };
        (stage, Place { top: stage.height + gap, height, ..bounds })
    }
}

/// The largest face in a place, in its middle.
fn face(place: Place) -> Place {
    grid(1, place, 0).pop().unwrap_or(place)
}

/// Equal tiles, as large as can be; the last row is centred, and all of it.
fn grid(tiles: usize, bounds: Place, gap: u32) -> Vec<Place> {
    let count = tiles as u32;
    let Grid { columns, width, height } = Grid::fitting(count, (bounds.width, bounds.height), gap);
    let rows = count.div_ceil(columns);
    let span = |number: u32, length: u32| number * length + number.saturating_sub(1) * gap;
    let above = bounds.height.saturating_sub(span(rows, height)) / 2;
    let place = |index: u32| {
        let (row, column) = (index / columns, index % columns);
        let in_row = columns.min(count - row * columns);
        let before = bounds.width.saturating_sub(span(in_row, width)) / 2;
        Place {
            start: bounds.start + before + column * (width + gap),
            top: bounds.top + above + row * (height + gap),
            width,
            height,
        }
    };
    (0..count).map(place).collect()
}

/// A grid of equal tiles, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Grid {
    columns: u32,
    width: u32,
    height: u32,
}

/// No tile is narrower than 4:3, or wider than 16:9, so that little of a picture is cropped.
const NARROWEST: (u32, u32) = (4, 3);
const WIDEST: (u32, u32) = (16, 9);

impl Grid {
    /// Returns the grid of `tiles` with `gap` between them that fits the box and has the largest tiles; of equal ones, the
    /// one with fewer empty places.
    fn fitting(tiles: u32, (width, height): (u32, u32), gap: u32) -> Self {
        let tiles = tiles.max(1);
        let with_columns = |columns| Self::with_columns(columns, tiles.div_ceil(columns), (width, height), gap);
        (1..=tiles).map(with_columns).max_by_key(|grid| (grid.area(), grid.fullness(tiles))).unwrap_or(Self {
            columns: 1,
            width,
            height,
        })
    }

    fn with_columns(columns: u32, rows: u32, (width, height): (u32, u32), gap: u32) -> Self {
        let share = |length: u32, parts: u32| length.saturating_sub(gap * (parts - 1)) / parts;
        let (width, height) = (share(width, columns), share(height, rows));
        Self {
            columns,
            width: width.min(height * WIDEST.0 / WIDEST.1),
            height: height.min(width * NARROWEST.1 / NARROWEST.0),
        }
    }

    fn area(&self) -> u32 {
        self.width * self.height
    }

    /// Fewer empty places in the last row are better.
    fn fullness(&self, tiles: u32) -> core::cmp::Reverse<u32> {
        core::cmp::Reverse(tiles.next_multiple_of(self.columns) - tiles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: u32 = 8;
    const WINDOWS: [(u32, u32); 6] = [(1920, 1000), (1280, 720), (390, 760), (770, 390), (320, 480), (2560, 500)];

    fn each(check: impl Fn(u32, (u32, u32), Grid)) {
        let odd = (1..60).flat_map(|x| (1..60).map(move |y| (x * 37, y * 23)));
        for window in WINDOWS.into_iter().chain(odd) {
            for tiles in 1..=16 {
                check(tiles, window, Grid::fitting(tiles, window, GAP));
            }
        }
    }

    #[test]
    fn every_grid_stays_inside_its_box() {
        each(|tiles, (width, height), grid| {
            let rows = tiles.div_ceil(grid.columns);
            let spans = |size: u32, count: u32| size * count + if size > 0 { GAP * (count - 1) } else { 0 };
            assert!(spans(grid.width, grid.columns) <= width, "{tiles} in {width}×{height}: {grid:?}");
            assert!(spans(grid.height, rows) <= height, "{tiles} in {width}×{height}: {grid:?}");
        });
    }

    #[test]
    fn every_tile_keeps_the_shape_of_a_picture() {
        each(|tiles, window, Grid { width, height, .. }| {
            // One pixel is lost to rounding.
            assert!(width * 9 <= (height + 1) * 16, "too wide: {tiles} in {window:?}: {width}×{height}");
            assert!((width + 1) * 3 >= height * 4, "too narrow: {tiles} in {window:?}: {width}×{height}");
        });
    }

    #[test]
    fn no_other_number_of_columns_has_larger_tiles() {
        each(|tiles, window, grid| {
            for columns in 1..=tiles {
                let other = Grid::with_columns(columns, tiles.div_ceil(columns), window, GAP);
                assert!(grid.area() >= other.area());
            }
        });
    }

    #[test]
    fn a_phone_held_upright_stacks_two_and_a_desk_sets_them_side_by_side() {
        assert_eq!(Grid::fitting(2, (390, 760), GAP).columns, 1);
        assert_eq!(Grid::fitting(2, (1280, 720), GAP).columns, 2);
    }

    #[test]
    fn no_tile_covers_another_or_leaves_the_box() {
        let large = |index, companion, is_face| Some(Large { index, companion, is_face });
        for (width, height) in WINDOWS {
            for tiles in 1..=16 {
                for large in [None, large(0, None, true), large(tiles - 1, Some(0), false), large(99, None, true)] {
                    let places = arrange(tiles, large, (width, height), GAP);
                    assert_eq!(places.len(), tiles);
                    for (index, one) in places.iter().enumerate() {
                        let what = format!("{tiles} in {width}×{height} with {large:?}: {places:?}");
                        assert!(one.start + one.width <= width && one.top + one.height <= height, "{what}");
                        assert!(one.width >= 40 && one.height >= 30, "{what}");
                        for other in &places[..index] {
                            let beside = one.start >= other.start + other.width || other.start >= one.start + one.width;
                            let below = one.top >= other.top + other.height || other.top >= one.top + one.height;
                            assert!(beside || below, "{what}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_large_one_has_most_of_the_box_and_its_companion_stands_at_its_corner() {
        let large = Some(Large { index: 3, companion: Some(2), is_face: false });
        let places = arrange(5, large, (1_280, 640), GAP);
        assert!(places[3].width * places[3].height * 3 > 1_280 * 640 * 2, "{places:?}");
        assert!(places.iter().enumerate().all(|(index, place)| index == 3 || places[2].top <= place.top), "{places:?}");
    }

    #[test]
    fn the_last_row_is_centred() {
        let places = arrange(3, None, (1_000, 700), GAP);
        let middle = |place: Place| place.start + place.width / 2;
        assert!(middle(places[2]).abs_diff(500) <= 1, "{places:?}");
    }

    #[test]
    fn eight_stand_in_two_columns_upright_and_in_three_or_four_across() {
        assert_eq!(Grid::fitting(8, (390, 760), GAP).columns, 2);
        assert!((3..=4).contains(&Grid::fitting(8, (1280, 720), GAP).columns));
    }
}
