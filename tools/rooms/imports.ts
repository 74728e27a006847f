import { parseSync, Visitor } from "oxc-parser";

/** One way in which a file names another module. */
export interface Import {
  /** The module as written, or undefined when `import()` computes it. */
  specifier: string | undefined;
  /** From 1. */
  line: number;
}

/**
 * Finds every module that a TypeScript file names: imports and re-exports (type-only ones too), `import()` expressions and types,
 * and `import x = require()`.
 *
 * @throws {Error} when the file does not parse
 */
export function importsOf(file: string, source: string): Import[] {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(error.message);
  const found: Import[] = [];
  const add = (specifier: string | undefined, offset: number): void => {
    found.push({ specifier, line: source.slice(0, offset).split("\n").length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.start);
    },
    ImportExpression: ({ source: module, start }) => add(module.type === "Literal" && typeof module.value === "string" ? module.value : undefined, start),
    TSImportType: (node) => add(node.source.value, node.start),
    TSExternalModuleReference: (node) => add(node.expression.value, node.start),
  }).visit(program);
  return found.toSorted((a, b) => a.line - b.line);
}
