//! Builds the program anew when the page it carries was built anew; the embedding does not see new file names.

fn main() {
    let out = std::io::Write::write_all(
        &mut std::io::stdout(),
        b"cargo::rerun-if-changed=../frontend/dist\ncargo::rerun-if-changed=migrations\n",
    );
    out.expect("cargo listens");
}
