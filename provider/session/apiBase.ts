import { printable } from "../api/text/foreignText.js";
import { redactGiven } from "../api/text/redact.js";
import type { Found } from "./settingValues.js";

export const production = { apiUrl: "https://api.disruptive-technologies.com/v2" } as const;

export const tokenEndpoints: Readonly<Record<string, string>> = {
  [production.apiUrl]: "https://identity.disruptive-technologies.com/oauth2/token",
  "https://api.dev.disruptive-technologies.com/v2":
    "https://identity.dev.disruptive-technologies.com/oauth2/token",
};

/** Aliases of hosts, with the name to use instead. */
const hostAliases: Readonly<Record<string, string>> = {
  "api.d21s.com": "api.disruptive-technologies.com",
  localhost: "127.0.0.1",
  "[::1]": "127.0.0.1",
};

/**
 * Returns one spelling for each API base, because it is compared with the one in the state. Replaces host aliases, adds
 * the version and removes slashes at the end.
 */
export function canonicalBase(given: URL): string {
  const url = new URL(withApiVersion(given));
  url.hostname = hostAliases[url.hostname] ?? url.hostname;
  return baseUrlOf(url);
}

/** Whether two API bases are the same. One of them may have been stored by an earlier version of this provider. */
export const isSameApi = (one: string, other: string): boolean =>
  one === other ||
  (URL.canParse(one) && URL.canParse(other) && canonicalBase(new URL(one)) === canonicalBase(new URL(other)));

/** Adds the version if it is missing. DT's Terraform provider uses the base without the version. */
export function withApiVersion(given: URL): URL {
  const url = new URL(given);
  if (!/\/v\d[^/]*(\/|$)/.test(url.pathname)) url.pathname = `${withoutSlash(url.pathname)}/v2`;
  return url;
}

export const baseUrlOf = ({ origin, pathname }: URL): string => `${origin}${withoutSlash(pathname)}`;

const withoutSlash = (path: string): string => path.replace(/(?<!\/)\/+$/, "");

export function assertSafeUrl({ value: text, from }: Found, isInsecureAllowed: boolean): URL {
  if (!URL.canParse(text))
    throw new Error(`${from} is not a URL: "${printable(redactGiven(withoutLogin(text)))}"`);
  const url = new URL(text);
  const isLoopback = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && (isLoopback || isInsecureAllowed))) {
    throw new Error(
      `${from} must be https, not "${url.protocol}//${url.host}": credentials would be sent in clear text. Set DT_ALLOW_INSECURE=true to allow it`,
    );
  }
  // Everything that shows the URL would show them, too.
  if (url.username !== "" || url.password !== "")
    throw new Error(`${from} must not contain a user name or password`);
  return url;
}

/** Text that is not a URL may still contain a password, before the last `@`. */
function withoutLogin(text: string): string {
  const at = text.lastIndexOf("@");
  return at === -1 ? text : `…${text.slice(at)}`;
}
