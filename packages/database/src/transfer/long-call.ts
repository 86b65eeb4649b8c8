/** What every call that goes on for long takes. */
export interface LongCall {
  /** Ends the call, which throws its reason. */
  readonly signal?: AbortSignal;
  /** Told after each page or batch; the next one waits for what it returns. */
  readonly onProgress?: (progress: DataProgress) => void | Promise<void>;
}

/** How far a call has come. */
export interface DataProgress {
  readonly rows: number;
  /** Bytes of the file; 0 where there is none. */
  readonly bytes: number;
}
