-- The full-text search of Datasette's pages of tables, which keeps no second copy of the text: Datasette finds
-- rows of a table by the rowids that its search table returns.

CREATE VIRTUAL TABLE pairs_fts USING fts5 (
  c0, c1, c2, c3, c4, c5, c6, content='', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO pairs_fts (rowid, c0, c1, c2, c3, c4, c5, c6)
SELECT pairs.rowid, us.name, us.admin1_name, us_name_reported, partner.name,
       partner.admin1_name, partner_name_reported, pairs.notes
FROM pairs JOIN places AS us ON us.place_id = us_place_id
JOIN places AS partner ON partner.place_id = partner_place_id ORDER BY pairs.rowid;
INSERT INTO pairs_fts (pairs_fts) VALUES ('optimize');

CREATE VIRTUAL TABLE statements_fts USING fts5 (
  c0, c1, c2, c3, c4, c5, c6, content='', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO statements_fts (rowid, c0, c1, c2, c3, c4, c5, c6)
SELECT rowid, speaker, speaker_role, speaker_organisation, venue, quote, summary, notes
FROM statements ORDER BY rowid;
INSERT INTO statements_fts (statements_fts) VALUES ('optimize');

CREATE VIRTUAL TABLE sources_fts USING fts5 (
  c0, c1, c2, c3, c4, content='', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO sources_fts (rowid, c0, c1, c2, c3, c4)
SELECT rowid, title, publisher, authors, url, notes FROM sources ORDER BY rowid;
INSERT INTO sources_fts (sources_fts) VALUES ('optimize');
