//! The validation cases as a user meets them: the shipped ones, and what they must never hide.

use crate::support::folder;
use std::collections::BTreeSet;
use tokenmill::cases::folder::of_topic;
use tokenmill::cases::{Outcome, Topic, Verdict, run_all, shipped};
use tokenmill::evaluate::cancel::CancelToken;
use tokenmill::evaluate::clock::Clock;
use tokenmill::session::case_files::read_folder;

fn outcomes(topic: Topic) -> Vec<Outcome> {
    let cases = of_topic(shipped(), Some(topic));
    run_all(&cases, &Clock::still(), &CancelToken::never(), |_, _| {}).unwrap()
}

/// Every stage but air passes all it is held against; what falls short is printed by name.
#[test]
fn every_case_outside_of_air_passes() {
    for topic in Topic::ALL.into_iter().filter(|t| *t != Topic::Air) {
        for o in outcomes(topic) {
            let short: Vec<_> = o.quantities.iter().filter(|q| q.passes() == Some(false)).collect();
            assert_eq!(o.verdict, Verdict::Passed, "{} {:?} {short:?}", o.id, o.notes);
        }
    }
}

#[test]
fn air_conserves_heat_in_every_hall_and_is_exact_where_the_answer_is() {
    for o in outcomes(Topic::Air) {
        assert!(!o.quantities.is_empty(), "{}: {:?}", o.id, o.notes);
        assert!(o.quantities.iter().all(|q| q.ours.is_finite()), "{}", o.id);
        // The cavities compare their walls instead.
        let cavity = o.id.starts_with("lid_") || o.id.starts_with("heated_");
        let closure = o.quantities.iter().find(|q| q.name == "Heat closure");
        assert!(cavity || closure.is_some_and(|q| q.error.abs() <= 0.1), "{}: {closure:?}", o.id);
        if o.source.starts_with("Exact") {
            assert_eq!(o.verdict, Verdict::Passed, "{} {:?}", o.id, o.quantities);
        }
    }
}

#[test]
fn every_shipped_reference_of_the_case_folders_is_in_the_registry() {
    let ids: BTreeSet<String> = shipped().into_iter().map(|c| c.id).collect();
    for entry in std::fs::read_dir(folder("tests/cases/air")).unwrap() {
        let path = entry.unwrap().path();
        if path.join("case.json").is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(ids.contains(&name), "tests/cases/air/{name} is not in the registry");
        }
    }
}

#[test]
fn a_folder_of_the_users_own_gives_the_same_answers_as_the_shipped_ones() {
    let texts = read_folder(&folder("tests/cases/air")).unwrap();
    let own = tokenmill::cases::folder::read(&texts).unwrap();
    let row = own.iter().find(|c| c.id == "contained_surplus").unwrap();
    let ours = shipped().into_iter().find(|c| c.id == "contained_surplus").unwrap();
    let never = CancelToken::never();
    assert_eq!(row.answer(&never), ours.answer(&never));
}

/// The exit code of the program for these words, in its debug form: codes can not be compared.
fn exit(words: &[&str]) -> String {
    let environment = tokenmill::cli::Environment {
        clock: Clock::still(),
        cpu_clock: Clock::still(),
        folders: tokenmill::session::folders::Folders::default(),
        has_display: false,
        cores: 2,
        started_unix_s: 0,
    };
    let words = std::iter::once("tokenmill").chain(words.iter().copied());
    format!("{:?}", tokenmill::cli::run(words.map(Into::into), &environment))
}

fn code(number: u8) -> String {
    format!("{:?}", std::process::ExitCode::from(number))
}

#[test]
fn exit_codes_tell_a_shortfall_from_words_that_are_off() {
    assert_eq!(exit(&["validate", "--topic", "fabric"]), code(0));
    assert_eq!(exit(&["validate", "--topic", "weather"]), code(2));
    assert_eq!(exit(&["solve", "weather", "-"]), code(2));
    assert_eq!(exit(&["solve", "air", "no-such-file.json"]), code(1));
    let dir = tempfile::tempdir().unwrap();
    // A row whose leaf count nobody would build: the gate is exact.
    let wrong = r#"{"rows": [{"family": "F", "nodes": 31, "nics_per_node": 8, "switch_ports": 64,
        "link_gbps": 400, "leaf": 9, "spine": 4, "core": null, "cables_node_leaf": 252,
        "cables_leaf_spine": 256, "cables_spine_core": null, "appliance_links": 4}]}"#;
    std::fs::write(dir.path().join("counts.json"), wrong).unwrap();
    let dir = dir.path().to_string_lossy().into_owned();
    assert_eq!(exit(&["validate", "--cases", &dir]), code(1));
    assert_eq!(exit(&["validate", "--cases", "/no/such/folder"]), code(1));
}

#[test]
fn a_solved_air_case_has_the_keys_that_other_programs_read() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("answer.json");
    let case = folder("tests/cases/air/single_rack/case.json");
    let words = [case.to_string_lossy().into_owned(), out.to_string_lossy().into_owned()];
    assert_eq!(exit(&["solve", "air", &words[0], "--out", &words[1], "--repeat", "2"]), code(0));
    let answer: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    for key in [
        "racks",
        "return_c",
        "heat_closure_percent",
        "rci_hi",
        "rci_lo",
        "shi",
        "rti",
        "cells",
        "steps",
        "cpu_seconds",
        "wall_seconds",
        "settled",
        "history",
        "median_solve_us",
    ] {
        assert!(!answer[key].is_null(), "{key}");
    }
    for key in ["intake_mean_c", "intake_std_c", "exhaust_c"] {
        assert!(answer["racks"]["R1"][key].is_number(), "{key}");
    }
}

