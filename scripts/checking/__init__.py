"""The validator: descriptor, files, cells, columns, keys and rules of a package."""
