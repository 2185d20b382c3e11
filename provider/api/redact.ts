/** What must never be printed: credentials that this process has seen, and anything that looks like one. */
const known = new Set<string>();

const lookalikes: readonly RegExp[] = [
  /eyJ[\w-]+\.[\w-]+\.[\w-]*/g, // a signed assertion (JWS compact form, RFC 7515)
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\b[Bb]asic\s+(?=\w*[\dA-Z=])[\w+/=]{8,}/g, // and not "Basic authentication"
  /(?<=["']?(?:secret|access_token|assertion)["']?\s*[:=]\s*["']?)[\w.~+/=-]{8,}/gi,
];

/** Remembers a credential, so that no text of ours ever shows it. Returns it. */
export function hide(secret: string): string {
  if (secret.length > 3) known.add(secret);
  return secret;
}

/** The text with every known credential, and everything that looks like one, replaced by `[secret]`. */
export function redact(text: string): string {
  let result = text;
  for (const secret of known) result = result.replaceAll(secret, "[secret]");
  for (const pattern of lookalikes) result = result.replace(pattern, "[secret]");
  return result;
}
