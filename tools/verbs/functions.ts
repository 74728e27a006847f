import { posix } from "node:path";
import { parseSync, type Node } from "oxc-parser";

/** A function of a file; a method is called `Class.method`. */
export interface Declared {
  /** Whether others can call it with the context of a verb as its first argument. */
  takesContext: boolean;
  /** Names of what it calls, as the file has them. */
  calls: Set<string>;
}

/** A name of another file. */
export interface Elsewhere {
  /** Below the root. */
  file: string;
  name: string;
}

/** What one file has, by its own names. */
export interface FileFacts {
  functions: Map<string, Declared>;
  /** What it takes from files of the same package. */
  imports: Map<string, Elsewhere>;
  /** What it passes on from them. */
  exports: Map<string, Elsewhere>;
}

/** Reads the functions, methods, imports and re-exports of a TypeScript file. @param file below the root */
export function factsOf(file: string, source: string): FileFacts {
  const facts: FileFacts = { functions: new Map(), imports: new Map(), exports: new Map() };
  const at = (specifier: string): string => posix.join(posix.dirname(file), specifier);
  const declare = (name: string, node: Node, open = true): void => void facts.functions.set(name, { takesContext: open && takesContext(node, source), calls: callsIn(node, name.split(".")[0]!) });
  for (const statement of parseSync(file, source).program.body) {
    if (statement.type === "ImportDeclaration" && statement.source.value.startsWith(".")) {
      for (const each of statement.specifiers) if (each.type === "ImportSpecifier") facts.imports.set(each.local.name, { file: at(statement.source.value), name: nameOf(each.imported) });
    } else if (statement.type === "ExportNamedDeclaration" && statement.source !== null) {
      for (const each of statement.specifiers) if (each.exportKind !== "type") facts.exports.set(nameOf(each.exported), { file: at(statement.source.value), name: nameOf(each.local) });
    } else {
      const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
      if (node?.type === "FunctionDeclaration" && node.id) declare(node.id.name, node);
      if (node?.type === "VariableDeclaration") for (const { id, init } of node.declarations) if (id.type === "Identifier" && init?.type === "ArrowFunctionExpression") declare(id.name, init);
      if (node?.type === "ClassDeclaration" && node.id) for (const member of node.body.body) if (member.type === "MethodDefinition" && member.key.type === "Identifier") declare(`${node.id.name}.${member.key.name}`, member.value, member.accessibility !== "private");
    }
  }
  return facts;
}

function nameOf(node: Node): string {
  return "name" in node && typeof node.name === "string" ? node.name : "default";
}

function takesContext(node: Node, source: string): boolean {
  const [first] = "params" in node && Array.isArray(node.params) ? node.params : [];
  return first !== undefined && /:\s*DbCtx$/.test(source.slice(first.start, first.end));
}

/** Names of all functions that are called anywhere in it, in what it hands on too; methods of its own class by their full name. */
function callsIn(node: Node, owner: string, found = new Set<string>()): Set<string> {
  if (node.type === "CallExpression") {
    const { callee } = node;
    if (callee.type === "Identifier") found.add(callee.name);
    if (callee.type === "MemberExpression" && callee.object.type === "ThisExpression" && callee.property.type === "Identifier") found.add(`${owner}.${callee.property.name}`);
  }
  for (const value of Object.values(node) as unknown[]) for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) callsIn(child, owner, found);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}
