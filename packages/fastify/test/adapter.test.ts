import { adapterContract } from "@af-tenancy/testing";
import Fastify from "fastify";
import { fastifyHarness } from "./serve-fastify.ts";

adapterContract("Fastify 5", fastifyHarness(Fastify));
