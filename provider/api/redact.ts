/** What must never be printed: credentials that this process has seen, and anything that looks like one. */
const known = new Set<string>();

const lookalikes: readonly RegExp[] = [
  /eyJ[\w-]+\.[\w-]+\.[\w-]*/g, // a signed assertion (JWS compact form, RFC 7515)
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\b[Bb]asic\s+(?=\w*[\dA-Z=])[\w+/=]{8,}/g, // and not "Basic authentication"
  /(?<=["']?(?:secret|access_token|assertion)["']?\s*[:=]\s*["']?)[\w.~+/=-]{8,}/gi,
];

/** Remembers a credential, so that no text of ours ever shows it, in whatever spelling. Returns it. */
export function hide(secret: string): string {
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
  for (const pattern of lookalikes) result = result.replace(pattern, "[secret]");
  return result;
}

/**
 * The same for a text that quotes what a user has given, which by mistake may be a key's secret that nobody knows of yet, as the API makes
 * them. Nowhere else: another API's ids may look like that.
 */
export const redactGiven = (text: string): string => redact(text.replace(/\b[0-9a-f]{32}\b/g, "[secret]"));
