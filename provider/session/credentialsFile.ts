import { readFileSync } from "node:fs";
import * as v from "valibot";
import { printable } from "../api/text/foreignText.js";
import { registerSecret } from "../api/text/redact.js";

/** The values in a credentials file. */
export interface FileCredentials {
  readonly keyId: string;
  readonly keySecret: string;
  readonly email: string;
  readonly tokenEndpoint: string;
}

/**
 * Reads the file format of DT's Python client: `{"serviceAccount": {"keyId", "secret", "email", "algorithm": "HS256",
 * "tokenEndpoint"}}`.
 *
 * @throws Error naming the file and the field that is wrong; never quotes the content
 */
export function readCredentialsFile(path: string): FileCredentials {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code = "it can't be read" } = error as NodeJS.ErrnoException;
    throw new Error(`DT_CREDENTIALS_FILE names ${printable(path)}, which can't be read: ${code}`, {
      cause: error,
    });
  }
  return parseCredentials(text, `${printable(path)}, which DT_CREDENTIALS_FILE names,`);
}

/** @throws Error that begins with `what`; never quotes the text, which may be the secret */
export function parseCredentials(text: string, what: string): FileCredentials {
  const parsed = v.safeParse(v.pipe(v.string(), v.rawTransform(parse), CredentialsFile), text);
  if (parsed.success) {
    const { keyId, secret, email, tokenEndpoint } = parsed.output.serviceAccount;
    return { keyId, keySecret: registerSecret(secret), email, tokenEndpoint };
  }
  const [issue] = parsed.issues;
  throw new Error(
    `${what} is not a credentials file: ${v.getDotPath(issue) ?? "it"} is missing or malformed`,
  );
}

const filled = v.pipe(v.string(), v.trim(), v.nonEmpty());
const CredentialsFile = v.object({
  serviceAccount: v.object({
    keyId: filled,
    secret: filled,
    email: filled,
    algorithm: v.literal("HS256"),
    tokenEndpoint: filled,
  }),
});

function parse({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): unknown {
  try {
    return JSON.parse(dataset.value);
  } catch {
    addIssue({ message: "no JSON" });
    return NEVER;
  }
}
