import type { LeaseScope } from "./lease-scope.ts";

/** What may be said of who wants a connection. */
export type LeaseRequest = Partial<Pick<LeaseScope, "lane" | "signal">>;
