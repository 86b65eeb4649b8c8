import { relative } from "node:path";
import ts from "typescript";
import { repository } from "../support/repository.ts";

/**
 * Finds in what packages export each type that comes out as `any`, and each function whose result is `unknown`: callers
 * get no help from the compiler there, though nobody wrote `any`. Types of libraries are looked into only for what they
 * are given.
 */
export function untypedExports(program: ts.Program): string[] {
  const types = new ExportedTypes(program);
  for (const entry of program.getRootFileNames()) types.look(entry);
  return [...types.found];
}

/** An export or a member of one, such as `Tenancy.run()`. */
interface Place {
  readonly name: string;
  readonly node: ts.Node;
  /** It is given by the caller, who may give more than is looked at, and whose functions may give anything. */
  readonly isGiven: boolean;
}

class ExportedTypes {
  readonly found = new Set<string>();
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #seen = { given: new Set<ts.Type>(), got: new Set<ts.Type>() };

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  look(entry: string): void {
    const file = this.#program.getSourceFile(entry);
    const module = file && this.#checker.getSymbolAtLocation(file);
    const symbols = module === undefined ? [] : this.#checker.getExportsOfModule(module);
    if (symbols.length === 0) this.found.add(`${pathOf(entry)} exports nothing`);
    for (const symbol of symbols) this.#lookAtExport(symbol);
  }

  #lookAtExport(exported: ts.Symbol): void {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? this.#checker.getAliasedSymbol(exported) : exported;
    const [node] = symbol.declarations ?? [];
    if (node === undefined) return;
    const place = { name: exported.name, node, isGiven: false };
    if (symbol.flags & ts.SymbolFlags.Value) {
      this.#lookAt(this.#checker.getTypeOfSymbol(symbol), place);
    }
    if (symbol.flags & ts.SymbolFlags.Type) {
      this.#lookAt(this.#checker.getDeclaredTypeOfSymbol(symbol), place);
    }
  }

  #lookAt(type: ts.Type, place: Place): void {
    if (type.flags & ts.TypeFlags.Any) this.#complain(place, "is any");
    const seen = place.isGiven ? this.#seen.given : this.#seen.got;
    if (seen.has(type)) return;
    seen.add(type);
    for (const one of this.#argumentsOf(type)) this.#lookAt(one, place);
    if (isForeign(type) || (place.isGiven && isNamed(type))) return;
    if (type.isUnionOrIntersection()) for (const one of type.types) this.#lookAt(one, place);
    for (const { type: value } of this.#checker.getIndexInfosOfType(type)) {
      this.#lookAt(value, place);
    }
    for (const kind of [ts.SignatureKind.Call, ts.SignatureKind.Construct]) {
      for (const signature of this.#checker.getSignaturesOfType(type, kind)) {
        this.#lookAtSignature(signature, place);
      }
    }
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const [node] = property.declarations ?? [];
      if (node === undefined || isInLibrary(node) || isPrivate(node)) continue;
      const value = this.#checker.getTypeOfSymbolAtLocation(property, node);
      this.#lookAt(value, { ...place, name: `${place.name}.${property.name}`, node });
    }
  }

  #lookAtSignature(signature: ts.Signature, { name, node, isGiven }: Place): void {
    const place = { name: `${name}()`, node: signature.declaration ?? node, isGiven };
    for (const parameter of signature.parameters) {
      const type = this.#checker.getTypeOfSymbolAtLocation(parameter, place.node);
      this.#lookAt(type, { ...place, name: `${name}(${parameter.name})`, isGiven: true });
    }
    const result = signature.getReturnType();
    this.#lookAt(result, place);
    if (!isGiven && this.#isUnknown(result)) this.#complain(place, "gives unknown");
  }

  /** Also what a promise or a list gives. */
  #isUnknown(type: ts.Type): boolean {
    if (type.flags & ts.TypeFlags.Unknown) return true;
    if (type.isUnion()) return type.types.some((one) => this.#isUnknown(one));
    const [first] = this.#argumentsOf(type);
    return first !== undefined && wrappers.has(type.symbol?.name) && this.#isUnknown(first);
  }

  /** What a generic type is given; from the first on that it has by default, nobody gave any. */
  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    const { aliasSymbol, aliasTypeArguments = [] } = type;
    const [alias] = aliasSymbol?.declarations ?? [];
    const written = alias && ts.isTypeAliasDeclaration(alias) ? (alias.typeParameters ?? []) : [];
    const given = this.#given(aliasTypeArguments, (index) => {
      const node = written[index]?.default;
      return node && this.#checker.getTypeFromTypeNode(node);
    });
    if (!isReference(type)) return given;
    const parameters = type.target.typeParameters ?? [];
    const own = this.#given(this.#checker.getTypeArguments(type), (index) => {
      const parameter = parameters[index];
      return parameter && this.#checker.getDefaultFromTypeParameter(parameter);
    });
    return [...given, ...own];
  }

  #given(
    types: readonly ts.Type[],
    defaultOf: (index: number) => ts.Type | undefined,
  ): readonly ts.Type[] {
    const end = types.findIndex((type, index) => type === defaultOf(index));
    return end < 0 ? types : types.slice(0, end);
  }

  #complain({ name, node }: Place, what: string): void {
    this.found.add(`${pathOf(node.getSourceFile().fileName)} ${name} ${what}`);
  }
}

function pathOf(file: string): string {
  return relative(repository, file);
}

/** What is given once or many times, now or later. */
const wrappers: ReadonlySet<string | undefined> = new Set([
  ...["Promise", "PromiseLike", "Array", "ReadonlyArray", "Set", "ReadonlySet"],
  ...["AsyncIterable", "AsyncGenerator", "Iterable", "Generator"],
]);

function isReference(type: ts.Type): type is ts.TypeReference {
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  return ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
}

/** A library's; what nobody named, as the type of an expression, is ours. */
function isForeign({ symbol, aliasSymbol = symbol }: ts.Type): boolean {
  const [node] = aliasSymbol?.declarations ?? [];
  return node !== undefined && isInLibrary(node);
}

function isInLibrary(node: ts.Node): boolean {
  return node.getSourceFile().fileName.includes("/node_modules/");
}

function isNamed({ symbol }: ts.Type): boolean {
  return (
    symbol !== undefined && (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0
  );
}

function isPrivate(node: ts.Node): boolean {
  return ts.isPrivateIdentifier((node as ts.NamedDeclaration).name ?? node);
}
