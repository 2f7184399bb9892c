//! `lakegate config schema`: the JSON Schema of lakegate.yaml. Its options are those of `scan`.

use super::options::{scan, shape};
use crate::exit::Exit;
use anyhow::Result;
use clap::Arg;
use lakegate::config::{OptionShape, Takes};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Prints the schema.
pub fn run() -> Result<Exit> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema())?;
    writeln!(out)?;
    Ok(Exit::Done)
}

fn schema() -> Value {
    let scan = scan();
    let options: Map<String, Value> = scan
        .get_arguments()
        .map(|arg| (arg, shape(arg)))
        .filter(|(_, shape)| !matches!(shape.takes, Takes::Never(_)))
        .map(|(arg, shape)| (shape.name.clone(), option(arg, &shape)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of lakegate (lakegate.yaml)",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "scan": {
                "description": "Options of `lakegate scan`, by their long names. Paths start at the folder of this file.",
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": options,
            },
            "rules": {
                "description": "Event rules of `lakegate run`.",
                "type": "array",
                "items": { "$ref": "#/$defs/rule" },
            },
            "targets": {
                "description": "What is done in place of each target of a rule, by its name.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/action" },
            },
        },
        "$defs": definitions(),
    })
}

fn option(arg: &Arg, shape: &OptionShape) -> Value {
    let words: Vec<String> = arg
        .get_value_parser()
        .possible_values()
        .into_iter()
        .flatten()
        .filter(|_| shape.takes != Takes::Switch)
        .map(|value| value.get_name().to_owned())
        .collect();
    let one = if words.is_empty() { json!({ "$ref": "#/$defs/text" }) } else { json!({ "enum": words }) };
    let list = json!({ "type": "array", "items": one, "minItems": 1 });
    let rules = match shape.takes {
        Takes::Switch => json!({ "type": "boolean" }),
        Takes::Number => json!({ "type": "integer", "minimum": 0 }),
        Takes::List => json!({ "anyOf": [one, list] }),
        Takes::Pairs => {
            json!({ "anyOf": [one, list, { "type": "object", "additionalProperties": one, "minProperties": 1 }] })
        }
        Takes::Text | Takes::Never(_) => one,
    };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut option = Map::new();
    option.insert("description".into(), json!(help.split_whitespace().collect::<Vec<_>>().join(" ")));
    if let ([default], false) = (arg.get_default_values(), shape.takes == Takes::Switch) {
        let default = default.to_string_lossy();
        if !default.is_empty() {
            option.insert("default".into(), json!(default));
        }
    }
    if let Value::Object(rules) = rules {
        option.extend(rules);
    }
    Value::Object(option)
}

/// What options, rules and actions are made of.
fn definitions() -> Value {
    let program = json!({
        "command": { "type": ["string", "array"], "items": { "type": "string" } },
        "timeoutSeconds": { "type": "integer", "minimum": 1, "maximum": 86400 },
        "output": { "description": "The file to whose end the program's output goes.", "type": "string" },
    });
    let mut message = program.clone();
    if let Some(members) = message.as_object_mut() {
        members
            .insert("file".into(), json!({ "description": "The file that messages are added to.", "type": "string" }));
    }
    json!({
        "text": { "type": ["string", "number"] },
        "rule": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "eventPattern"],
            "properties": {
                "name": { "type": "string" },
                "description": { "type": ["string", "null"] },
                "arn": { "type": ["string", "null"] },
                "state": { "enum": ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", null] },
                "eventPattern": {
                    "description": "Which events the rule wants, as EventBridge has it.",
                    "type": ["object", "string"],
                },
                "targets": { "type": ["array", "null"], "items": { "$ref": "#/$defs/target" } },
            },
        },
        "target": {
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["arn"],
                    "properties": {
                        "arn": { "type": "string" },
                        "id": {},
                        "input": { "type": ["string", "null"] },
                        "inputPath": { "type": ["string", "null"] },
                        "inputTransformer": {
                            "type": ["object", "null"],
                            "additionalProperties": false,
                            "required": ["inputTemplate"],
                            "properties": {
                                "inputPathsMap": { "type": ["object", "null"], "additionalProperties": { "type": "string" } },
                                "inputTemplate": { "type": "string" },
                            },
                        },
                    },
                },
            ],
        },
        "action": {
            "anyOf": [
                { "type": "string", "pattern": "^(isolate(:.+)?|notify(:.+)?|exec:.*\\S.*|ignore)$" },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "minProperties": 1,
                    "maxProperties": 1,
                    "properties": {
                        "isolate": {
                            "type": "object",
                            "additionalProperties": false,
                            "required": ["to"],
                            "properties": { "to": { "type": "string" } },
                        },
                        "notify": {
                            "type": "object",
                            "additionalProperties": false,
                            "oneOf": [{ "required": ["file"] }, { "required": ["command"] }],
                            "properties": message,
                        },
                        "exec": {
                            "anyOf": [
                                { "type": "string" },
                                {
                                    "type": "object",
                                    "additionalProperties": false,
                                    "required": ["command"],
                                    "properties": program,
                                },
                            ],
                        },
                        "ignore": {},
                    },
                },
            ],
        },
    })
}
