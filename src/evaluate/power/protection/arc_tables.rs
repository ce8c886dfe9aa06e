//! Coefficients of the arc-flash model of IEEE 1584-2018 for electrodes in a box, as published in
//! tables 1 to 5 and 7; read in two independent open implementations that agree digit by digit, and
//! confirmed against the worked examples of annex D (`arc_flash` tests).

/// How the conductors lie in the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum Electrodes {
    /// Vertical, ending in free air inside the box.
    #[default]
    Vcb,
    /// Vertical, ending in an insulating barrier.
    Vcbb,
    /// Horizontal, towards the opening.
    Hcb,
}

/// Coefficients of one electrode configuration.
pub(super) struct Coefficients {
    /// Arcing current at 0.6, 2.7 and 14.3 kV: k1 … k10 (table 1).
    pub current: [[f64; 10]; 3],
    /// Variation of the arcing current with voltage: k1 … k7 (table 2).
    pub variation: [f64; 7],
    /// Energy at 0.6, 2.7 and 14.3 kV: k1, k2, k3, k11, k12, k13 (tables 3 to 5). Their k4 … k10
    /// are those of the arcing current.
    pub energy: [[f64; 6]; 3],
    /// Size of the box: b1, b2, b3, typical and shallow (table 7).
    pub size: [[f64; 3]; 2],
    /// Constants A and B of the equivalent width and height (equations 11 and 12).
    pub box_constants: (f64, f64),
}

const VCB_HIGH: [f64; 7] =
    [-1.557e-12, 4.556e-10, -4.186e-8, 8.346e-7, 5.482e-5, -0.003191, 0.9729];
const VCBB_HIGH: [f64; 7] = [0.0, -9.204e-11, 2.901e-8, -3.262e-6, 0.0001569, -0.004003, 0.9825];

const fn current(k: [f64; 3], p: [f64; 7]) -> [f64; 10] {
    [k[0], k[1], k[2], p[0], p[1], p[2], p[3], p[4], p[5], p[6]]
}

/// Vertical electrodes in a box.
static VCB: Coefficients = Coefficients {
    current: [
        current(
            [-0.04287, 1.035, -0.083],
            [0.0, 0.0, -4.783e-9, 1.962e-6, -0.000229, 0.003141, 1.092],
        ),
        current([0.0065, 1.001, -0.024], VCB_HIGH),
        current([0.005795, 1.015, -0.011], VCB_HIGH),
    ],
    variation: [0.0, -1.4269e-6, 8.3137e-5, -0.0019382, 0.022366, -0.12645, 0.30226],
    energy: [
        [0.753364, 0.566, 1.752636, 0.0, -1.598, 0.957],
        [2.40021, 0.165, 0.354202, 0.0, -1.569, 0.9778],
        [3.825917, 0.11, -0.999749, 0.0, -1.568, 0.99],
    ],
    size: [[-0.000302, 0.03441, 0.4325], [0.002222, -0.02556, 0.6222]],
    box_constants: (4.0, 20.0),
};

/// Vertical electrodes ending in a barrier.
static VCBB: Coefficients = Coefficients {
    current: [
        current(
            [-0.017432, 0.98, -0.05],
            [0.0, 0.0, -5.767e-9, 2.524e-6, -0.00034, 0.01187, 1.013],
        ),
        current([0.002823, 0.995, -0.0125], VCBB_HIGH),
        current([0.014827, 1.01, -0.01], VCBB_HIGH),
    ],
    variation: [1.138e-6, -6.0287e-5, 0.0012758, -0.013778, 0.080217, -0.24066, 0.33524],
    energy: [
        [3.068459, 0.26, -0.098107, -0.06, -1.809, 1.19],
        [3.870592, 0.185, -0.736618, 0.0, -1.742, 1.09],
        [3.644309, 0.215, -0.585522, 0.0, -1.677, 1.06],
    ],
    size: [[-0.0002976, 0.032, 0.479], [-0.002778, 0.1194, -0.2778]],
    box_constants: (10.0, 24.0),
};

/// Horizontal electrodes in a box.
static HCB: Coefficients = Coefficients {
    current: [
        current(
            [0.054922, 0.988, -0.11],
            [0.0, 0.0, -5.382e-9, 2.316e-6, -0.000302, 0.0091, 0.9725],
        ),
        current(
            [0.001011, 1.003, -0.0249],
            [0.0, 0.0, 4.859e-10, -1.814e-7, -9.128e-6, -0.0007, 0.9881],
        ),
        current(
            [0.008693, 0.999, -0.02],
            [0.0, -5.043e-11, 2.233e-8, -3.046e-6, 0.000116, -0.001145, 0.9839],
        ),
    ],
    variation: [0.0, -3.097e-6, 0.00016405, -0.0033609, 0.033308, -0.16182, 0.34627],
    energy: [
        [4.073745, 0.344, -0.370259, 0.0, -2.03, 1.036],
        [3.486391, 0.177, -0.193101, 0.027, -1.723, 1.055],
        [3.044516, 0.125, 0.245106, 0.0, -1.655, 1.084],
    ],
    size: [[-0.0001923, 0.01935, 0.6899], [-0.0005556, 0.03722, 0.4778]],
    box_constants: (10.0, 22.0),
};

impl Electrodes {
    pub(super) const fn coefficients(self) -> &'static Coefficients {
        match self {
            Self::Vcb => &VCB,
            Self::Vcbb => &VCBB,
            Self::Hcb => &HCB,
        }
    }
}
