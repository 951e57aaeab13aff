-- A press's cover wrap is a file as the formats of a book are.
ALTER TABLE export_jobs DROP CONSTRAINT export_jobs_format_check;
ALTER TABLE export_jobs ADD CONSTRAINT export_jobs_format_check CHECK (format IN ('pdf', 'docx', 'epub', 'html', 'md', 'txt', 'cover'));
