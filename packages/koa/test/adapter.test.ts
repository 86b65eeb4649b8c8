import { adapterContract } from "@af-tenancy/testing";
import Koa from "koa";
import { koaHarness } from "./serve-koa.ts";

adapterContract("Koa 3", koaHarness(Koa));
