//! The schema of an Avro file, as far as it takes to read its records (Apache Avro 1.12 specification).

use crate::readers::record_path::Known;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Number of a type in its schema.
pub(super) type TypeId = usize;

/// What a value is and how it is stored.
#[derive(Debug, PartialEq)]
pub(super) enum Type {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    /// Days since 1970-01-01, in an int.
    Date,
    /// A time of day, in an int or long: holds nothing to be searched.
    TimeOfDay,
    /// Time since 1970-01-01T00:00, in a long, and its units in a second.
    Moment(i64),
    /// An unscaled number of bytes, and its scale.
    Decimal(i32),
    Fixed(usize),
    FixedDecimal(usize, i32),
    Enum(Vec<String>),
    Array(TypeId),
    Map(TypeId),
    Union(Vec<TypeId>),
    Record(Vec<RecordField>),
}

/// A field of a record: its name, its type and its number among all fields of the schema.
#[derive(Debug, PartialEq)]
pub(super) struct RecordField {
    pub(super) name: String,
    pub(super) kind: TypeId,
    pub(super) number: usize,
}

/// All types of a schema.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) types: Vec<Type>,
    pub(super) root: TypeId,
    /// Where the sink knows the fields, by their numbers.
    pub(super) fields: Vec<Known>,
}

/// Types inside each other that are read.
const DEEPEST: usize = 200;
/// Types in a schema.
const MOST: usize = 100_000;

impl Schema {
    /// Reads a schema. An error says what is wrong with it.
    pub(super) fn parse(json: &[u8]) -> Result<Self, &'static str> {
        let value: Value = serde_json::from_slice(json).map_err(|_| "its schema is not JSON")?;
        let mut parser = Parser { types: Vec::new(), named: HashMap::new(), fields: 0 };
        let root = parser.parse(&value, "", 0)?;
        Ok(Self { types: parser.types, root, fields: vec![Known::default(); parser.fields] })
    }
}

struct Parser {
    types: Vec<Type>,
    named: HashMap<String, TypeId>,
    fields: usize,
}

impl Parser {
    fn add(&mut self, kind: Type) -> Result<TypeId, &'static str> {
        if self.types.len() == MOST {
            return Err("its schema has more types than any schema should have");
        }
        self.types.push(kind);
        Ok(self.types.len() - 1)
    }

    fn parse(&mut self, value: &Value, space: &str, depth: usize) -> Result<TypeId, &'static str> {
        if depth > DEEPEST {
            return Err("its schema is nested too deep");
        }
        match value {
            Value::String(name) => self.name(name, space),
            Value::Array(branches) => {
                let branches =
                    branches.iter().map(|branch| self.parse(branch, space, depth + 1)).collect::<Result<_, _>>()?;
                self.add(Type::Union(branches))
            }
            Value::Object(object) => self.object(object, space, depth),
            _ => Err("its schema is not one of Avro"),
        }
    }

    fn name(&mut self, name: &str, space: &str) -> Result<TypeId, &'static str> {
        let primitive = match name {
            "null" => Type::Null,
            "boolean" => Type::Boolean,
            "int" => Type::Int,
            "long" => Type::Long,
            "float" => Type::Float,
            "double" => Type::Double,
            "bytes" => Type::Bytes,
            "string" => Type::String,
            _ => {
                let known = self.named.get(&full_name(name, space)).or_else(|| self.named.get(name));
                return known.copied().ok_or("its schema names a type that it does not define");
            }
        };
        self.add(primitive)
    }

    fn object(&mut self, object: &Map<String, Value>, space: &str, depth: usize) -> Result<TypeId, &'static str> {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let Some(kind) = text("type") else {
            // A type may stand in a type, and a union too.
            return self.parse(object.get("type").ok_or("its schema has a type without a kind")?, space, depth + 1);
        };
        let logical = text("logicalType").unwrap_or_default();
        let scale =
            || object.get("scale").and_then(Value::as_i64).and_then(|scale| i32::try_from(scale).ok()).unwrap_or(0);
        match kind {
            "record" | "error" => {
                // Fields may be of the record's own type: it has to be known before they are.
                let (id, space) = self.define(object, space)?;
                let fields =
                    object.get("fields").and_then(Value::as_array).ok_or("a record of its schema has no fields")?;
                let mut read = Vec::with_capacity(fields.len());
                for field in fields {
                    let name = field.get("name").and_then(Value::as_str).ok_or("a field of its schema has no name")?;
                    let kind = field.get("type").ok_or("a field of its schema has no type")?;
                    let kind = match kind {
                        // The annotation of a plain type may stand beside it.
                        Value::String(_) => self.object(field.as_object().ok_or("")?, &space, depth + 1)?,
                        other => self.parse(other, &space, depth + 1)?,
                    };
                    read.push(RecordField { name: name.to_owned(), kind, number: self.fields });
                    self.fields += 1;
                }
                self.types[id] = Type::Record(read);
                Ok(id)
            }
            "enum" => {
                let symbols = object.get("symbols").and_then(Value::as_array);
                let symbols = symbols.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
                let (id, _) = self.define(object, space)?;
                self.types[id] = Type::Enum(symbols);
                Ok(id)
            }
            "fixed" => {
                let size = object.get("size").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
                let size = size.ok_or("a fixed type of its schema has no size")?;
                let (id, _) = self.define(object, space)?;
                self.types[id] =
                    if logical == "decimal" { Type::FixedDecimal(size, scale()) } else { Type::Fixed(size) };
                Ok(id)
            }
            "array" => {
                let items =
                    self.parse(object.get("items").ok_or("an array of its schema has no items")?, space, depth + 1)?;
                self.add(Type::Array(items))
            }
            "map" => {
                let values =
                    self.parse(object.get("values").ok_or("a map of its schema has no values")?, space, depth + 1)?;
                self.add(Type::Map(values))
            }
            _ => {
                let annotated = match (kind, logical) {
                    ("int", "date") => Type::Date,
                    ("int" | "long", "time-millis" | "time-micros") => Type::TimeOfDay,
                    ("long", "timestamp-millis" | "local-timestamp-millis") => Type::Moment(1_000),
                    ("long", "timestamp-micros" | "local-timestamp-micros") => Type::Moment(1_000_000),
                    ("long", "timestamp-nanos" | "local-timestamp-nanos") => Type::Moment(1_000_000_000),
                    ("bytes", "decimal") => Type::Decimal(scale()),
                    _ => return self.name(kind, space),
                };
                self.add(annotated)
            }
        }
    }

    /// Makes a named type known. Returns its number and the namespace of the names in it.
    fn define(&mut self, object: &Map<String, Value>, space: &str) -> Result<(TypeId, String), &'static str> {
        let name = object.get("name").and_then(Value::as_str).ok_or("a type of its schema has no name")?;
        let space = object.get("namespace").and_then(Value::as_str).unwrap_or(space);
        let full = full_name(name, space);
        let space = full.rsplit_once('.').map_or("", |(space, _)| space).to_owned();
        let id = self.add(Type::Null)?;
        self.named.insert(full, id);
        Ok((id, space))
    }
}

fn full_name(name: &str, space: &str) -> String {
    if space.is_empty() || name.contains('.') { name.to_owned() } else { format!("{space}.{name}") }
}
