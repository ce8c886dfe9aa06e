//! Workload: tokens per second from operations and bytes.
