import { looksLikeKeyId, looksLikeSecret } from "../api/http/credentialFormats.js";
import { printable } from "../api/text/foreignText.js";
import { registerSecret } from "../api/text/redact.js";
import { readCredentialsFile } from "./credentialsFile.js";
import { found } from "./settingValues.js";

/** The parts of a login. */
export type Part = "keyId" | "keySecret" | "email";

/** One source of a complete login. Parts of two sources are never combined. */
export interface LoginSource {
  /** What to check in this source, as a plural. */
  readonly what: string;
  /** The name under which each part is set. */
  readonly names: Readonly<Record<Part, string>>;
  readonly values: Readonly<Partial<Record<Part, string>>>;
  /** The endpoint that exchanges this login for a token, if the source names one. */
  readonly tokenEndpoint?: string;
  /** Whether the source is the stack's configuration. */
  readonly isConfig?: true;
}

/** Explains that a part is missing and how to set it. Without a name, the part can be set in any source. */
export type Explain = (part: Part, name: string | undefined) => string;

/**
 * Chooses the one source of the login. Sources in the environment take precedence over the configuration. A value of
 * another account beside a complete login is an error, because it is not clear which of the two is meant.
 *
 * @param environment the sources in the environment, the preferred one first
 * @param needed the parts of a complete login
 * @throws Error naming both sources, or the missing parts and how to set them; never a value
 */
export function chooseLogin(
  environment: readonly [LoginSource, ...LoginSource[]],
  config: LoginSource,
  needed: readonly Part[],
  explain: Explain,
): LoginSource {
  for (const { values } of [...environment, config]) registerSecret(values.keySecret ?? "");
  const isWhole = (source: LoginSource): boolean => lacking(source, needed).length === 0;
  const given = environment.filter((source) => namesOf(source).length > 0);
  const chosen = given.find(isWhole) ?? (isWhole(config) ? config : undefined);
  if (chosen !== undefined) {
    for (const other of given) assertNoOther(chosen, other, needed);
    return assertNotSwapped(chosen);
  }
  const [first] = [...given].sort((left, right) => namesOf(right).length - namesOf(left).length);
  const fullest = first ?? (namesOf(config).length > 0 ? config : environment[0]);
  assertNotSwapped(fullest);
  const others = [...given, config].filter((source) => source !== fullest && namesOf(source).length > 0);
  const isBegun = namesOf(fullest).length > 0;
  const missing = lacking(fullest, needed).map((part) =>
    explain(part, isBegun ? fullest.names[part] : undefined),
  );
  throw new Error([...missing, ...others.map((other) => notMixed(fullest, other))].join("\n"));
}

/** The parts of a complete login. */
export const neededWith: Readonly<Record<"oauth2" | "basic", readonly Part[]>> = {
  oauth2: ["keyId", "keySecret", "email"],
  basic: ["keyId", "keySecret"],
};

/** A source in which each part has its own name. */
export function sourceOf(
  nameOf: (part: Part) => string,
  read: (name: string, part: Part) => string | undefined,
): LoginSource {
  const names = { keyId: nameOf("keyId"), keySecret: nameOf("keySecret"), email: nameOf("email") };
  const values = Object.fromEntries(
    Object.entries(names)
      .map(([part, name]) => [part, found(read(name, part as Part), name)?.value])
      .filter(([, value]) => value !== undefined),
  ) as LoginSource["values"];
  return { what: listed(Object.values(names)), names, values };
}

/** The credentials file, if the environment names one. @throws Error if it is not a readable credentials file */
export function fileSource({ DT_CREDENTIALS_FILE: path = "" }: NodeJS.ProcessEnv): LoginSource[] {
  if (path.trim() === "") return [];
  const { tokenEndpoint, ...values } = readCredentialsFile(path.trim());
  const what = `the values in ${printable(path)} (DT_CREDENTIALS_FILE)`;
  return [{ what, names: namesWithin("DT_CREDENTIALS_FILE"), values, tokenEndpoint }];
}

const namesWithin = (place: string): LoginSource["names"] => ({
  keyId: place,
  keySecret: place,
  email: place,
});

/** A login that the caller passes in. It comes neither from the environment nor from the configuration. */
export interface GivenLogin {
  /** What to check, as a plural, such as `the values on standard input`. */
  readonly what: string;
  readonly keyId: string;
  readonly keySecret: string;
  readonly email: string;
  readonly tokenEndpoint: string;
}

/** The source of a login that the caller passes in. */
export const givenSource = ({ what, tokenEndpoint, ...values }: GivenLogin): LoginSource => ({
  ...{ what, tokenEndpoint, values },
  names: namesWithin(what),
});

const parts: readonly Part[] = ["keyId", "keySecret", "email"];

const lacking = ({ values }: LoginSource, needed: readonly Part[]): Part[] =>
  needed.filter((part) => values[part] === undefined);

/** The names of the parts that are set in a source. */
const namesOf = ({ names, values }: LoginSource): string[] => [
  ...new Set(parts.filter((part) => values[part] !== undefined).map((part) => names[part])),
];

/** A second source may only repeat the values of the chosen one. */
function assertNoOther(chosen: LoginSource, other: LoginSource, needed: readonly Part[]): void {
  if (other === chosen) return;
  const differing = parts.filter(
    (part) => other.values[part] !== undefined && !isSame(part, other.values[part], chosen.values[part]),
  );
  if (differing.length === 0) return;
  const named = [...new Set(differing.map((part) => other.names[part]))];
  const rest = lacking(other, needed);
  throw new Error(
    `${listed(named)} ${named.length === 1 ? "is" : "are"} set, and ${listed(namesOf(chosen))} hold another login: a login comes from one source, and it is not clear which one is meant. Unset ${listed(namesOf(other))}, or ${
      chosen.isConfig === true && rest.length > 0
        ? `set ${listed(rest.map((part) => other.names[part]))} as well`
        : `unset ${listed(namesOf(chosen))}`
    }`,
  );
}

const isSame = (part: Part, one: string | undefined, other: string | undefined): boolean =>
  part === "email" ? one?.toLowerCase() === other?.toLowerCase() : one === other;

const notMixed = (fullest: LoginSource, other: LoginSource): string =>
  `${listed(namesOf(other))} ${namesOf(other).length === 1 ? "is" : "are"} set, too, but a login comes from one source: ${listed(namesOf(fullest))} can't be completed with that`;

/** If the id and the secret are swapped, the login would send the secret as the key's id, which is not kept secret. */
function assertNotSwapped(source: LoginSource): LoginSource {
  const { keyId, keySecret } = source.values;
  if (keyId === undefined || !looksLikeSecret(keyId)) return source;
  const isSwapped = keySecret !== undefined && (looksLikeKeyId(keySecret) || keySecret.length < keyId.length);
  if (!isSwapped && keySecret !== undefined) return source;
  registerSecret(keyId);
  throw new Error(
    `${source.names.keyId} holds what looks like the secret of a key. ${isSwapped ? `Perhaps the values of the two are swapped: ${source.names.keySecret}` : `Set it as ${source.names.keySecret}`}. No login was tried`,
  );
}

/** Joins names as `A, B and C`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
