"""The shapes of files: Word, PDF, workbooks, sheets and what stands in their cells."""
