//! What the program says about itself.

use crate::support::Place;

#[test]
fn help_documents_commands_and_exit_codes() {
    for command in [
        "",
        "demo",
        "sandbox",
        "list",
        "decode",
        "pull",
        "status",
        "show",
        "history",
        "verify",
        "state reset",
    ] {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let ran = Place::new().run(&arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("help {command}").trim().replace(' ', "-"), ran.out);
    }
}

#[test]
fn wrong_usage_is_code_2() {
    for arguments in [
        &[][..],
        &["pull-everything"],
        &["list"],
        &["list", "clink", "--api-key", "sk"],
    ] {
        let ran = Place::new().run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
    }
}
