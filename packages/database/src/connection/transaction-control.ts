/**
 * Tells whether SQL text may hold a statement that begins, ends or changes a transaction, or the session around it, by
 * the grammar of the server that reads it; text that cannot be told apart may.
 */
export type ControlsTransactions = (sql: string) => boolean;