const SERVING_ROWS: &str = "curve,origin,backend,model,system,precision,mode,isl,osl,concurrency,\
    tp_size,pp_size,attention_dp_size,moe_tp_size,moe_ep_size,prefill_tp_size,prefill_moe_ep_size,\
    prefill_num_workers,decode_tp_size,decode_moe_ep_size,decode_num_workers,gpus_agg,\
    silicon_tpot_ms\n\
    c1,InferenceX,trtllm,deepseek-ai/DeepSeek-R1-0528,b200_sxm,fp4,agg,1024,1024,64.0,\
    8.0,1.0,1.0,1.0,8.0,,,,,,,8.0,14.2\n\
    c2,,vllm,Llama-3.3-70B,MI300X,fp8,,2000,500,16,4,,,,,,,,,,,,\n\
    c3,,sglang,DeepSeek-R1,h200_sxm,fp8,disagg,2000,500,64,,,,,,8,8,1,8,8,2,,\n";

#[test]
fn rows_of_serving_points_come_back_with_answers() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let (rows, json, csv) = (path("rows.csv"), path("out.json"), path("out.csv"));
    std::fs::write(&rows, SERVING_ROWS).unwrap();
    assert_eq!(exit(&["solve", "serving", &rows, "--out", &json]), code(0));
    let answer: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    let answer = answer.as_array().unwrap();
    assert_eq!(answer.len(), 3);
    for row in answer {
        for key in ["tpot_ms", "ttft_ms", "out_tok_s_per_gpu", "tpot_p10_ms", "tpot_p90_ms"] {
            assert!(row[key].as_f64().unwrap() > 0.0, "{key} of {row}");
        }
        assert!(row["kv_fits"].is_boolean() && row["limit"].is_string(), "{row}");
    }
    assert_eq!(answer[0]["silicon_tpot_ms"], 14.2);
    assert_eq!(answer[0]["layout"], "TP8 EP8");
    // The CSV is the given one with more columns, and is itself a file of rows.
    assert_eq!(exit(&["solve", "serving", &rows, "--out", &csv]), code(0));
    let text = std::fs::read_to_string(&csv).unwrap();
    assert!(text.starts_with("curve,origin,backend,model") && text.lines().count() == 4);
    assert_eq!(exit(&["solve", "serving", &csv, "--out", &json]), code(0));
}

#[test]
fn bad_rows_are_told_beside_the_good_ones() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let (rows, json) = (path("rows.csv"), path("out.json"));
    let header = "model,system,precision,isl,osl,concurrency,tp_size,moe_ep_size,backend\n";
    let good = "Qwen3-32B,H100,fp8,1000,100,8,2,,vllm";
    let bad = [
        ("Qwen9-32B,H100,fp8,1000,100,8,2,,vllm", "Qwen9-32B"),
        ("Qwen3-32B,H1000,fp8,1000,100,8,2,,vllm", "nearest"),
        ("Qwen3-32B,H100,fp8,0,100,8,2,,vllm", "isl is \"0\""),
        ("Qwen3-32B,H100,fp8,1000,-1,8,2,,vllm", "osl is \"-1\""),
        ("Qwen3-32B,H100,fp8,1000,100,,2,,vllm", "concurrency is blank"),
        ("Qwen3-32B,H100,fp8,1000,100,8,,,vllm", "tp_size is blank"),
        ("Qwen3-32B,H100,fp7,1000,100,8,2,,vllm", "precision is \"fp7\""),
        ("Qwen3-32B,H100,fp8,1000,100,8,2,,ollama", "backend is \"ollama\""),
        ("DeepSeek-R1,B200,fp8,1000,100,8,8,3,sglang", "moe_ep_size is 3"),
        ("Qwen3-32B,H100,fp8,1000,100", "5 fields"),
    ];
    let mut text = format!("{header}{good}\n");
    bad.iter().for_each(|(line, _)| text.push_str(&format!("{line}\n")));
    std::fs::write(&rows, text).unwrap();
    assert_eq!(exit(&["solve", "serving", &rows, "--out", &json]), code(1));
    let answer: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert!(answer[0]["tpot_ms"].as_f64().unwrap() > 0.0 && answer[0]["error"].is_null());
    for (i, (line, words)) in bad.iter().enumerate() {
        let said = answer[i + 1]["error"].as_str().unwrap_or_default();
        assert!(said.contains(words), "{line}: {said}");
        assert!(said.contains(&format!("line {}", i + 3)), "{line}: {said}");
        assert!(answer[i + 1]["tpot_ms"].is_null());
    }
}

#[test]
fn published_throughput_is_answered_in_its_own_unit() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out.json").to_string_lossy().into_owned();
    let rows = folder("tests/cases/workload/max_load_points.csv").to_string_lossy().into_owned();
    assert_eq!(exit(&["solve", "max-load", &rows, "--out", &out]), code(0));
    let answer: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    for row in answer.as_array().unwrap() {
        let (total, per_gpu) = (&row["tok_s"], &row["tok_s_per_gpu"]);
        let own = if row["unit"] == "tokens/s/GPU" { per_gpu } else { total };
        assert!(row["predicted_value"] == *own && own.as_f64().unwrap() > 0.0, "{row}");
    }
}
