//! One run: every instruction, then whole pools of growing size.

use anyhow::{Context, Result};

use crate::{
    built, chain, crank, exit,
    life::{self, Life, WORKS},
    operate,
    results::{CurveRow, EpochRow, Figure, Programs, Results, Row, Size, SyncRow},
    spl::{self, pool::SO},
    stake, view,
};

/// The largest SPL pool that is built: the largest there is on mainnet.
const SPL_MOST: usize = 2_950;

/// Measures instructions, and pools of these sizes.
///
/// # Errors
/// When a step is refused.
pub fn measure(sizes: &[usize]) -> Result<Results> {
    let thaw = std::fs::read(chain::built("thaw.so")).context("run `make build` first")?;
    let spl = std::fs::read(SO).context("run `make setup` first")?;
    let mut instructions = instructions()?;
    let (mut sync, mut curve, mut epochs) = (Vec::new(), Vec::new(), Vec::new());
    for validators in sizes.iter().copied() {
        eprintln!("measuring pools of {validators} validators");
        let thaw = life::measure(validators)?;
        let spl = if validators > SPL_MOST { None } else { Some(spl::life::measure(validators)?) };
        let spl = spl.as_ref();
        let finalize = Row::new("finalize_epoch", validators, &thaw.finalize);
        instructions.push(finalize.beside(spl.map(|spl| &spl.finalize)));
        sync.push(SyncRow::new(&thaw, spl));
        curve.extend(WORKS.map(|work| curve_row(work, &thaw, spl)));
        for (kind, of) in
            [("quiet", (|life| life.quiet) as fn(&Life) -> _), ("busy", |life| life.busy)]
        {
            let (thaw, spl) = (of(&thaw), spl.map(of));
            epochs.push(EpochRow { kind: kind.to_owned(), validators, thaw, spl });
        }
    }
    Ok(Results {
        commit: built::commit(),
        toolchain: built::toolchain(),
        programs: Programs { thaw: built::hash(&thaw), spl: built::hash(&spl) },
        size: Size { thaw_bytes: thaw.len() as u64, spl_bytes: spl.len() as u64 },
        instructions,
        sync,
        curve,
        epochs,
    })
}

fn instructions() -> Result<Vec<Row>> {
    let mut rows = operate::measure()?;
    rows.extend(crank::measure()?);
    rows.extend(exit::measure()?);
    rows.extend(stake::measure()?);
    rows.extend(view::measure()?);
    let spl = spl::story::measure()?;
    let beside = |row: Row| {
        let cost = spl.iter().find(|(name, _)| *name == row.name).map(|(_, cost)| cost);
        row.beside(cost)
    };
    Ok(rows.into_iter().map(beside).collect())
}

fn curve_row(work: &'static str, thaw: &Life, spl: Option<&Life>) -> CurveRow {
    let figure = |life: &Life| life.works[work].as_ref().map(Figure::of);
    CurveRow {
        work: work.to_owned(),
        validators: thaw.validators,
        thaw: figure(thaw),
        spl: spl.and_then(figure),
    }
}
