/** What must never be printed: credentials that this process has seen, and anything that looks like one. */
const known = new Set<string>();

/**
 * What looks like a credential, and what is to be put in its place. Foreign text may be long and is read on every error, so each takes
 * time in proportion to its length: none may look at the same characters again from each of many places.
 */
const lookalikes: readonly (readonly [pattern: RegExp, shown: string | ((match: string) => string)])[] = [
  [/[\w.-]+/g, withoutAssertions],
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, "[secret]"],
  [/\b[Bb]asic\s+(?=\w*[\dA-Z=])[\w+/=]{8,}/g, "[secret]"], // and not "Basic authentication"
  [/((?:secret|access_token|assertion)["']?\s*[:=]\s*["']?)[\w.~+/=-]{8,}/gi, "$1[secret]"],
];

/** Takes signed assertions (JWS compact form, RFC 7515) out of what a run of their characters holds. */
function withoutAssertions(run: string): string {
  if (!run.includes("eyJ")) return run;
  const parts = run.split(".");
  const shown: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? "";
    const start = part.indexOf("eyJ");
    const isAssertion = start >= 0 && part.length > start + 3 && parts[index + 1] && index + 2 < parts.length;
    shown.push(isAssertion ? `${part.slice(0, start)}[secret]` : part);
    if (isAssertion) index += 2;
  }
  return shown.join(".");
}

/** Remembers a credential, so that no text of ours ever shows it, in whatever spelling. Returns it. */
export function registerSecret(secret: string): string {
  if (secret.length > 3 && !known.has(secret)) {
    for (const spelling of spellings(secret)) known.add(spelling);
    longestFirst = undefined;
  }
  return secret;
}

/** A short one that is part of a long one would leave the rest of that to be read. Sorted when it is needed: there may be thousands. */
let longestFirst: readonly string[] | undefined;

/** How a credential may come back in somebody else's text. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inUrl = encodeURIComponent(secret.toWellFormed());
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  return [secret, inJson, inUrl, inUrl.replaceAll("%20", "+"), base64, bytes.toString("base64url")];
}

/** The text with every known credential, and everything that looks like one, replaced by `[secret]`. */
export function redact(text: string): string {
  let result = text;
  longestFirst ??= [...known].sort((left, right) => right.length - left.length);
  for (const secret of longestFirst) result = result.replaceAll(secret, "[secret]");
  for (const [pattern, shown] of lookalikes)
    result = typeof shown === "string" ? result.replace(pattern, shown) : result.replace(pattern, shown);
  return result;
}

/**
 * The same for a text that quotes what a user has given, which by mistake may be a key's secret that nobody knows of yet, as the API makes
 * them. Nowhere else: another API's ids may look like that.
 */
export const redactGiven = (text: string): string => redact(text.replace(/\b[0-9a-f]{32}\b/g, "[secret]"));
