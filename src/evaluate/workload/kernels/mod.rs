//! Time of one kernel on one accelerator, from laws per class of operation, number format and
//! generation: never from a table of devices.
//!
//! Equation (1) in `law`: launch, serial steps and a roofline of the device's own peaks and
//! bandwidths, times a correction by size that is piecewise linear in log size. Nothing in a law
//! names a device, so a part of which only the data sheet is known gets a time for everything; how
//! far that reaches is its [`Basis`].
//!
//! - `class` operations and their sizes · `format` what is stored and multiplied
//! - `architecture` generations · `work`, `work_attention`, `work_links` what a kernel has to do
//! - `law` equation (1) · `ops` one method per operation · `time` the answer
//! - `fit` laws from a folder of timings
//!
//! Validity: timings are of isolated kernels, each with its own launch in a captured graph. A
//! model that runs them back to back pays their launches too; what it need not pay twice is the
//! quantisation of activations where that is fused into the operation before.

mod architecture;
mod class;
pub mod fit;
mod format;
mod law;
mod ops;
#[cfg(test)]
mod tests;
mod time;
mod work;
mod work_attention;
mod work_links;

pub use architecture::{Architecture, Basis};
pub use class::{Axis, Class, Grid};
pub use format::Format;
pub use law::Law;
pub use time::KernelTime;
pub use work::ExpertShape;
pub use work_attention::Heads;
pub use work_links::ExchangeShape;

use super::device::Device;
use architecture::words_of;
use law::Compiled;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use thiserror::Error;
use work::Work;

/// The laws that ship with the program.
const SHIPPED: &str = include_str!("../../../../assets/efficiency/kernels.ron");

/// First lines of an asset.
const HEADER: &str = "\
// Efficiency of kernels, written by `tokenmill fit kernels FOLDER --out FILE`: do not edit by hand.
// time = (overhead + step x steps + 4-norm(arithmetic/compute_share, traffic/stream_share))
//        x exp(sum of corrections), roofline times of the device's own peaks and bandwidths.
// Corrections: per pair of sizes of the class one table, rows over the first size of the pair,
// columns over the second, at the knots (log2) of `grids`, linear between and clamped outside.
";

/// The asset: what was fitted, to what, and how well it holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelLaws {
    /// Where the timings come from, in sentences.
    pub provenance: Vec<String>,
    /// Sizes and pairs per class.
    pub grids: Vec<Grid>,
    /// Laws.
    pub laws: Vec<Law>,
}

/// Why laws cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KernelLawError {
    /// Not the text of an asset.
    #[error("kernel laws, {place}: {reason}")]
    Syntax {
        /// Line and column.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// A law whose tables do not match the knots of its class, or with a share that is not above 0.
    #[error("kernel laws: {class:?} in {format:?} for {architecture:?} does not match its grid")]
    Mismatch {
        /// Class of the law.
        class: Class,
        /// Its format.
        format: Format,
        /// Its generation.
        architecture: Architecture,
    },
    /// Not one law of a class.
    #[error("kernel laws: none for {0:?}")]
    Missing(Class),
}

const FORMATS: usize = Format::ALL.len();
const GENERATIONS: usize = Architecture::ALL.len();

/// All laws, ready to be asked.
#[derive(Clone, Debug)]
pub struct Kernels {
    laws: Vec<Law>,
    ready: Vec<Compiled>,
    /// Index of the law for each class, format and generation.
    index: Vec<Option<u16>>,
}

impl KernelLaws {
    /// Reads the text of an asset.
    ///
    /// # Errors
    /// Says where the text is not an asset.
    pub fn read(text: &str) -> Result<Self, KernelLawError> {
        ron::from_str(text).map_err(|e| KernelLawError::Syntax {
            place: e.span.to_string(),
            reason: e.code.to_string(),
        })
    }

    /// The laws that ship with the program, as data; none where the asset cannot be read.
    #[must_use]
    pub fn shipped() -> Self {
        Self::read(SHIPPED).unwrap_or_default()
    }

    /// The text of an asset: parameters and rows of corrections, one per line.
    ///
    /// # Errors
    /// When the values have no text.
    pub fn write(&self) -> Result<String, ron::Error> {
        let shape = ron::ser::PrettyConfig::new().depth_limit(5).indentor(" ").new_line("\n");
        Ok(HEADER.to_owned() + &ron::ser::to_string_pretty(self, shape)? + "\n")
    }
}

