import { adapterContract } from "@af-tenancy/testing";
import cors from "@fastify/cors";
import Fastify from "fastify";
import { fastifyHarness } from "./serve-fastify.ts";

adapterContract("Fastify 5", fastifyHarness(Fastify, cors));
