import { adapterContract } from "@af-tenancy/testing";
// @ts-expect-error: it has no types of its own that fit
import old from "express4";
import { expressHarness } from "./serve-express.ts";

// S110: the older version that is still supported.
adapterContract("S110: Express 4", expressHarness(old));
