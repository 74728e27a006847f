import { useEffect, useState, type ReactNode } from "react";

/** Modules of white around the code, as the standard (ISO/IEC 18004) asks. */
const QUIET = 4;

/** A text as a QR code. Always dark on light: many readers want that. */
export function QrCode({ text }: { text: string }): ReactNode {
  const [code, setCode] = useState<{ size: number; path: string } | null>(null);
  useEffect(() => {
    let gone = false;
    void draw(text).then((drawn) => {
      if (!gone) setCode(drawn);
    });
    return () => {
      gone = true;
    };
  }, [text]);
  const size = code?.size ?? 1;
  return (
    <svg className="qr" viewBox={`${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`} role="img" aria-label="QR code of the key below" shapeRendering="crispEdges">
      <path d={code?.path ?? ""} />
    </svg>
  );
}

async function draw(text: string): Promise<{ size: number; path: string }> {
  const { default: qrcode } = await import("qrcode-generator");
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const path: string[] = [];
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (code.isDark(y, x)) path.push(`M${x} ${y}h1v1h-1z`);
  return { size, path: path.join("") };
}
