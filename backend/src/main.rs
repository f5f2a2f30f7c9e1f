//! The server's program: everything is in the library; this owns the exit code.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match backend::program::main().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
