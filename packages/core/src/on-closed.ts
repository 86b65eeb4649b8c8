/** What Node gives of a response, over HTTP/1 or HTTP/2. */
export interface NodeResponse {
  readonly closed: boolean;
  readonly writableFinished: boolean;
  on(event: "close", listener: () => void): object;
}

/** Calls back once when a response of Node is closed, at once when it is already; `aborted` when it was cut short. */
export function onClosed(response: NodeResponse, listener: (aborted: boolean) => void): void {
  const tell = () => listener(!response.writableFinished);
  if (response.closed) tell();
  // Node emits it once (`_http_server.js`, guarded by `_closed`), and `once` would cost as much as entering the tenant.
  else response.on("close", tell);
}
