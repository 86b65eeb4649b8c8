import type { Name } from "./core.ts";
import type { ScopeModel } from "./model.ts";

/** Follows one stay in one tenant, from its first bootstrapper to its last undo, and says what goes wrong in it. */
export class Stay {
  readonly name: Name;
  readonly scope: ScopeModel;
  /** The leases given and not given back. */
  readonly leases = new Set<object>();
  readonly #violate: (what: string) => void;
  readonly #undos: number[] = [];
  #boots = 0;
  #created = 0;
  #disposed = 0;
  #failed = false;
  #ending = false;
  #over = false;

  constructor(name: Name, scope: ScopeModel, violate: (what: string) => void) {
    this.name = name;
    this.scope = scope;
    this.#violate = (what) => violate(`the stay in ${name}: ${what}`);
  }

  /** The last thing was taken back. */
  get over(): boolean {
    return this.#over;
  }

  boots(index: number): void {
    if (index !== this.#boots) {
      this.#violate(`bootstrapper ${index} ran where ${this.#boots} was due`);
    }
    if (this.#ending) this.#violate(`bootstrapper ${index} ran after an undo`);
    this.#boots = index + 1;
  }

  /** A bootstrapper failed, so that it is taken back before it has begun. */
  fails(): void {
    this.#failed = true;
  }

  owesUndo(index: number): void {
    this.#undos.push(index);
  }

  undoes(index: number): void {
    const due = this.#undos.pop();
    if (due !== index) this.#violate(`undo ${index} ran where ${due ?? "none"} was due`);
    if (this.#created !== this.#disposed) {
      this.#violate(`undo ${index} ran before its values were disposed of`);
    }
    this.#takesBack(`undo ${index}`);
  }

  creates(): void {
    if (this.#ending) this.#violate("a value was created while it ended");
    if (++this.#created > 1) this.#violate("a value was created twice");
  }

  disposes(): void {
    if (++this.#disposed > this.#created) this.#violate("a value was disposed of twice");
    this.#takesBack("a disposal");
  }

  lends(lease: object): void {
    if (this.#ending) this.#violate("a lease was given while it ended");
    this.leases.add(lease);
  }

  /** The scope takes a lease away. */
  destroys(lease: object): void {
    if (!this.scope.cutOff && !this.#failed) {
      this.#violate("a lease was destroyed though nobody cut the scope off");
    }
    this.leases.delete(lease);
  }

  ends(): void {
    this.#over = true;
    if (this.scope.entered !== this) this.#violate("ended while another one was entered");
    this.scope.entered = undefined;
  }

  /** Says what is left of it when everything is done. */
  audit(): void {
    if (!this.#over) this.#violate("never undone");
    if (this.#undos.length > 0) this.#violate(`${this.#undos.length} undo(s) never ran`);
    if (this.#created !== this.#disposed) this.#violate("a value was never disposed of");
    if (this.leases.size > 0) this.#violate(`${this.leases.size} lease(s) left`);
  }

  #takesBack(what: string): void {
    this.#ending = true;
    if (this.leases.size > 0) this.#violate(`${what} ran under ${this.leases.size} lease(s)`);
  }
}