impl Kernels {
    /// The laws that ship with the program. (A test reads them: should the asset ever be broken,
    /// every kernel takes its speed-of-light time and is called extrapolated.)
    #[must_use]
    pub fn shipped() -> &'static Self {
        static LAWS: LazyLock<Kernels> = LazyLock::new(|| {
            let laws = KernelLaws::read(SHIPPED).and_then(|laws| Kernels::new(&laws));
            laws.unwrap_or_else(|_| Kernels::speed_of_light())
        });
        &LAWS
    }

    /// Makes `laws` ready.
    ///
    /// # Errors
    /// Names a law that does not match its grid, or a class without any.
    pub fn new(laws: &KernelLaws) -> Result<Self, KernelLawError> {
        let mut ready = Vec::new();
        for law in &laws.laws {
            let grid = laws.grids.iter().find(|g| g.class == law.class);
            let compiled = grid.and_then(|g| Compiled::new(law, g)).ok_or({
                KernelLawError::Mismatch {
                    class: law.class,
                    format: law.format,
                    architecture: law.architecture,
                }
            })?;
            ready.push(compiled);
        }
        let mut made = Self { laws: laws.laws.clone(), ready, index: Vec::new() };
        for class in Class::ALL {
            for format in Format::ALL {
                for architecture in Architecture::ALL {
                    made.index.push(made.nearest(class, format, architecture));
                }
            }
            let none = made.at(class, Format::Bf16, Architecture::Hopper).is_none();
            if none && !laws.laws.is_empty() {
                return Err(KernelLawError::Missing(class));
            }
        }
        Ok(made)
    }

    fn speed_of_light() -> Self {
        let slots = Class::ALL.len() * FORMATS * GENERATIONS;
        Self { laws: Vec::new(), ready: Vec::new(), index: vec![None; slots] }
    }

    /// The laws behind the times.
    #[must_use]
    pub fn laws(&self) -> &[Law] {
        &self.laws
    }

    /// Law of `class` that stands in for `format` and `architecture`: the generation's own in the
    /// format or the nearest, then the other generation's.
    fn nearest(&self, class: Class, format: Format, architecture: Architecture) -> Option<u16> {
        let find = |f: Format, a: Architecture| {
            self.laws.iter().position(|l| l.class == class && l.format == f && l.architecture == a)
        };
        let of = |a: Architecture| format.stand_ins().iter().find_map(|&f| find(f, a));
        let any = || self.laws.iter().position(|l| l.class == class);
        let found = of(architecture).or_else(|| of(architecture.other())).or_else(any)?;
        u16::try_from(found).ok()
    }

    fn at(&self, class: Class, format: Format, architecture: Architecture) -> Option<usize> {
        let slot =
            (class as usize * FORMATS + format as usize) * GENERATIONS + architecture as usize;
        self.index.get(slot).copied().flatten().map(usize::from)
    }

    /// Time of `work`; never negative, and nothing where a size is not a number.
    fn time(&self, device: &Device, class: Class, format: Format, work: &Work) -> KernelTime {
        self.time_on(Architecture::of(device), class, format, work)
    }

    fn time_on(
        &self,
        architecture: Architecture,
        class: Class,
        format: Format,
        work: &Work,
    ) -> KernelTime {
        let law = self.at(class, format, architecture).and_then(|i| self.ready.get(i));
        let time = law.map_or_else(|| work.at_the_speed_of_light(), |law| law.time(work));
        if time.total().is_finite() { time } else { KernelTime::default() }
    }

    /// How well the time of `class` in `format` on `device` is founded.
    #[must_use]
    pub fn basis(&self, device: &Device, class: Class, format: impl Into<Format>) -> Basis {
        let format = format.into();
        let architecture = Architecture::of(device);
        let law = self.at(class, format, architecture).and_then(|i| self.laws.get(i));
        let Some(law) = law else { return Basis::Extrapolated };
        let own = law.format == format && law.architecture == architecture;
        if !own || !architecture.names(device) {
            return Basis::Extrapolated;
        }
        let timed: Vec<String> =
            law.systems.iter().filter_map(|system| words_of(system).next()).collect();
        if words_of(&device.name).any(|word| timed.contains(&word)) {
            Basis::Measured
        } else {
            Basis::SameClass
        }
    }
}
