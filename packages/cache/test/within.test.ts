import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { systemClock } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { within } from "../src/within.ts";

it("F144: an answer that came while the process was busy counts, though its time is over", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [registry] = (await once(server, "connection")) as [Socket];
  onTestFinished(() => {
    client.destroy();
    registry.destroy();
    server.close();
  });
  const answer = once(client, "data").then(String);

  const waiting = within(answer, 10, systemClock());
  registry.write("answer");
  const busyUntil = performance.now() + 60;
  while (performance.now() < busyUntil);

  expect(await waiting).toBe("answer");
});

it("F034: an answer that does not come is not waited for", async () => {
  await expect(within(new Promise(() => {}), 10, systemClock())).rejects.toMatchObject({
    code: "REGISTRY_UNAVAILABLE",
  });
});
