//! Pictures as SVG that is readable on light and dark pages.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::{
    coord::{
        Shift,
        ranged1d::{Ranged, ValueFormatter},
    },
    prelude::*,
    style::text_anchor,
};

use super::number::grouped;

/// Paper, ink and grid of a light page.
const PAPER: RGBColor = RGBColor(255, 255, 255);
const INK: RGBColor = RGBColor(31, 35, 40);
const GRID: RGBColor = RGBColor(216, 222, 228);
/// Thaw's colour; the pairs are told apart by every kind of sight.
pub const THAW: RGBColor = RGBColor(0, 114, 178);
/// The SPL stake pool's.
pub const SPL: RGBColor = RGBColor(213, 94, 0);
/// The SPL stake pool's, packed as densely as can be.
pub const PACKED: RGBColor = RGBColor(204, 121, 167);
/// The floor's.
pub const FLOOR: RGBColor = RGBColor(125, 133, 144);
/// What a dark page shows instead.
const DARK: [(RGBColor, &str); 7] = [
    (PAPER, "#0d1117"),
    (INK, "#e6edf3"),
    (GRID, "#30363d"),
    (THAW, "#56b4e9"),
    (SPL, "#ff9d57"),
    (PACKED, "#e7a3cc"),
    (FLOOR, "#8b949e"),
];
const WIDTH: u32 = 860;
const FONT: &str = "sans-serif";

/// A line with its name.
pub struct Line {
    /// What it shows.
    pub name: &'static str,
    /// Its colour.
    pub colour: RGBColor,
    /// Validators, and the value there.
    pub points: Vec<(f64, f64)>,
}

/// A group of bars.
pub struct Bars {
    /// What they are of.
    pub name: String,
    /// One value for each name of the legend.
    pub values: Vec<Option<u64>>,
}

/// How far up lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Height {
    /// From 0, each step as large as the last.
    Linear,
    /// Each step ten times the last.
    Logarithmic,
}

/// Draws lines over the number of validators, which grows by tens.
///
/// # Errors
/// When the file cannot be written.
pub fn lines(path: &Path, title: &str, unit: &str, height: Height, lines: &[Line]) -> Result<()> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, 430)).into_drawing_area();
        root.fill(&PAPER).map_err(refuse)?;
        let values = lines.iter().flat_map(|line| &line.points).map(|point| point.1);
        let top = values.clone().fold(1.0, f64::max);
        let bottom = values.fold(f64::INFINITY, f64::min) / 2.0;
        let mut chart = ChartBuilder::on(&root);
        chart.caption(title, font(20)).margin(14).margin_right(30);
        chart.x_label_area_size(46).y_label_area_size(92);
        let across = (0.9f64..12_000f64).log_scale();
        match height {
            Height::Linear => {
                let chart = chart.build_cartesian_2d(across, 0.0..top * 1.3).map_err(refuse)?;
                fill(chart, unit, lines)?;
            }
            Height::Logarithmic => {
                let up = (bottom..top * 2.0).log_scale();
                fill(chart.build_cartesian_2d(across, up).map_err(refuse)?, unit, lines)?;
            }
        }
        root.present().map_err(refuse)?;
    }
    save(path, title, svg)
}

/// A chart's grid, lines and legend.
fn fill<'a, 'b: 'a, Y>(
    mut chart: ChartContext<'a, SVGBackend<'b>, Cartesian2d<LogCoord<f64>, Y>>,
    unit: &str,
    lines: &[Line],
) -> Result<()>
where
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(font(14))
        .x_desc("validators")
        .y_desc(unit)
        .x_label_formatter(&|value| grouped(value.round() as u64))
        .y_label_formatter(&|value| grouped(value.round() as u64))
        .draw()
        .map_err(refuse)?;
    for line in lines {
        let colour = line.colour;
        chart
            .draw_series(LineSeries::new(line.points.clone(), colour.stroke_width(3)))
            .map_err(refuse)?
            .label(line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], colour.stroke_width(3)));
        let dots = line.points.iter().map(|point| Circle::new(*point, 4, colour.filled()));
        chart.draw_series(dots).map_err(refuse)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(PAPER)
        .border_style(GRID)
        .label_font(font(14))
        .draw()
        .map_err(refuse)
}

/// Draws groups of bars to the right, each with its value, on one linear scale.
///
/// # Errors
/// When the file cannot be written.
pub fn bars(path: &Path, title: &str, legend: &[(&str, RGBColor)], groups: &[Bars]) -> Result<()> {
    const BAR: i32 = 17;
    const LEFT: i32 = 190;
    const TOP: i32 = 84;
    let group = BAR * legend.len() as i32 + 16;
    let height = TOP + group * groups.len() as i32 + 10;
    let most = groups.iter().flat_map(|group| &group.values).flatten().max().copied();
    let most = most.unwrap_or(1).max(1);
    let room = u64::from(WIDTH) - LEFT as u64 - 90;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height as u32)).into_drawing_area();
        root.fill(&PAPER).map_err(refuse)?;
        text(&root, title, (LEFT, 28), 20, text_anchor::HPos::Left)?;
        for (place, (name, colour)) in legend.iter().enumerate() {
            let x = LEFT + 170 * place as i32;
            rectangle(&root, (x, 50), (x + 22, 62), *colour)?;
            text(&root, name, (x + 28, 56), 14, text_anchor::HPos::Left)?;
        }
        for (place, bars) in groups.iter().enumerate() {
            let top = TOP + group * place as i32;
            let middle = top + BAR * legend.len() as i32 / 2;
            text(&root, &bars.name, (LEFT - 12, middle), 14, text_anchor::HPos::Right)?;
            for (row, (value, (_, colour))) in bars.values.iter().zip(legend).enumerate() {
                let Some(value) = value else { continue };
                let y = top + BAR * row as i32;
                let end = LEFT + (value * room / most).max(1) as i32;
                rectangle(&root, (LEFT, y), (end, y + BAR - 3), *colour)?;
                let at = (end + 6, y + (BAR - 3) / 2);
                text(&root, &grouped(*value), at, 13, text_anchor::HPos::Left)?;
            }
        }
        root.present().map_err(refuse)?;
    }
    save(path, title, svg)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn rectangle(root: &Area, from: (i32, i32), to: (i32, i32), colour: RGBColor) -> Result<()> {
    root.draw(&Rectangle::new([from, to], colour.filled())).map_err(refuse)
}

fn text(root: &Area, text: &str, at: (i32, i32), size: u32, side: text_anchor::HPos) -> Result<()> {
    let style = font(size).pos(text_anchor::Pos::new(side, text_anchor::VPos::Center));
    root.draw(&Text::new(text.to_owned(), at, style)).map_err(refuse)
}

fn font(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&INK)
}

/// Writes the picture with its title for readers of the screen, and with the colours of a dark page.
fn save(path: &Path, title: &str, svg: String) -> Result<()> {
    let mut style = format!("<title>{title}</title>\n<style>@media (prefers-color-scheme:dark){{");
    for (RGBColor(red, green, blue), dark) in DARK {
        let light = format!("#{red:02X}{green:02X}{blue:02X}");
        style += &format!("[fill=\"{light}\"]{{fill:{dark}}}[stroke=\"{light}\"]{{stroke:{dark}}}");
    }
    style += "}</style>\n";
    let (head, rest) = svg.split_once(">\n").ok_or_else(|| anyhow!("no SVG"))?;
    std::fs::write(path, format!("{head} role=\"img\">\n{style}{rest}"))?;
    Ok(())
}

fn refuse(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("a picture: {error}")
}
