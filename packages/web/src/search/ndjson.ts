/** Cuts a stream of bytes into lines, wherever the network cut it: within a line, or within a character. */
export interface LineSplitter {
  /** The lines that these bytes complete. */
  push: (bytes: Uint8Array) => string[];
  /** The last line, if the stream ended without a line feed. */
  end: () => string[];
}

/** A splitter for one stream of UTF-8; empty lines are left out. */
export function lineSplitter(): LineSplitter {
  const decoder = new TextDecoder();
  let rest = "";
  const cut = (text: string): string[] => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    return lines.filter((line) => line.trim() !== "");
  };
  return {
    push: (bytes) => cut(decoder.decode(bytes, { stream: true })),
    end: () => cut(`${decoder.decode()}\n`),
  };
}
