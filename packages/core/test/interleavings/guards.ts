/** A guard of the source, and what the source becomes without it. */
export interface Guard {
  readonly name: string;
  /** Relative to the source folder. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly text: string;
  readonly without: string;
}

/** The guards on which isolation rests: take any one of them away and interleavings break a rule. */
export const guards: readonly Guard[] = [
  {
    name: "run restores the context",
    file: "scopes.ts",
    text: "return storage.run(child, this.#enterAndCall, child, fn as (tenant: T | null) => R);",
    without:
      "storage.enterWith(child); return this.#enterAndCall(child, fn as (tenant: T | null) => R);",
  },
  {
    name: "central restores the context",
    file: "scopes.ts",
    text: "return storage.run(child, this.#call, child, fn);",
    without: "storage.enterWith(child); return this.#call(child, fn);",
  },
  {
    name: "a run of the same tenant restores the context",
    file: "scopes.ts",
    text: "storage.run(shared, () => this.#bindLazy(shared, fn(context.tenant), done))",
    without: "(storage.enterWith(shared), this.#bindLazy(shared, fn(context.tenant), done))",
  },
  {
    name: "an open scope restores the context",
    file: "open-scopes.ts",
    text: "return storage.run(frame, async () => {",
    without: "storage.enterWith(frame); return ((run: () => Promise<R>) => run())(async () => {",
  },
  {
    name: "outsideTenancy leaves the context",
    file: "outside-tenancy.ts",
    text: "return storage.run(undefined, fn);",
    without: "return fn();",
  },
  {
    name: "a bound callback runs in its own context",
    file: "bind.ts",
    text: "return storage.run(frame, () => Reflect.apply(fn, this, args) as R);",
    without: "return Reflect.apply(fn, this, args) as R;",
  },
  {
    name: "an iterator runs in its own context",
    file: "bound-iterator.ts",
    text: "return storage.run(this.#frame, take, this.#iterator);",
    without: "return take(this.#iterator);",
  },
  {
    name: "scopes of another tenancy are looked past",
    file: "scopes.ts",
    text: "while (frame !== undefined && frame.owner !== this.#owner) frame = frame.parent;",
    without: "",
  },
  {
    name: "a run of the same tenant shares only a scope that is active",
    file: "scopes.ts",
    text: 'outer?.state === "active" &&',
    without: "outer !== undefined &&",
  },
  {
    name: "a run shares no scope that is changing",
    file: "scopes.ts",
    text: "frame?.changes?.changing === undefined",
    without: "(true as boolean)",
  },
  {
    name: "a generator of a run of the same tenant runs in its own context",
    file: "scopes.ts",
    text: "return this.#bindLazy(frame, fn(outer.tenant));",
    without: "return fn(outer.tenant);",
  },
  {
    name: "get fails after the end",
    file: "context.ts",
    text: 'if (this.#state !== "active" && !this.#values?.has(key)) throw this.ended();',
    without: "",
  },
  {
    name: "current fails after the end",
    file: "tenancy.ts",
    text: 'if (context.state === "ended" && context.tenantOrNull !== null) throw context.ended();',
    without: "",
  },
  {
    name: "lease fails after the end",
    file: "context.ts",
    text: 'if (this.#state !== "active") throw this.ended();\n    const lease: Lease',
    without: "const lease: Lease",
  },
  {
    name: "waitUntil fails after the end",
    file: "context.ts",
    text: 'if (this.#state !== "active") throw this.ended();\n    const tracked',
    without: "const tracked",
  },
  {
    name: "a bound callback fails after the end",
    file: "bind.ts",
    text: 'if (frame !== undefined && frame.context.state === "ended") throw frame.context.ended();',
    without: "",
  },
  {
    name: "an iterator fails after the end",
    file: "bound-iterator.ts",
    text: 'if (owner.state === "ended") throw owner.ended();',
    without: "",
  },
  {
    name: "an iterator fails inside another tenant",
    file: "bound-iterator.ts",
    text: "if (current && current.id !== ownerId) {",
    without: "if (current && current.id === ownerId && owner.tenantOrNull === null) {",
  },
  {
    name: "a sealed scope does not change",
    file: "open-scopes.ts",
    text: "const { changes } = frame;\n    if (changes === undefined) throw new ScopeSealedError(method);",
    without: "const changes = frame.changes ?? { changing: undefined, children: 0 };",
  },
  {
    name: "an ended open scope does not change",
    file: "open-scopes.ts",
    text: "if (changes.over) throw frame.context.ended();",
    without: "",
  },
  {
    name: "an open scope does not change during a change",
    file: "open-scopes.ts",
    text: 'if (changes.changing !== undefined)\n      throw new ScopeBusyError(method, "another change is under way");',
    without: "",
  },
  {
    name: "an open scope does not change under a child",
    file: "open-scopes.ts",
    text: "changes.children > 0",
    without: "changes.children < 0",
  },
  {
    name: "a run counts as a child of an open scope",
    file: "scopes.ts",
    text: "if (outer?.changes !== undefined) outer.changes.children++;",
    without: "if (outer?.changes !== undefined) outer.changes.children += 0;",
  },
  {
    name: "a run of the same tenant counts as a child of an open scope",
    file: "scopes.ts",
    text: "if (frame.changes !== undefined) frame.changes.children++;",
    without: "if (frame.changes !== undefined) frame.changes.children += 0;",
  },
  {
    name: "an open scope does not change under leases and background work",
    file: "open-scopes.ts",
    text: "!frame.context.idle",
    without: "(false as boolean)",
  },
  {
    name: "a scope waits for leases and background work",
    file: "scopes.ts",
    text: "if (!context.idle) return this.#leaveLater(context);",
    without: "",
  },
  {
    name: "leases are destroyed after the grace",
    file: "drain.ts",
    text: "context.destroyLeases()",
    without: "[]",
  },
  {
    name: "a finished child is no child of an open scope any more",
    file: "scopes.ts",
    text: "if (outer?.changes !== undefined) outer.changes.children--;",
    without: "",
  },
  {
    name: "a finished scope does not keep the tenancy open",
    file: "scopes.ts",
    text: "this.#unfinished--;",
    without: "",
  },
  {
    name: "a scope waits for what was begun while listeners were told",
    file: "lifecycle.ts",
    text: "while (!context.idle) errors.push(...((yield this.#drain(context)) as readonly unknown[]));",
    without: "",
  },
  {
    name: "an open scope looks again before it leaves its tenant",
    file: "open-scopes.ts",
    text: 'assertIdle("initialize", frame);',
    without: "",
  },
  {
    name: "an open scope that is over does not change",
    file: "open-scopes.ts",
    text: "changes.over = true;",
    without: "",
  },
  {
    name: "what background work threw is told",
    file: "scopes.ts",
    text: "[...own, ...backgroundErrors], leaving",
    without: "own, leaving",
  },
  {
    name: "what booted is undone after a failure half-way",
    file: "lifecycle.ts",
    text: "const errors = context.destroyLeases();\n    errors.push(...(yield* undoing(context.takeBack())));",
    without: "const errors = context.destroyLeases();",
  },
  {
    name: "undos run in reverse",
    file: "context.ts",
    text: "this.#undoing = { run: undo, next: this.#undoing };",
    without:
      "const step = { run: undo, next: undefined }; let last: any = this.#undoing;" +
      "while (last?.next) last = last.next; if (last) last.next = step; else this.#undoing = step;",
  },
  {
    name: "an asynchronous undo runs once",
    file: "lifecycle.ts",
    text: "undoingFrom(context, step.next, errors ?? [], undone)",
    without: "undoingFrom(context, step, errors ?? [], undone)",
  },
  {
    name: "an asynchronous bootstrapper runs once",
    file: "lifecycle.ts",
    text: "this.#acting.slice(index + 1)",
    without: "this.#acting.slice(index)",
  },
  {
    name: "an iterator ends once",
    file: "bound-iterator.ts",
    text: "if (this.#done) return;\n    this.#done = true;",
    without: "this.#done = true;",
  },
  {
    name: "a failing undo does not stop the others",
    file: "lifecycle.ts",
    text: "yield* attempt(errors, step.run);",
    without: "yield step.run();",
  },
];
