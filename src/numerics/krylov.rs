//! Krylov solvers for large sparse systems, on closures: nothing is assembled here.
//!
//! * [`conjugate_gradient`] for symmetric positive (semi)definite operators (Hestenes and Stiefel
//!   1952), preconditioned. On a singular but consistent system it finds one of the solutions.
//! * [`bicgstab`] for general operators (van der Vorst 1992), right-preconditioned, restarted on
//!   breakdown from the true residual.
//!
//! All sums run in a fixed order: answers are bit-equal for any number of threads.

use super::sums::fixed_order_dot;
use rayon::prelude::*;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// Residual norm over right-hand-side norm.
    pub relative: f64,
    /// Most iterations.
    pub iterations: usize,
}

/// How an iteration ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Iterations done.
    pub iterations: usize,
    /// Residual norm over right-hand-side norm.
    pub relative: f64,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// Whether `keep_going` said no.
    pub interrupted: bool,
}

/// Vectors shorter than this are worked on by the calling thread alone.
const PARALLEL_LEN: usize = 32_768;
/// Piece of a vector that one task works on.
const PIECE: usize = 8_192;

/// `y += a x`.
pub fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    zip(y, x, |y, x| *y += a * x);
}

/// `y = x + a y`.
pub fn xpay(x: &[f64], a: f64, y: &mut [f64]) {
    zip(y, x, |y, x| *y = x + a * *y);
}

fn zip(y: &mut [f64], x: &[f64], f: impl Fn(&mut f64, f64) + Sync) {
    let each = |(y, x): (&mut [f64], &[f64])| y.iter_mut().zip(x).for_each(|(y, x)| f(y, *x));
    if y.len() < PARALLEL_LEN {
        each((y, x));
    } else {
        y.par_chunks_mut(PIECE).zip(x.par_chunks(PIECE)).for_each(each);
    }
}

fn norm(a: &[f64]) -> f64 {
    fixed_order_dot(a, a).sqrt()
}

/// Solves `A x = b` from the start value in `x`. `apply(v, out)` writes `A v`,
/// `precondition(v, out)` an approximation of `A⁻¹ v` that is itself symmetric and definite.
pub fn conjugate_gradient(
    apply: impl Fn(&[f64], &mut [f64]),
    mut precondition: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    x: &mut [f64],
    stop: Stop,
    keep_going: impl Fn() -> bool,
) -> Outcome {
    let scale = norm(b);
    let mut r = vec![0.0; b.len()];
    apply(x, &mut r);
    zip(&mut r, b, |r, b| *r = b - *r);
    let mut z = vec![0.0; b.len()];
    let mut p = vec![0.0; b.len()];
    let mut q = vec![0.0; b.len()];
    let mut rho_old = 1.0;
    for iterations in 0..=stop.iterations {
        let relative = ratio(norm(&r), scale);
        let end = Outcome { iterations, relative, converged: false, interrupted: false };
        if relative <= stop.relative {
            return Outcome { converged: true, ..end };
        }
        if iterations == stop.iterations {
            return end;
        }
        if !keep_going() {
            return Outcome { interrupted: true, ..end };
        }
        precondition(&r, &mut z);
        let rho = fixed_order_dot(&r, &z);
        if iterations == 0 {
            p.copy_from_slice(&z);
        } else {
            xpay(&z, rho / rho_old, &mut p);
        }
        apply(&p, &mut q);
        let curvature = fixed_order_dot(&p, &q);
        if !(curvature > 0.0 && rho > 0.0) {
            return end;
        }
        let alpha = rho / curvature;
        axpy(alpha, &p, x);
        axpy(-alpha, &q, &mut r);
        rho_old = rho;
    }
    Outcome { iterations: 0, relative: f64::INFINITY, converged: false, interrupted: false }
}

/// Solves `A x = b` from the start value in `x`. The reported residual is recomputed from `x`
/// before it is believed; if rounding has parted the two, the iteration restarts.
pub fn bicgstab(
    apply: impl Fn(&[f64], &mut [f64]),
    mut precondition: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    x: &mut [f64],
    stop: Stop,
    keep_going: impl Fn() -> bool,
) -> Outcome {
    let scale = norm(b);
    let mut r = vec![0.0; b.len()];
    let mut work = BicgWork::new(b.len());
    let mut iterations = 0;
    loop {
        apply(x, &mut r);
        zip(&mut r, b, |r, b| *r = b - *r);
        let relative = ratio(norm(&r), scale);
        let end = Outcome { iterations, relative, converged: false, interrupted: false };
        if relative <= stop.relative {
            return Outcome { converged: true, ..end };
        }
        if iterations >= stop.iterations || !relative.is_finite() {
            return end;
        }
        work.restart(&r);
        // Inner iterations run on the recursive residual, until it is small or breaks down.
        loop {
            if !keep_going() {
                return Outcome { iterations, interrupted: true, ..end };
            }
            iterations += 1;
            let going = work.step(&apply, &mut precondition, &mut r, x);
            let small = ratio(norm(&r), scale) <= 0.5 * stop.relative;
            if !going || small || iterations >= stop.iterations {
                break;
            }
        }
    }
}

