//! The server's program: everything is in the library; this owns the exit code.

use std::process::ExitCode;

/// Several threads take and give memory for each event; the system's allocator has them wait for each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match backend::program::main().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
