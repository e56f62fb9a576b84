-- +goose Up
-- Who asked in direct messages became a figure of its own; saved mappings call it by its new name.
UPDATE reflow_mapping SET columns = REPLACE(columns, '"message_asked"', '"inquiries"');
