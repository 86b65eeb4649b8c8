import type { Response } from "express";

/** Calls back once when a response is closed, at once when it is already; `aborted` when it was cut short. */
export function onClosed(response: Response, listener: (aborted: boolean) => void): void {
  const tell = () => listener(!response.writableFinished);
  if (response.closed) tell();
  // Node emits it once (`_http_server.js`, guarded by `_closed`), and `once` would cost as much as entering the tenant.
  else response.on("close", tell);
}
