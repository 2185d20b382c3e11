/** Credentials that this process has seen. They must never be printed, nor must anything that looks like one. */
const known = new Set<string>();

/**
 * Patterns of text that looks like a credential, with the replacement for each. Text from outside may be long and is
 * checked on every error, so each pattern must take linear time. A pattern must not look at the same characters again
 * from each of many positions.
 */
const lookalikes: readonly (readonly [pattern: RegExp, shown: string | ((match: string) => string)])[] = [
  [/[\w.-]+/g, withoutAssertions],
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, "[secret]"],
  [/\b[Bb]asic\s+(?=\w*[\dA-Z=])[\w+/=]{8,}/g, "[secret]"], // does not match "Basic authentication"
  [/((?:secret|access_token|assertion)["']?\s*[:=]\s*["']?)[\w.~+/=-]{8,}/gi, "$1[secret]"],
];

/** Replaces signed assertions (JWS compact form, RFC 7515) in a run of the characters that they consist of. */
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

/** Remembers a credential, so that our texts never show it in any spelling. Returns it. */
export function registerSecret(secret: string): string {
  if (secret.length > 3 && !known.has(secret)) {
    for (const spelling of spellings(secret)) known.add(spelling);
    longestFirst = undefined;
  }
  return secret;
}

/**
 * The credentials, longest first. If a short one that is part of a long one were replaced first, the rest of the long
 * one would stay readable. Sorted only when needed: there may be thousands.
 */
let longestFirst: readonly string[] | undefined;

/** The spellings of a credential that text from outside may contain. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inUrl = encodeURIComponent(secret.toWellFormed());
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  return [secret, inJson, inUrl, inUrl.replaceAll("%20", "+"), base64, bytes.toString("base64url")];
}

/** Replaces every known credential, and everything that looks like one, with `[secret]`. */
export function redact(text: string): string {
  let result = text;
  longestFirst ??= [...known].sort((left, right) => right.length - left.length);
  for (const secret of longestFirst) result = result.replaceAll(secret, "[secret]");
  for (const [pattern, shown] of lookalikes)
    result = typeof shown === "string" ? result.replace(pattern, shown) : result.replace(pattern, shown);
  return result;
}

/**
 * Like {@link redact}, for a text that quotes a user's input. By mistake, the input may be a key's secret in the API's
 * format that is not registered yet. Don't use it for other text, because ids of another API may have that format.
 */
export const redactGiven = (text: string): string => redact(text.replace(/\b[0-9a-f]{32}\b/g, "[secret]"));
