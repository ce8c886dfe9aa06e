//! Devices and models of the reference cases, from published data.

use super::arch::{Attention, LocalAttention, ModelArch, Moe};
use super::device::Device;

/// NVIDIA H100 SXM 80 GB.
#[must_use]
pub fn h100() -> Device {
    Device {
        name: "H100 SXM".into(),
        bf16_flop_s: 989e12,
        fp8_flop_s: Some(1978e12),
        fp4_flop_s: None,
        memory_bytes: 85.9e9,
        memory_byte_s: 3.35e12,
        scale_up_byte_s: 450e9,
        scale_up_domain: 8,
        nic_byte_s: 50e9,
        clock_factor: 1.0,
    }
}

/// NVIDIA B200 SXM.
#[must_use]
pub fn b200() -> Device {
    Device {
        name: "B200 SXM".into(),
        bf16_flop_s: 2250e12,
        fp8_flop_s: Some(4500e12),
        fp4_flop_s: Some(9000e12),
        memory_bytes: 193.3e9,
        memory_byte_s: 7.7e12,
        scale_up_byte_s: 900e9,
        scale_up_domain: 8,
        nic_byte_s: 50e9,
        clock_factor: 1.0,
    }
}

/// NVIDIA GB200 in an NVL72 rack.
#[must_use]
pub fn gb200() -> Device {
    Device {
        name: "GB200".into(),
        bf16_flop_s: 2500e12,
        fp8_flop_s: Some(5000e12),
        fp4_flop_s: Some(10_000e12),
        memory_bytes: 198.7e9,
        memory_byte_s: 8.0e12,
        scale_up_domain: 72,
        ..b200()
    }
}

fn gqa(heads: u32, kv_heads: u32, head_dim: u32) -> Attention {
    Attention::Gqa { heads, kv_heads, head_dim, output_gate: false }
}

fn dense(name: &str, layers: u32, hidden: u32, ffn: u32, vocab: u32, a: Attention) -> ModelArch {
    ModelArch {
        name: name.into(),
        layers,
        hidden,
        ffn,
        gated: true,
        vocab,
        tied_head: false,
        attention: a,
        local: None,
        linear: None,
        sparse: None,
        moe: None,
    }
}

/// Llama 3.1 8B.
#[must_use]
pub fn llama_8b() -> ModelArch {
    dense("Llama 3.1 8B", 32, 4096, 14336, 128_256, gqa(32, 8, 128))
}

/// Llama 3.1 and 3.3 70B.
#[must_use]
pub fn llama_70b() -> ModelArch {
    dense("Llama 3.1 70B", 80, 8192, 28672, 128_256, gqa(64, 8, 128))
}

/// Llama 3.1 405B.
#[must_use]
pub fn llama_405b() -> ModelArch {
    dense("Llama 3.1 405B", 126, 16384, 53248, 128_256, gqa(128, 8, 128))
}

/// DeepSeek-V3 and R1.
#[must_use]
pub fn deepseek_v3() -> ModelArch {
    let a = Attention::Mla {
        heads: 128,
        kv_rank: 512,
        q_rank: 1536,
        nope_dim: 128,
        rope_dim: 64,
        v_dim: 128,
    };
    let moe =
        Moe { layers: 58, experts: 256, experts_per_token: 8, shared_experts: 1, expert_ffn: 2048 };
    ModelArch { moe: Some(moe), ..dense("DeepSeek-V3", 61, 7168, 18432, 129_280, a) }
}

/// gpt-oss-120b.
#[must_use]
pub fn gpt_oss_120b() -> ModelArch {
    let moe =
        Moe { layers: 36, experts: 128, experts_per_token: 4, shared_experts: 0, expert_ffn: 2880 };
    ModelArch {
        local: Some(LocalAttention { layers: 18, window: 128 }),
        moe: Some(moe),
        ..dense("gpt-oss-120b", 36, 2880, 0, 201_088, gqa(64, 8, 64))
    }
}

/// NVIDIA A100 SXM 80 GB.
#[must_use]
pub fn a100() -> Device {
    Device {
        name: "A100 SXM".into(),
        bf16_flop_s: 312e12,
        fp8_flop_s: None,
        memory_byte_s: 2.039e12,
        scale_up_byte_s: 300e9,
        nic_byte_s: 25e9,
        ..h100()
    }
}
