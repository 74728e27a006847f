import { ApiError } from "@corduroy/contract";

/** Why single sign-on sent somebody back, as the address says it; null when it did not. Shown as text, whoever wrote it. */
export function refusal(): ApiError | null {
  const query = new URLSearchParams(window.location.search);
  const detail = query.get("problem");
  if (detail === null) return null;
  const hint = query.get("hint");
  return new ApiError({ type: "about:blank", title: "Not signed in", status: 403, detail: detail.slice(0, 300), ...(hint !== null && { hint: hint.slice(0, 300) }) });
}
