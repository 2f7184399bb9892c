//! Parquet and Arrow files, written with the libraries of the Arrow project.

use super::found::places;
use super::tree::{Datum, Kind, planted, records};
use arrow_array::{ArrayRef, Int64Array, ListArray, MapArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use proptest::prelude::*;
use std::sync::Arc;

fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Number => DataType::Int64,
        Kind::List(item) => DataType::List(Arc::new(Field::new("item", data_type(item), true))),
        Kind::Map(value) => {
            DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entries(value)), false)), false)
        }
        Kind::Object(fields) => DataType::Struct(fields_of(fields)),
    }
}

fn fields_of(kinds: &[Kind]) -> Fields {
    kinds.iter().enumerate().map(|(index, kind)| Field::new(format!("f{index}"), data_type(kind), true)).collect()
}

fn entries(value: &Kind) -> Fields {
    Fields::from(vec![Field::new("key", DataType::Utf8, false), Field::new("value", data_type(value), true)])
}

fn nulls(data: &[&Datum]) -> NullBuffer {
    data.iter().map(|datum| !matches!(datum, Datum::Null)).collect()
}

fn array(kind: &Kind, data: &[&Datum]) -> ArrayRef {
    match kind {
        Kind::Text => {
            let texts = data.iter().map(|datum| if let Datum::Text(text) = datum { Some(text.as_str()) } else { None });
            Arc::new(texts.collect::<StringArray>())
        }
        Kind::Number => {
            let numbers = data.iter().map(|datum| if let Datum::Number(number) = datum { Some(*number) } else { None });
            Arc::new(numbers.collect::<Int64Array>())
        }
        Kind::List(item) => {
            let lists: Vec<&[Datum]> =
                data.iter().map(|datum| if let Datum::List(items) = datum { &items[..] } else { &[] }).collect();
            let items: Vec<&Datum> = lists.iter().flat_map(|items| items.iter()).collect();
            let offsets = OffsetBuffer::from_lengths(lists.iter().map(|items| items.len()));
            let field = Arc::new(Field::new("item", data_type(item), true));
            Arc::new(ListArray::new(field, offsets, array(item, &items), Some(nulls(data))))
        }
        Kind::Map(value) => {
            let maps: Vec<&[(String, Datum)]> =
                data.iter().map(|datum| if let Datum::Map(entries) = datum { &entries[..] } else { &[] }).collect();
            let keys =
                StringArray::from_iter_values(maps.iter().flat_map(|entries| entries.iter().map(|(key, _)| key)));
            let values: Vec<&Datum> = maps.iter().flat_map(|entries| entries.iter().map(|(_, value)| value)).collect();
            let offsets = OffsetBuffer::from_lengths(maps.iter().map(|entries| entries.len()));
            let pairs = StructArray::new(entries(value), vec![Arc::new(keys), array(value, &values)], None);
            let field = Arc::new(Field::new("entries", DataType::Struct(entries(value)), false));
            Arc::new(MapArray::new(field, offsets, pairs, Some(nulls(data)), false))
        }
        Kind::Object(kinds) => {
            let columns = kinds.iter().enumerate().map(|(index, kind)| {
                let column: Vec<&Datum> = data
                    .iter()
                    .map(|datum| if let Datum::Object(fields) = datum { &fields[index] } else { &Datum::Null })
                    .collect();
                array(kind, &column)
            });
            Arc::new(StructArray::new(fields_of(kinds), columns.collect(), Some(nulls(data))))
        }
    }
}

/// The records as a batch.
pub fn batch(kinds: &[Kind], records: &[Vec<Datum>]) -> RecordBatch {
    let columns = kinds.iter().enumerate().map(|(index, kind)| {
        let column: Vec<&Datum> = records.iter().map(|record| &record[index]).collect();
        array(kind, &column)
    });
    RecordBatch::try_new(Arc::new(Schema::new(fields_of(kinds))), columns.collect()).unwrap()
}

/// A Parquet file.
pub fn parquet(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

/// An Arrow file, or a stream.
pub fn arrow(batches: &[RecordBatch], compression: Option<CompressionType>, file: bool) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let schema = batches[0].schema();
    if file {
        let mut writer = FileWriter::try_new_with_options(Vec::new(), &schema, options).unwrap();
        for batch in batches {
            writer.write(batch).unwrap();
        }
        writer.into_inner().unwrap()
    } else {
        let mut writer = StreamWriter::try_new_with_options(Vec::new(), &schema, options).unwrap();
        for batch in batches {
            writer.write(batch).unwrap();
        }
        writer.into_inner().unwrap()
    }
}

fn compression() -> impl Strategy<Value = Compression> {
    prop::sample::select(vec![
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_planted_in_parquet_is_found_in_its_record_under_its_path(
        (kinds, records) in records(true),
        compression in compression(),
        second_version: bool,
        dictionary: bool,
        rows in 1_usize..20,
    ) {
        let version = if second_version { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_writer_version(version)
            .set_dictionary_enabled(dictionary)
            .set_max_row_group_row_count(Some(rows))
            .set_data_page_row_count_limit(5)
            .set_write_batch_size(3)
            .build();
        let file = parquet(&batch(&kinds, &records), properties);
        prop_assert_eq!(places("a.parquet", &file), planted(&records));
    }

    #[test]
    fn what_is_planted_in_arrow_is_found_in_its_record_under_its_path(
        (kinds, records) in records(true),
        compression in prop::sample::select(vec![None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)]),
        file: bool,
        cut in 0_usize..30,
    ) {
        let batch = batch(&kinds, &records);
        let cut = cut.min(batch.num_rows());
        let batches = [batch.slice(0, cut), batch.slice(cut, batch.num_rows() - cut)];
        let name = if file { "a.arrow" } else { "a.arrows" };
        prop_assert_eq!(places(name, &arrow(&batches, compression, file)), planted(&records));
    }
}
