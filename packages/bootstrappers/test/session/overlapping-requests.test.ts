import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";
import { applications, type Serve } from "./serve-applications.ts";
import { acmeHost, start } from "./start-sessions.ts";

describe.each(Object.entries(applications))(
  "sessions of %s in requests that overlap",
  (_name, serve) => {
    it.each([false, true])(
      "keep what one request wrote while another one only looked (rolling: %s)",
      async (rolling) => {
        const { slow, get, goOn } = await lookSlowly(serve, rolling);
        const visit = await get("/visit");
        goOn();

        expect([(await slow).body, visit.body]).toEqual([{ count: 1 }, { count: 2 }]);
        expect((await get("/look")).body).toEqual({ count: 2 });
      },
    );

    it.each([false, true])(
      "stay ended while a request that began before only looked (rolling: %s)",
      async (rolling) => {
        const { slow, get, goOn } = await lookSlowly(serve, rolling);
        await get("/logout");
        goOn();

        expect((await slow).body).toEqual({ count: 1 });
        expect((await get("/look")).body).toEqual({ count: null });
      },
    );

    it("are renewed by each request where they roll, and by those alone that change them where not", async () => {
      const lived = [];
      for (const rolling of [true, false]) {
        const keyv = new Keyv();
        const { browser } = await start(serve, { keyv, rolling, maxAge: 60_000 });
        await browser.get(acmeHost, "/visit");
        const times: number[] = [];
        const set = keyv.set.bind(keyv);
        keyv.set = (key: string, value: unknown, time?: number) => {
          times.push(Number(time));
          return set(key, value, time);
        };
        const look = await browser.get(acmeHost, "/look");
        lived.push({ rolling, times, isSent: look.setCookie !== undefined });
      }

      expect(lived).toEqual([
        { rolling: true, times: [60_000], isSent: true },
        { rolling: false, times: [], isSent: false },
      ]);
    });
  },
);

/** Begins a session and a slow request in it, which has looked and waits; `get` asks in the same session meanwhile. */
async function lookSlowly(serve: Serve, rolling: boolean) {
  const [looked, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const hold = async () => {
    looked.resolve();
    await over.promise;
  };
  const { browser } = await start(serve, { rolling }, () => ({ hold }));
  await browser.get(acmeHost, "/visit");
  const cookie = browser.cookies.get(acmeHost) ?? "";
  const slow = browser.get(acmeHost, "/slow");
  await looked.promise;
  return {
    slow,
    get: (path: string) => browser.get(acmeHost, path, { cookie }),
    goOn: over.resolve,
  };
}
