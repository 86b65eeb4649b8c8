import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";
import { applications } from "./serve-applications.ts";
import { acmeHost, start } from "./start-sessions.ts";

describe.each(Object.entries(applications))(
  "sessions of %s in requests that overlap",
  (_name, serve) => {
    it.each([false, true])(
      "keep what one request wrote while another one only looked (rolling: %s)",
      async (rolling) => {
        const { hold, looked, goOn } = holding();
        const { browser } = await start(serve, { rolling }, () => ({ hold }));
        await browser.get(acmeHost, "/visit");
        const cookie = browser.cookies.get(acmeHost) ?? "";

        const slow = browser.get(acmeHost, "/slow");
        await looked;
        const visit = await browser.get(acmeHost, "/visit", { cookie });
        goOn();

        expect([(await slow).body, visit.body]).toEqual([{ count: 1 }, { count: 2 }]);
        expect((await browser.get(acmeHost, "/look", { cookie })).body).toEqual({ count: 2 });
      },
    );

    it.each([false, true])(
      "stay ended while a request that began before only looked (rolling: %s)",
      async (rolling) => {
        const { hold, looked, goOn } = holding();
        const { browser } = await start(serve, { rolling }, () => ({ hold }));
        await browser.get(acmeHost, "/visit");
        const cookie = browser.cookies.get(acmeHost) ?? "";

        const slow = browser.get(acmeHost, "/slow");
        await looked;
        await browser.get(acmeHost, "/logout", { cookie });
        goOn();

        expect((await slow).body).toEqual({ count: 1 });
        expect((await browser.get(acmeHost, "/look", { cookie })).body).toEqual({ count: null });
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

/** What a slow request waits for, once it has looked. */
function holding() {
  const looked = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const hold = async () => {
    looked.resolve();
    await over.promise;
  };
  return { hold, looked: looked.promise, goOn: over.resolve };
}
