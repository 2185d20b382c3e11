import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { StackValidationPolicy } from "@pulumi/policy";
import { isA, isProvider, peekSetting, peekText, type Seen } from "./resources.js";

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
        const patterns = /\.ya?ml$/.test(file) ? [...named, inYaml] : named;
        readFileSync(file, "utf8")
          .split("\n")
          .forEach((line, index) => {
            if (
              ![...secrets].some((secret) => line.includes(secret)) &&
              !patterns.some((each) => each.test(line))
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

function secretsOf(resource: Seen): string[] {
  if (isProvider(resource))
    return [peekSetting(resource, "keySecret")].filter((secret) => secret !== undefined);
  const names = isA(resource, "ServiceAccountKey") ? ["secret", "previousSecret"] : [];
  return names.flatMap((name) => peekText(resource, name) ?? []);
}

/** Functions that turn a literal into an input, such as `pulumi.String(…)` in Go. */
const wrapper = String.raw`(?:(?:\w+\.)*(?:String|StringPtr|secret|ToSecret|CreateSecret|ofSecret)\(\s*)*`;

/**
 * Literal values in any of Pulumi's languages, such as `keySecret: "…"`, `key_secret="…"`, `.keySecret("…")` and
 * `DT_API_KEY_SECRET=…`, and a plaintext `dt:keySecret: …` in stack settings.
 */
const named: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:(?:key_?secret|secret|password)["']?\s*[:=]|key_?secret\()\s*${wrapper}(["'\`])[\w+/=.-]{16,}\1`,
    "i",
  ),
  /\bDT_(API_KEY|SERVICE_ACCOUNT)_SECRET\b["']?\s*[:=]\s*["'`]?[\w+/=.-]{16,}/,
  /\b(dt|disruptive):keySecret["']?\s*:\s*["']?[\w+/=.-]{8,}["']?\s*$/,
];

/** YAML programs and settings write a value without quotes. */
const inYaml = /\bkeySecret["']?\s*:\s*["']?[\w+/=.-]{8,}["']?\s*([,}#]|$)/;

const readable =
  /(\.([cm]?[jt]sx?|json|ya?ml|env|sh|toml|py|go|cs|fs|vb|java|kts?|scala|groovy)|(^|\/)\.env(\..+)?)$/;
const elsewhere = new Set(["node_modules", ".git", "dist", ".pulumi", "vendor"]);
const longest = 1_000_000;

/** The text files that people write by hand. */
function filesOf(folder: string): string[] {
  // A Python virtual environment has other people's code.
  if (existsSync(join(folder, "pyvenv.cfg"))) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) ? [] : filesOf(path);
    const isOurs = entry.isFile() && readable.test(path) && entry.name !== "package-lock.json";
    return isOurs && statSync(path).size <= longest ? [path] : [];
  });
}
