//! The record of a run on disk: schema, provenance, crash-safe writer, reader.