struct BicgWork {
    shadow: Vec<f64>,
    p: Vec<f64>,
    v: Vec<f64>,
    p_hat: Vec<f64>,
    s_hat: Vec<f64>,
    t: Vec<f64>,
    rho: f64,
}

impl BicgWork {
    fn new(n: usize) -> Self {
        let zeros = || vec![0.0; n];
        Self {
            shadow: zeros(),
            p: zeros(),
            v: zeros(),
            p_hat: zeros(),
            s_hat: zeros(),
            t: zeros(),
            rho: 0.0,
        }
    }

    fn restart(&mut self, r: &[f64]) {
        self.shadow.copy_from_slice(r);
        self.p.copy_from_slice(r);
        self.rho = fixed_order_dot(r, r);
    }

    /// One iteration; `false` when it broke down and should restart.
    fn step(
        &mut self,
        apply: &impl Fn(&[f64], &mut [f64]),
        precondition: &mut impl FnMut(&[f64], &mut [f64]),
        r: &mut [f64],
        x: &mut [f64],
    ) -> bool {
        precondition(&self.p, &mut self.p_hat);
        apply(&self.p_hat, &mut self.v);
        let alpha = self.rho / fixed_order_dot(&self.shadow, &self.v);
        if !alpha.is_finite() {
            return false;
        }
        axpy(-alpha, &self.v, r);
        axpy(alpha, &self.p_hat, x);
        precondition(r, &mut self.s_hat);
        apply(&self.s_hat, &mut self.t);
        let tt = fixed_order_dot(&self.t, &self.t);
        if tt == 0.0 {
            return false;
        }
        let omega = fixed_order_dot(&self.t, r) / tt;
        axpy(omega, &self.s_hat, x);
        axpy(-omega, &self.t, r);
        let rho = fixed_order_dot(&self.shadow, r);
        let beta = rho / self.rho * (alpha / omega);
        self.rho = rho;
        if !beta.is_finite() || rho == 0.0 {
            return false;
        }
        // p = r + beta (p − omega v)
        axpy(-omega, &self.v, &mut self.p);
        xpay(r, beta, &mut self.p);
        true
    }
}

fn ratio(norm: f64, scale: f64) -> f64 {
    if scale > 0.0 { norm / scale } else { norm }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Upwind advection with diffusion on a line: unsymmetric, well conditioned.
    fn advect(x: &[f64], y: &mut [f64]) {
        let n = x.len();
        for i in 0..n {
            let left = if i > 0 { x[i - 1] } else { 0.0 };
            let right = if i + 1 < n { x[i + 1] } else { 0.0 };
            y[i] = 3.2 * x[i] - 2.0 * left - right;
        }
    }

    fn line(x: &[f64], y: &mut [f64]) {
        let n = x.len();
        for i in 0..n {
            let left = if i > 0 { x[i - 1] } else { 0.0 };
            let right = if i + 1 < n { x[i + 1] } else { 0.0 };
            y[i] = 2.0 * x[i] - left - right;
        }
    }

    const STOP: Stop = Stop { relative: 1e-12, iterations: 500 };

    #[test]
    fn bicgstab_solves_an_unsymmetric_system_to_its_true_residual() {
        let b: Vec<f64> = (0..200).map(|i| f64::from(i % 7) - 3.0).collect();
        let mut x = vec![0.0; 200];
        let end = bicgstab(advect, |r, z| z.copy_from_slice(r), &b, &mut x, STOP, || true);
        assert!(end.converged && end.relative <= 1e-12, "{end:?}");
        let mut ax = vec![0.0; 200];
        advect(&x, &mut ax);
        assert!(ax.iter().zip(&b).all(|(l, r)| (l - r).abs() < 1e-9));
    }

    #[test]
    fn conjugate_gradient_matches_the_closed_form_and_obeys_interruption() {
        let n = 99;
        let b = vec![1.0; n];
        let mut x = vec![0.0; n];
        let copy = |r: &[f64], z: &mut [f64]| z.copy_from_slice(r);
        let end = conjugate_gradient(line, copy, &b, &mut x, STOP, || true);
        assert!(end.converged);
        assert!((x[49] - 50.0 * 50.0 / 2.0).abs() < 1e-6);
        let mut x = vec![0.0; n];
        let end = conjugate_gradient(line, copy, &b, &mut x, STOP, || false);
        assert!(end.interrupted && !end.converged);
    }
}
