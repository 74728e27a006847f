/** An XML document from nested elements; text is escaped, undefined leaves the element out. */
export type Element = [name: string, content: string | Element[] | undefined];

export function document(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root)}`;
}

function element([name, content]: Element): string {
  if (content === undefined) return "";
  const inside = typeof content === "string" ? escape(content) : content.map(element).join("");
  const namespace = name.endsWith("Result") || name === "LocationConstraint" ? ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"' : "";
  return `<${name}${namespace}>${inside}</${name}>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}
