//! The JSON Schema of managed identifier files, read off the Rust types that the files are parsed into.

use serde_json::{Map, Value, json};
use std::path::Path;
use std::{fs, io};
use syn::{Attribute, Expr, ExprLit, Fields, GenericArgument, Item, ItemEnum, ItemStruct, Lit, PathArguments, Type};

/// Files whose types make up an identifier file.
const SOURCES: [&str; 3] = ["src/identifiers/schema.rs", "src/model/category.rs", "src/model/severity.rs"];

/// The type of a whole file.
const FILE: &str = "TypeFile";

/// The schema as pretty JSON.
pub fn write(root: &Path) -> io::Result<String> {
    let mut definitions = Map::new();
    for source in SOURCES {
        let text = fs::read_to_string(root.join(source))?;
        let file = syn::parse_file(&text).map_err(io::Error::other)?;
        for item in file.items {
            match item {
                Item::Struct(item) => definitions.insert(item.ident.to_string(), object(&item)),
                Item::Enum(item) if derives_deserialize(&item.attrs) => {
                    definitions.insert(item.ident.to_string(), words(&item))
                }
                _ => None,
            };
        }
    }
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("Managed data identifiers of lakegate"));
    if let Some(Value::Object(file)) = definitions.shift_remove(FILE) {
        schema.extend(file);
    }
    schema.insert("$defs".into(), Value::Object(definitions));
    Ok(serde_json::to_string_pretty(&Value::Object(schema)).map_err(io::Error::other)? + "\n")
}

fn derives_deserialize(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("Deserialize");
            Ok(())
        });
        found
    })
}

fn object(item: &ItemStruct) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    if let Fields::Named(fields) = &item.fields {
        for field in &fields.named {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let mut schema = of_type(&field.ty);
            schema.insert("description".into(), json!(documentation(&field.attrs)));
            if !has_default(&field.attrs) && !is_option(&field.ty) {
                required.push(name.clone());
            }
            properties.insert(name, Value::Object(schema));
        }
    }
    let mut schema = Map::new();
    schema.insert("description".into(), json!(documentation(&item.attrs)));
    schema.insert("type".into(), json!("object"));
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema.insert("properties".into(), Value::Object(properties));
    schema.extend(beyond_types(&item.ident.to_string()));
    Value::Object(schema)
}

/// Rules that the Rust types cannot say and that compiling an identifier checks.
fn beyond_types(name: &str) -> Map<String, Value> {
    let rules = match name {
        "Managed" => json!({"oneOf": [{"required": ["patterns"]}, {"required": ["detector"]}]}),
        "Pattern" => json!({"oneOf": [{"required": ["regex"]}, {"required": ["iban"]}]}),
        "Check" => json!({"minProperties": 1, "maxProperties": 1}),
        _ => json!({}),
    };
    match rules {
        Value::Object(rules) => rules,
        _ => Map::new(),
    }
}

fn words(item: &ItemEnum) -> Value {
    let style = serde_options(&item.attrs).into_iter().find(|(option, _)| option == "rename_all").map(|(_, text)| text);
    let style = style.unwrap_or_default();
    let variants = item.variants.iter().filter(|variant| variant.ident != "CustomIdentifier");
    let variants: Vec<Value> = variants
        .map(|variant| json!({"const": renamed(&variant.ident.to_string(), &style), "description": documentation(&variant.attrs)}))
        .collect();
    json!({"description": documentation(&item.attrs), "oneOf": variants})
}

/// The name of a variant in files: `Mod11_10` is `mod11_10`.
fn renamed(variant: &str, style: &str) -> String {
    let mut snake = String::new();
    for (index, character) in variant.char_indices() {
        if index > 0 && character.is_uppercase() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    match style {
        "snake_case" => snake,
        "SCREAMING_SNAKE_CASE" => snake.to_uppercase(),
        _ => variant.to_string(),
    }
}

fn of_type(ty: &Type) -> Map<String, Value> {
    let schema = match ty {
        Type::Array(array) => {
            let length = match &array.len {
                Expr::Lit(ExprLit { lit: Lit::Int(length), .. }) => length.base10_parse::<u64>().ok(),
                _ => None,
            };
            json!({"type": "array", "items": of_type(&array.elem), "minItems": length, "maxItems": length})
        }
        Type::Path(path) => {
            let last = path.path.segments.last();
            let name = last.map(|segment| segment.ident.to_string()).unwrap_or_default();
            match (name.as_str(), inner(ty)) {
                ("Vec", Some(element)) => json!({"type": "array", "items": of_type(element)}),
                ("Option", Some(element)) => return of_type(element),
                ("String", _) => json!({"type": "string"}),
                ("bool", _) => json!({"type": "boolean"}),
                ("u8", _) => json!({"type": "integer", "minimum": 0, "maximum": 255}),
                ("u32" | "usize", _) => json!({"type": "integer", "minimum": 0}),
                _ => json!({"$ref": format!("#/$defs/{name}")}),
            }
        }
        _ => json!({}),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}

/// The `T` of `Vec<T>` and `Option<T>`.
fn inner(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

fn has_default(attributes: &[Attribute]) -> bool {
    serde_options(attributes).iter().any(|(option, _)| option == "default")
}

/// Options of the attribute `serde` with their texts, which are empty where an option has none.
fn serde_options(attributes: &[Attribute]) -> Vec<(String, String)> {
    let mut options = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let text = match meta.value() {
                Ok(value) => match value.parse::<Lit>()? {
                    Lit::Str(text) => text.value(),
                    _ => String::new(),
                },
                Err(_) => String::new(),
            };
            if let Some(name) = meta.path.get_ident() {
                options.push((name.to_string(), text));
            }
            Ok(())
        });
    }
    options
}

/// The doc comment, its lines joined; paragraphs stay apart.
fn documentation(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let syn::Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        let line = line.value();
        let line = line.trim();
        if line.is_empty() {
            text.push_str("\n\n");
        } else {
            if !(text.is_empty() || text.ends_with('\n')) {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    text
}
