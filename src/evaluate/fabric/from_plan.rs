//! The compute fabric of a plan.
//!
//! A server is a node with its NIC ports, one per rail. A rack-scale system is as many nodes as
//! its ports fill trays of [`RAILS_OF_RACK_SCALE`] rails. One fabric joins all systems of the
//! hall: where they differ in NICs, the fabric has the rails and the rate of the kind with the
//! most ports, and the others are counted by their ports. In-band, storage and out-of-band
//! networks are not drawn yet.

use super::case::{
    CountOverrides, EndpointRack, FabricCase, Medium, MediumKind, NetworkRack, OpticsPolicy,
    RouteRules, SwitchModel, Topology,
};
use super::solve::count;
use crate::catalog::{Entry, NetworkKind, NetworkSpec, SystemForm};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::rack_space::free_units;
use crate::evaluate::snapshot::{RackFacts, RackKind, ResolveError, Snapshot};
use crate::plan;

/// NIC ports of one compute tray of a rack-scale system: four 400G ports a tray (NVIDIA DGX
/// SuperPOD reference architecture, GB200 NVL72); taken for all rack-scale systems.
const RAILS_OF_RACK_SCALE: u32 = 4;
/// Links of a pair of management appliances (UFM) on an InfiniBand fabric, in the place of one
/// node (NVIDIA DGX SuperPOD reference architectures: 31 nodes and 4 links in the first unit).
const APPLIANCE_LINKS: u32 = 4;
/// Units of a network rack kept for patch panels, management switches and rack PDUs; assumption.
const RESERVED_U: u32 = 6;
/// Height of a switch whose data sheet gives none \[U\]; assumption.
const SWITCH_U: u32 = 2;
/// Lanes into which an Ethernet port may be broken out; InfiniBand tables use none.
const ETHERNET_BREAKOUT: u32 = 4;

/// The case of a plan, and what had to be assumed for it.
#[derive(Clone, Debug)]
pub struct FabricOfPlan {
    /// The case.
    pub case: FabricCase,
    /// Design problems seen on the way.
    pub findings: Vec<Finding>,
}

/// NIC ports of a rack.
struct Ports {
    rack: usize,
    count: u32,
    rails: u32,
    gbit_s: f64,
    twin: bool,
}

/// Builds the case of the compute fabric.
pub fn from_plan(snapshot: &Snapshot) -> Result<FabricOfPlan, ResolveError> {
    let plan = &snapshot.plan.fabric;
    let mut findings = Vec::new();
    let ports = ports(snapshot, &mut findings);
    let main = most_common(&ports);
    if let Some(main) = main
        && ports.iter().any(|p| p.gbit_s != main.gbit_s || p.rails != main.rails)
    {
        findings.push(mixed(main));
    }
    let rails = main.map_or(1, |m| m.rails);
    let nic_gbit_s = main.map_or(1.0, |m| m.gbit_s);
    let by_hand = |tier: &str| plan.overrides.get(tier).and_then(|o| o.count);
    let mut case = FabricCase {
        endpoints: ports.iter().map(|p| endpoint(&snapshot.racks[p.rack], p, rails)).collect(),
        network_racks: network_racks(snapshot),
        rails,
        nic_gbit_s,
        nic_twin_port: main.is_some_and(|m| m.twin),
        appliance_links: 0,
        switch: switch(&snapshot.switch)?,
        overrides: CountOverrides {
            leaf: by_hand("leaf"),
            spine: by_hand("spine"),
            core: by_hand("core"),
        },
        topology: topology(plan.topology),
        leaf_oversubscription: plan.oversubscription,
        spine_oversubscription: 1.0,
        oversubscription_limit: plan.oversubscription,
        uplink_efficiency: snapshot
            .assumption(match plan.load_balancing {
                plan::LoadBalancing::Ecmp => "fabric_efficiency_ecmp",
                plan::LoadBalancing::Adaptive => "fabric_efficiency_adaptive",
            })?
            .base,
        nic_efficiency: snapshot.assumption("nic_efficiency")?.base,
        optics_policy: match plan.optics {
            plan::OpticsPolicy::CopperFirst => OpticsPolicy::CopperFirst,
            plan::OpticsPolicy::OpticsOnly => OpticsPolicy::OpticsOnly,
        },
        media: snapshot.catalog.network.iter().filter_map(|e| medium(e)).collect(),
        route: RouteRules {
            tray_height_m: f64::from(plan.tray_height_mm) / 1e3,
            slack_fraction: snapshot.assumption("cable_slack_fraction")?.base,
        },
    };
    if snapshot.switch.spec.kind == NetworkKind::SwitchIb {
        add_appliances(&mut case);
    }
    Ok(FabricOfPlan { case, findings })
}

/// Management appliances take free ports of the last group; they never open another one.
fn add_appliances(case: &mut FabricCase) {
    let groups = |case: &FabricCase| count(case, case.nodes()).counts.groups;
    let without = groups(case);
    case.appliance_links = APPLIANCE_LINKS;
    if groups(case) != without {
        case.appliance_links = 0;
    }
}

fn topology(topology: plan::Topology) -> Topology {
    match topology {
        plan::Topology::RailLeafSpine => Topology::RailOptimised,
        plan::Topology::LeafSpine => Topology::LeafSpine,
        plan::Topology::ThreeTier => Topology::ThreeTier,
        plan::Topology::RailOnly => Topology::RailOnly,
    }
}

