import { adapterContract } from "@af-tenancy/testing";
import type fastifyCors from "@fastify/cors";
import oldCors from "@fastify/cors9";
import type Fastify from "fastify";
import old from "fastify4";
import { fastifyHarness } from "./serve-fastify.ts";

// S110: the older version that is still supported.
adapterContract(
  "S110: Fastify 4",
  fastifyHarness(old as unknown as typeof Fastify, oldCors as unknown as typeof fastifyCors),
);
