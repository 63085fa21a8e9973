"""One application: verdict, what changed, status, errors, transactions, batch runs, causes."""
