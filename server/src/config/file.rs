//! The file of options.
//!
//! Separate, because it knows no option by name: whatever is a flag is a key of the file, and what is said there takes the place
//! of the flag's default. So flags and variables come first, and no option can be forgotten.

use clap::{Arg, ArgAction, Command};
use core::ops::Range;
use std::fs;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Keys that are flags, and make no sense in the file.
const FLAGS_ONLY: [&str; 3] = ["config", "help", "version"];

/// Gives the options that the file names their new defaults; says what is wrong, where, and what would be right.
pub(super) fn with_defaults(command: Command, path: &Path) -> Result<Command, String> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("--config {name} cannot be read: {error}"))?;
    read(command, &text).map_err(|(span, refusal)| format!("{name}, line {}: {refusal}", line(&text, &span)))
}

type Refusal = (Range<usize>, String);

fn read(mut command: Command, text: &str) -> Result<Command, Refusal> {
    let table = DeTable::parse(text).map_err(|error| (error.span().unwrap_or(0..0), error.message().to_owned()))?;
    for (key, value) in table.into_inner() {
        let (at, key) = (key.span(), key.into_inner());
        let refused = |refusal: String| (at.clone(), format!("`{key}`: {refusal}"));
        let option = find(&command, &key).ok_or_else(|| refused(unknown(&command, &key)))?;
        let values = values(option, value.get_ref()).map_err(&refused)?;
        check(option, &values).map_err(refused)?;
        let id = option.get_id().clone();
        command = command.mut_arg(id, |option| option.default_values(values));
    }
    Ok(command)
}

fn find<'a>(command: &'a Command, key: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|option| option.get_long() == Some(key) && !FLAGS_ONLY.contains(&key))
}

fn unknown(command: &Command, key: &str) -> String {
    let known = |name: &str| find(command, name).is_some();
    let flag = key.trim_start_matches("--").replace('_', "-").to_ascii_lowercase();
    let flag = flag.strip_prefix("parlour-").unwrap_or(&flag);
    match key {
        _ if known(flag) => format!("no such option; it is written {flag} here"),
        _ if FLAGS_ONLY.contains(&key) => "can be given as a flag only".to_owned(),
        _ => {
            "no such option; `parlour --help` names all of them, and here they are written without the dashes in front"
                .to_owned()
        }
    }
}

/// Writes what a key was given as a flag would have it.
fn values(option: &Arg, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let is_switch = matches!(option.get_action(), ArgAction::SetTrue);
    let takes_many = option.get_value_delimiter().is_some();
    match value {
        DeValue::Boolean(on) if is_switch => Ok(vec![on.to_string()]),
        _ if is_switch => Err("must be true or false, without quotes".to_owned()),
        DeValue::Array(elements) if takes_many => elements.iter().map(|element| scalar(element.get_ref())).collect(),
        DeValue::Array(_) => Err("takes one value, not a list".to_owned()),
        DeValue::Table(_) => Err("is a section or a table; options stand by themselves, as name = value".to_owned()),
        value => scalar(value).map(|value| vec![value]),
    }
}

fn scalar(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
        value => Err(format!("must be a text in quotes or a number, not a {}", value.type_str())),
    }
}

/// Lets the option's own reader judge, alone, so that the refusal is about this and nothing else.
fn check(option: &Arg, values: &[String]) -> Result<(), String> {
    if matches!(option.get_action(), ArgAction::SetTrue) {
        return Ok(());
    }
    let long = option.get_long().unwrap_or_default();
    let alone = Command::new("parlour").arg(option.clone().env(None));
    let arguments = values.iter().map(|value| format!("--{long}={value}"));
    let judged = alone.try_get_matches_from(std::iter::once("parlour".to_owned()).chain(arguments));
    judged.map(drop).map_err(|error| {
        let text = error.to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        text.split("\n\nFor more").next().unwrap_or(text).trim_end().to_owned()
    })
}

fn line(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}
