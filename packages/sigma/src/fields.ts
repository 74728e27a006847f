import type { Expr } from "./tree.ts";

/** The fields an expression looks at, in order of appearance, and whether it searches keywords. */
export function fieldsOf(expr: Expr): { readonly fields: string[]; readonly keywords: boolean } {
  const fields = new Set<string>();
  let keywords = false;
  const walk = (node: Expr): void => {
    switch (node.kind) {
      case "and": return node.all.forEach(walk);
      case "or": return node.any.forEach(walk);
      case "not": return walk(node.not);
      case "keyword":
        keywords = true;
        return;
      case "field":
        fields.add(node.field);
        if (node.test.kind === "sameAs") fields.add(node.test.field);
        return;
      case "constant":
        return;
    }
  };
  walk(expr);
  return { fields: [...fields], keywords };
}
