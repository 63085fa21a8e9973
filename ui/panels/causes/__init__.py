"""The leading causes of errors as a table, and the records behind one of them."""
