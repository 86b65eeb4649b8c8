import type { Machine } from "../machine.ts";
import { type Place, placeIn, ScopeModel } from "../model.ts";
import type { Operation } from "../operations.ts";
import { attempt, type Callback } from "../oracles.ts";

/** Serves a request, which comes from outside every scope, and whose client may leave before it is served. */
export async function request(
  machine: Machine,
  { name: to, closing, body }: Extract<Operation, { op: "request" }>,
  place: Place,
): Promise<void> {
  const { core, tenancy, world, oracles } = machine;
  const own = new ScopeModel("sealed", to === "central" ? null : to);
  own.toBeCutOff = closing === "aborted";
  const callback: Callback = { begun: false, threw: undefined };
  let close: (aborted: boolean) => void = () => undefined;

  const handle = () =>
    tenancy.handle({
      request: { method: "GET", url: `/${to}`, rawHeaders: [], remoteAddress: undefined },
      mode: "universal",
      onClosed: (listener) => {
        close = listener;
        if (closing === "first") close(false);
        if (closing === "aborted") machine.leave("a client", abort());
      },
      next: () =>
        machine.track(callback, placeIn(own), () => {
          if (own.name !== null && own.entered === undefined) {
            world.violate(`a request to ${own.name} was not entered`);
          }
          return machine.perform(body, placeIn(own));
        }),
    });
  const abort = async (): Promise<void> => {
    await world.pause("the client");
    own.cutOff = true;
    close(true);
  };
  const failed = await attempt(() =>
    machine.call(place, own, "handle", () => core.outsideTenancy(handle)),
  );

  oracles.settled("a request", own, callback, failed);
  if (closing === "later")
    machine.leave(
      "a client",
      world.pause("the client").then(() => close(false)),
    );
}
