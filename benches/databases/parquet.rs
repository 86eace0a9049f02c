//! The writer of the parquet crate alone: the same columns, in memory already, with the same settings.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ::parquet::basic::{Compression, Encoding, ZstdLevel};
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::properties::WriterProperties;
use arrow_array::RecordBatch;

use super::{Corpus, Kind, sink_alone};

/// How many rows the sink gives the writer at once, and how large its row groups are.
const ROWS: usize = 1 << 14;
const GROUP_ROWS: usize = 1 << 18;
const GROUP_BYTES: usize = 16 << 20;

/// A file's name, how it is written, and what.
type Table = (PathBuf, WriterProperties, Vec<RecordBatch>);

/// The columns, made before anything is measured.
static TABLES: OnceLock<Vec<Table>> = OnceLock::new();

pub fn kind(folder: &Path, corpus: &Corpus) -> io::Result<Kind> {
    let destination = folder.join("x.parquet").to_string_lossy().into_owned();
    clear(&destination)?;
    let (mut batches, making) = corpus.ready();
    sink_alone(&destination, &mut batches, making)?;
    let tables = tables(Path::new(&destination))?;
    TABLES.get_or_init(|| tables);
    Ok(Kind {
        name: "Parquet",
        destination,
        clear,
        size: |path| fs::read_dir(path)?.map(|entry| entry?.metadata().map(|metadata| metadata.len())).sum(),
        bare: &[("the parquet crate, from columns", |path, _| {
            load(Path::new(path)).map_err(|error| error.to_string())
        })],
    })
}

fn clear(path: &str) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What is in a folder that the sink has made.
fn tables(made: &Path) -> io::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for entry in fs::read_dir(made)? {
        let path = entry?.path();
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path)?)?;
        let properties = properties(builder.metadata());
        let reader: ParquetRecordBatchReader = builder.with_batch_size(ROWS).build()?;
        let batches = reader.map(|batch| batch.map_err(io::Error::other)).collect::<io::Result<_>>()?;
        tables.push((path.file_name().unwrap_or_default().into(), properties, batches));
    }
    Ok(tables)
}

/// The settings that a file was written with.
fn properties(made: &ParquetMetaData) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_max_row_group_bytes(Some(GROUP_BYTES));
    for column in made.row_groups().first().into_iter().flat_map(|group| group.columns()) {
        let path = column.column_path().clone();
        let has = |encoding| column.encodings().any(|other| other == encoding);
        if has(Encoding::DELTA_BINARY_PACKED) {
            properties = properties.set_column_encoding(path.clone(), Encoding::DELTA_BINARY_PACKED);
        }
        if !has(Encoding::RLE_DICTIONARY) {
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}

/// Writes all of it onto the disk.
fn load(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)?;
    for (name, properties, batches) in TABLES.get().into_iter().flatten() {
        let Some(first) = batches.first() else { continue };
        let file = File::create(folder.join(name))?;
        let mut writer = ArrowWriter::try_new(file, first.schema(), Some(properties.clone()))?;
        for batch in batches {
            writer.write(batch)?;
        }
        writer.into_inner()?.sync_all()?;
    }
    Ok(())
}
