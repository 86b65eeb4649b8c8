/** What Node gives of a response, over HTTP/1 or HTTP/2. */
export interface NodeResponse {
  /** Absent over HTTP/2. */
  readonly closed?: boolean;
  readonly writableFinished: boolean;
  /** What is below a response over HTTP/2. */
  readonly stream?: { readonly closed: boolean; readonly aborted: boolean };
  on(event: "close", listener: () => void): object;
}

/** Calls back once when a response of Node is closed, at once when it is already; `aborted` when it was cut short. */
export function onClosed(response: NodeResponse, listener: (aborted: boolean) => void): void {
  // Over HTTP/2 an answer that nobody ended counts as finished when its client has left.
  const tell = () => listener(!response.writableFinished || response.stream?.aborted === true);
  if (response.closed ?? response.stream?.closed) tell();
  // Node emits it once (`_http_server.js`, guarded by `_closed`), and `once` would cost as much as entering the tenant.
  else response.on("close", tell);
}
