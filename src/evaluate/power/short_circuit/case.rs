//! What a short-circuit calculation is asked: buses, what feeds them and what lies between. SI
//! units; indices point into [`FaultNetwork::buses`].

/// A network in one switching state: only what is in service and closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultNetwork {
    /// Buses.
    pub buses: Vec<FaultBus>,
    /// Utilities and generators.
    pub sources: Vec<FaultSource>,
    /// Cables, busways, overhead lines.
    pub conductors: Vec<Conductor>,
    /// Two-winding transformers.
    pub transformers: Vec<FaultTransformer>,
    /// Closed switches and bypasses without impedance.
    pub links: Vec<Link>,
    /// How far low voltage may deviate from nominal; decides the voltage factors.
    pub tolerance: LowVoltageTolerance,
    /// Where the R/X of the peak factor comes from.
    pub peak: PeakRatio,
    /// Duration of the fault for the thermal equivalent current, s; 1 s if zero.
    pub duration_s: f64,
}

/// A bus.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultBus {
    /// Unique name.
    pub name: String,
    /// Nominal voltage between lines, V.
    pub v_nominal_v: f64,
}

/// A source of short-circuit current.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultSource {
    /// Unique name.
    pub name: String,
    /// Where it feeds.
    pub bus: usize,
    /// How strong it is.
    pub strength: Strength,
}

/// What limits the current of a source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strength {
    /// A network feeder by its initial short-circuit power.
    Grid {
        /// Largest short-circuit power, VA.
        max_va: f64,
        /// Smallest short-circuit power, VA.
        min_va: f64,
        /// R/X of its impedance.
        r_over_x: f64,
    },
    /// A synchronous generator by its subtransient reactance (IEC 60909-0, 6.6.1).
    Generator {
        /// Rated apparent power, VA.
        s_va: f64,
        /// Subtransient reactance, per unit of the rating.
        x_pu: f64,
        /// R/X of its impedance: 0.15 below 1 kV, 0.07 above up to 100 MVA, 0.05 beyond.
        r_over_x: f64,
        /// Rated power factor.
        power_factor: f64,
    },
}

/// A conductor: series impedance of all parallel runs together.
#[derive(Clone, Debug, PartialEq)]
pub struct Conductor {
    /// Unique name.
    pub name: String,
    /// One end.
    pub from: usize,
    /// The other end.
    pub to: usize,
    /// Resistance per phase at 20 °C, Ω.
    pub r_ohm: f64,
    /// Reactance per phase, Ω.
    pub x_ohm: f64,
    /// Temperature at the end of the fault, for the smallest current, °C.
    pub end_c: f64,
}

/// A two-winding transformer: all parallel units together.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultTransformer {
    /// Unique name.
    pub name: String,
    /// Bus on the high side.
    pub hv: usize,
    /// Bus on the low side.
    pub lv: usize,
    /// Rated power, VA.
    pub s_va: f64,
    /// Rated voltage on the high side, V.
    pub hv_v: f64,
    /// Rated voltage on the low side, V.
    pub lv_v: f64,
    /// Short-circuit voltage, per unit of the rating.
    pub z_pu: f64,
    /// Its real part, per unit of the rating.
    pub r_pu: f64,
}

/// A closed switch.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Unique name.
    pub name: String,
    /// One side.
    pub a: usize,
    /// The other side.
    pub b: usize,
}

/// Tolerance of low-voltage networks (IEC 60909-0, table 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LowVoltageTolerance {
    /// ±10 %: factors 1.10 and 0.90.
    #[default]
    TenPercent,
    /// ±6 %: factors 1.05 and 0.95.
    SixPercent,
}

/// R/X of the peak factor κ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeakRatio {
    /// Of the short-circuit impedance itself: exact for a fault that is fed over one path.
    #[default]
    Impedance,
    /// Of the impedance at 0.4 times the system frequency (method c, for meshes). The same as the
    /// other one where a fault is fed over one path.
    EquivalentFrequency,
}
