//! The server's program: everything is in the library; this owns the exit code.

use std::process::ExitCode;

/// Events are made by one thread and dropped by another, which costs glibc's allocator a lock and a search each time.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match backend::program::main().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
