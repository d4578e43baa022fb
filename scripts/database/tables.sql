-- The tables that a build adds to those of the contract; what fills each is named beside it.

-- Which package this is, of which version and day, under which licence: load.py.
CREATE TABLE package (
  name TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, version TEXT NOT NULL, created TEXT NOT NULL,
  licence TEXT NOT NULL, licence_url TEXT NOT NULL, description TEXT NOT NULL, as_of TEXT NOT NULL,
  citation TEXT NOT NULL
) STRICT;

-- What earlier releases said; positions count them from 1: history.py.
CREATE TABLE releases (
  version TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL UNIQUE, released_on TEXT
) STRICT;

CREATE TABLE past_values (
  table_name TEXT NOT NULL, row_id TEXT NOT NULL, column_name TEXT NOT NULL, value TEXT,
  first_position INTEGER NOT NULL, last_position INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_id, column_name, first_position)
) STRICT;

CREATE TABLE later_rows (
  table_name TEXT NOT NULL, row_id TEXT NOT NULL, first_position INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_id)
) STRICT;

CREATE TABLE later_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, first_position INTEGER NOT NULL,
  PRIMARY KEY (table_name, column_name)
) STRICT;

-- Every tie whose two points are known, on the globe and on the map: geometry.py.
CREATE TABLE distances (
  pair_id TEXT NOT NULL PRIMARY KEY REFERENCES pairs (pair_id), distance_km INTEGER NOT NULL
) STRICT;

CREATE TABLE arcs (
  pair_id TEXT NOT NULL PRIMARY KEY REFERENCES pairs (pair_id), way TEXT NOT NULL, ends TEXT NOT NULL,
  "left" INTEGER NOT NULL, top INTEGER NOT NULL, "right" INTEGER NOT NULL, bottom INTEGER NOT NULL
) STRICT;

-- What find_a_tie searches: search.py.
CREATE TABLE search_foldings (
  written TEXT NOT NULL PRIMARY KEY, folded TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE search_words (
  word TEXT NOT NULL, place_id TEXT NOT NULL, own INTEGER NOT NULL, PRIMARY KEY (word, place_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_trigrams (
  trigram TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (trigram, word)
) STRICT, WITHOUT ROWID;