/// NIC ports of every compute rack; racks without a known NIC are left out with a finding.
fn ports(snapshot: &Snapshot, findings: &mut Vec<Finding>) -> Vec<Ports> {
    let mut all = Vec::new();
    let compute = snapshot.racks.iter().enumerate().filter(|(_, r)| r.kind == RackKind::Compute);
    for (index, rack) in compute {
        let Some(system) = &rack.system else { continue };
        let spec = &system.spec;
        // One port per accelerator is the rule of every reference design.
        let each = spec.nic_count.unwrap_or(spec.accelerator_count);
        let of_accelerator = rack.accelerator.as_ref().and_then(|a| a.spec.nic_gbit_s);
        let Some(gbit_s) = spec.nic_gbit_s.or(of_accelerator).filter(|r| *r > 0.0) else {
            findings.push(unknown_nic(rack, &system.name));
            continue;
        };
        let rails =
            if spec.form == SystemForm::Rack { RAILS_OF_RACK_SCALE.min(each) } else { each };
        let count = each.saturating_mul(rack.system_count);
        let twin = spec.nic.contains("twin");
        if count > 0 {
            all.push(Ports { rack: index, count, rails: rails.max(1), gbit_s, twin });
        }
    }
    all
}

/// The kind of NIC with the most ports in the hall; the faster one of equals.
fn most_common(ports: &[Ports]) -> Option<&Ports> {
    let of_kind = |p: &Ports| -> u64 {
        let same = |q: &&Ports| q.gbit_s == p.gbit_s && q.rails == p.rails;
        ports.iter().filter(same).map(|q| u64::from(q.count)).sum()
    };
    ports.iter().max_by(|a, b| {
        of_kind(a).cmp(&of_kind(b)).then(a.gbit_s.total_cmp(&b.gbit_s)).then(b.rack.cmp(&a.rack))
    })
}

fn endpoint(rack: &RackFacts, ports: &Ports, rails: u32) -> EndpointRack {
    EndpointRack {
        rack: rack.id,
        position_m: position_m(rack),
        height_m: f64::from(rack.height_mm) / 1e3,
        nodes: ports.count.div_ceil(rails),
    }
}

fn position_m(rack: &RackFacts) -> [f64; 2] {
    let middle = |a: i32, b: i32| (f64::from(a) + f64::from(b)) / 2e3;
    [middle(rack.area.min.x, rack.area.max.x), middle(rack.area.min.y, rack.area.max.y)]
}

fn network_racks(snapshot: &Snapshot) -> Vec<NetworkRack> {
    let racks = snapshot.racks.iter().filter(|r| r.kind == RackKind::Network);
    racks
        .map(|rack| NetworkRack {
            rack: rack.id,
            position_m: position_m(rack),
            height_m: f64::from(rack.height_mm) / 1e3,
            free_u: free_units(rack, RESERVED_U),
        })
        .collect()
}

fn switch(entry: &Entry<NetworkSpec>) -> Result<SwitchModel, ResolveError> {
    let missing =
        |field| ResolveError::Incomplete { section: "fabric", entry: entry.id.clone(), field };
    let spec = &entry.spec;
    let port_gbit_s = spec.port_gbit_s.ok_or_else(|| missing("port_gbit_s"))?;
    let infiniband = spec.kind == NetworkKind::SwitchIb;
    Ok(SwitchModel {
        name: entry.name.clone(),
        ports: spec.ports.ok_or_else(|| missing("ports"))?,
        port_gbit_s,
        max_breakout: if infiniband { 1 } else { ETHERNET_BREAKOUT },
        // Quantum-2 and Quantum-X800 put two ports in a twin-port cage (NVIDIA data sheets:
        // 64 ports in 32 cages, 144 in 72); Ethernet switches one port in each.
        cage_gbit_s: if infiniband { 2.0 * port_gbit_s } else { port_gbit_s },
        rack_units: spec.rack_units.unwrap_or(SWITCH_U),
        typical_w: spec.typical_power_w,
        max_w: spec.max_power_w,
    })
}

/// A pluggable or assembled medium; parts of a switch (co-packaged optics) and entries without
/// reach, rate or power are left out.
fn medium(entry: &Entry<NetworkSpec>) -> Option<Medium> {
    let kind = match entry.spec.kind {
        NetworkKind::CableDac => MediumKind::PassiveCopper,
        NetworkKind::CableAcc | NetworkKind::CableAec => MediumKind::ActiveCopper,
        NetworkKind::CableAoc => MediumKind::ActiveOptical,
        NetworkKind::Optic if !entry.name.contains("co-packaged") => MediumKind::Optic,
        _ => return None,
    };
    let lanes = entry.id.chars().take_while(char::is_ascii_alphabetic).collect::<String>();
    Some(Medium {
        key: entry.id.clone(),
        name: entry.name.clone(),
        kind,
        interface: lanes.to_uppercase(),
        module_gbit_s: entry.spec.port_gbit_s?,
        reach_m: entry.spec.reach_m?,
        power_w: entry.spec.typical_power_w.or(entry.spec.max_power_w)?,
        price_usd: entry.spec.price_usd.map(|p| p.base),
    })
}

fn unknown_nic(rack: &RackFacts, system: &str) -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "fabric.nic-unknown",
        subject: Subject::Object(rack.id),
        message: format!("{system} is left out of the fabric: no source gives its NIC rate"),
        value: None,
        limit: None,
        unit: "Gbit/s",
        source: "catalogue".to_owned(),
        advice: "Enter nic_count and nic_gbit_s of the system".to_owned(),
    }
}

fn mixed(main: &Ports) -> Finding {
    Finding {
        severity: Severity::Info,
        rule: "fabric.mixed-nics",
        subject: Subject::Fabric("fabric".to_owned()),
        message: format!(
            "Systems differ in their NICs; one fabric of {} rails at {} Gbit/s is counted for all",
            main.rails, main.gbit_s
        ),
        value: None,
        limit: None,
        unit: "Gbit/s",
        source: "the plan".to_owned(),
        advice: "Plan a fabric for each kind of system in a plan of its own".to_owned(),
    }
}
