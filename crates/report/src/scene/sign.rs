//! Signs that are told apart by their shape.

use super::{Colour, Point, Scene, Shape};

/// A sign about as large as a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Up,
    Down,
    Equal,
    Ring,
    Dash,
    Diamond,
    Cross,
}

impl Sign {
    /// Draws it around the point.
    pub(crate) fn draw(self, scene: &mut Scene, (x, y): Point, colour: Colour) {
        match self {
            Self::Up => triangle(scene, (x, y), -5.0, colour),
            Self::Down => triangle(scene, (x, y), 5.0, colour),
            Self::Equal => {
                for at in [y - 2.5, y + 2.5] {
                    scene.line(&[(x - 5.0, at), (x + 5.0, at)], colour, 2.0);
                }
            }
            Self::Ring => scene.ring((x, y), 4.5, colour),
            Self::Dash => scene.line(&[(x - 4.0, y), (x + 4.0, y)], colour, 2.0),
            Self::Diamond => scene.diamond((x, y), 5.0, colour),
            Self::Cross => {
                scene.line(&[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)], colour, 1.5);
                scene.line(&[(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)], colour, 1.5);
            }
        }
    }
}

/// It points up where the height is negative.
fn triangle(scene: &mut Scene, (x, y): Point, height: f64, colour: Colour) {
    let base = y - height * 0.9;
    let points = vec![(x - 6.0, base), (x + 6.0, base), (x, y + height)];
    scene.shapes.push(Shape::Polygon { points, colour });
}
