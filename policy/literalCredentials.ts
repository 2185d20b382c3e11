import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { StackValidationPolicy } from "@pulumi/policy";
import { isA, isProvider, peekText, type Seen } from "./resources.js";

/**
 * Files of the program must not contain credentials: neither those that the stack uses or creates, nor a value whose
 * name says that it is a credential.
 *
 * @param program the program's folder
 */
export function noLiteralCredentials(program: string): StackValidationPolicy {
  statSync(program); // Throws if the folder is missing. Otherwise the rule would always pass.
  return {
    name: "dt-no-literal-credentials",
    description:
      "Credentials come from encrypted configuration, the environment or a secret store, not from plaintext files.",
    enforcementLevel: "mandatory",
    validateStack({ resources }, report) {
      const secrets = new Set(resources.flatMap(secretsOf).filter((secret) => secret.length >= 8));
      for (const file of filesOf(program)) {
        readFileSync(file, "utf8")
          .split("\n")
          .forEach((line, index) => {
            if (
              ![...secrets].some((secret) => line.includes(secret)) &&
              !named.some((each) => each.test(line))
            )
              return;
            // Reports only the place, because the line contains the secret.
            report(
              `${relative(program, file)}:${index + 1} holds a plaintext credential: move it to \`pulumi config set --secret\`, and rotate it`,
            );
          });
      }
    },
  };
}

const secretsOf = (resource: Seen): string[] => {
  const names = isProvider(resource)
    ? ["dt:keySecret"]
    : isA(resource, "ServiceAccountKey")
      ? ["secret", "previousSecret"]
      : [];
  return names.flatMap((name) => peekText(resource, name) ?? []);
};

/**
 * Literal values, such as `keySecret: "…"` and `DT_API_KEY_SECRET=…`, and a plaintext `dt:keySecret: …` in stack
 * settings.
 */
const named: readonly RegExp[] = [
  /\b(keySecret|secret|password)["']?\s*[:=]\s*(["'`])[\w+/=.-]{16,}\2/i,
  /\bDT_(API_KEY|SERVICE_ACCOUNT)_SECRET\b["']?\s*[:=]\s*["'`]?[\w+/=.-]{16,}/,
  /\bdt:keySecret["']?\s*:\s*["']?[\w+/=.-]{8,}["']?\s*$/,
];

const readable = /(\.([cm]?[jt]sx?|json|ya?ml|env|sh|toml)|(^|\/)\.env(\..+)?)$/;
const elsewhere = new Set(["node_modules", ".git", "dist", ".pulumi"]);
const longest = 1_000_000;

/** The text files that people write by hand. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) ? [] : filesOf(path);
    const isOurs = entry.isFile() && readable.test(path) && entry.name !== "package-lock.json";
    return isOurs && statSync(path).size <= longest ? [path] : [];
  });
}
