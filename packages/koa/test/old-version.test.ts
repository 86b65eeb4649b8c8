import { adapterContract } from "@af-tenancy/testing";
// @ts-expect-error: it has no types of its own that fit
import old from "koa2";
import { koaHarness } from "./serve-koa.ts";

// S110: the older version that is still supported.
adapterContract("S110: Koa 2", koaHarness(old));
