//! How tiles share the room there is: the grid that shows the largest faces.
//!
//! Separate, because it is arithmetic, and can be tried over every number and window without a browser.

/// A grid of equal tiles, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// How many tiles stand side by side.
    pub columns: u32,
    /// The width of a tile.
    pub width: u32,
    /// The height of a tile.
    pub height: u32,
}

/// No tile is narrower than 4:3, or wider than 16:9, so that little of a picture is cropped.
const NARROWEST: (u32, u32) = (4, 3);
const WIDEST: (u32, u32) = (16, 9);

impl Grid {
    /// Returns the grid of `tiles` with `gap` between them that fits the box and has the largest tiles; of equal ones, the
    /// one with fewer empty places.
    pub(super) fn fitting(tiles: u32, (width, height): (u32, u32), gap: u32) -> Self {
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
    fn eight_stand_in_two_columns_upright_and_in_three_or_four_across() {
        assert_eq!(Grid::fitting(8, (390, 760), GAP).columns, 2);
        assert!((3..=4).contains(&Grid::fitting(8, (1280, 720), GAP).columns));
    }
}
