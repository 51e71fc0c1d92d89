"""Door 2: pages. Here are those by which people come in; the others follow."""
