-- Made when the rows are in (store_index_content): a sheet of a million rows loads far faster without.
-- Each topic finds its rows by these.
CREATE INDEX figure_topic ON figure (topic_code);
CREATE INDEX project_topic ON project (topic_code);
CREATE INDEX qa_topic ON qa (topic_code);
