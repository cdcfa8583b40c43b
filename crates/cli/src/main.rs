//! `thaw`: see the library.

fn main() -> std::process::ExitCode {
    thaw_cli::main()
}
