import { adapterContract } from "@af-tenancy/testing";
import express from "express";
import { expressHarness } from "./serve-express.ts";

adapterContract("Express 5", expressHarness(express));
