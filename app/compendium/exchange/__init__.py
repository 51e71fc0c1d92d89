"""The compendium in files: YAML, CSV and XLSX, out and in again."""
