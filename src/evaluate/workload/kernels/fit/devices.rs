//! Data sheets of the systems that timings name.

use super::super::super::device::Device;
use super::table::{FitError, Row, Table};

/// Data sheets that ship with the program, so that a folder need not repeat them.
const SHIPPED: &str = include_str!("../../../../../assets/efficiency/devices.csv");

/// Systems by the name that rows use.
#[derive(Clone, Debug)]
pub(super) struct Devices(Vec<(String, Device)>);

impl Devices {
    /// The shipped data sheets and, before them, those of a user's own `devices.csv`.
    pub fn read(own: Option<(&str, &str)>) -> Result<Self, FitError> {
        let mut all = Vec::new();
        for (file, text) in own.into_iter().chain([("devices.csv (shipped)", SHIPPED)]) {
            for row in Table::split(file, text)?.rows() {
                all.push((row.text("system")?.to_owned(), device(&row)?));
            }
        }
        Ok(Self(all))
    }

    /// Data sheet of the system that `row` names, and its name.
    pub fn of<'a>(&'a self, row: &Row<'_>) -> Result<(&'a str, &'a Device), FitError> {
        let name = row.text("system")?;
        let found = self.0.iter().find(|(system, _)| system == name);
        found.map(|(system, device)| (system.as_str(), device)).ok_or_else(|| {
            let known: Vec<&str> = self.0.iter().map(|(system, _)| system.as_str()).collect();
            let known = known.join(", ");
            row.bad("system", format!("a system of devices.csv ({known})"))
        })
    }
}

fn device(row: &Row<'_>) -> Result<Device, FitError> {
    let tera = |column| Ok(row.optional(column)?.map(|t| t * 1e12));
    let domain = row.at_least("scale_up_domain", 1.0)?;
    Ok(Device {
        name: row.text("system")?.to_owned(),
        bf16_flop_s: row.positive("bf16_tflops")? * 1e12,
        fp8_flop_s: tera("fp8_tflops")?,
        fp4_flop_s: tera("fp4_tflops")?,
        memory_bytes: row.positive("memory_gb")? * 1e9,
        memory_byte_s: row.positive("memory_gb_s")? * 1e9,
        scale_up_byte_s: row.at_least("scale_up_gb_s", 0.0)? * 1e9,
        scale_up_domain: domain.min(1e6) as u32,
        nic_byte_s: row.at_least("network_gb_s", 0.0)? * 1e9,
        clock_factor: 1.0,
    })
}
