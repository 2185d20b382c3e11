import { projectRoles } from "../api/text/roles.js";
import { canonicalEmail } from "../api/text/email.js";
import { collectionsOf, isId } from "../api/text/resourceNames.js";
import { milliseconds } from "./duration.js";
import { misspelled } from "./misspelling.js";
import { InvalidInput, type Check } from "./resource.js";

/** The API name of a project or an organization. Accepts the id, too: `p1` becomes `projects/p1`. */
export function resourceName(collection: "projects" | "organizations"): Check<string> {
  const prefix = `${collection}/`;
  return (value) => {
    const name = text(value).trim();
    const id = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    if (!isId(id)) {
      const hint = /\s/.test(id)
        ? ". That looks like a display name: `pulumi-dt whoami` shows the id of each"
        : "";
      throw new InvalidInput(`must be an id or "${collection}/ID", not ${quote(value)}${hint}`);
    }
    return `${prefix}${id}`;
  };
}

/** The API name of a service account, `projects/P/serviceaccounts/S`. Its Pulumi id is the same. */
export const serviceAccountName: Check<string> = (value) => {
  const name = text(value).trim();
  if (collectionsOf(name) !== "projects/serviceaccounts") {
    throw new InvalidInput(
      `must be a service account's id, "projects/P/serviceaccounts/S", not ${quote(value)}`,
    );
  }
  return name;
};

/** The last part of an API name, such as a key's id. */
export const resourceId: Check<string> = (value) => {
  const id = text(value);
  if (!isId(id)) throw new InvalidInput(`must be an id, not ${quote(value)}`);
  return id;
};

/** An email address in its canonical spelling (see {@link canonicalEmail}). */
export const email: Check<string> = (value) => {
  const address = canonicalEmail(text(value));
  if (
    /\p{C}/u.test(address) ||
    !/^[^\s@"<>(),;:\\/[\]]+@[^\s@"<>(),;:\\/[\].]+(\.[^\s@"<>(),;:\\/[\].]+)+$/.test(address)
  ) {
    throw new InvalidInput(`must be an email address, not ${quote(value)}`);
  }
  return address;
};

/** The project roles that the API has today. */
const shortRoles = projectRoles.map((role) => role.slice("roles/".length));
const allRoles = `the roles are ${shortRoles.join(", ")} and, in an OrgAdminBinding, organization.admin`;

/**
 * A project role, with or without `roles/`. Unknown roles pass, and the API decides. A misspelling of a known role is
 * an error, so that a preview shows it.
 */
export const projectRole: Check<string> = (value) => {
  const role = text(value)
    .trim()
    .replace(/^roles\//, "");
  if (!/^[\w.-]+$/.test(role)) throw new InvalidInput(`must be a role, not ${quote(value)}; ${allRoles}`);
  if (role.startsWith("organization.")) {
    throw new InvalidInput(`is ${role}, an organization role; use an OrgAdminBinding`);
  }
  const meant = misspelled(role, shortRoles);
  if (meant !== undefined) throw new InvalidInput(`is ${quote(value)}; did you mean ${meant}? (${allRoles})`);
  return `roles/${role}`;
};

/** A list of email addresses, sorted and without duplicates. */
export const emails: Check<readonly string[]> = (value) =>
  [...new Set(list(value, "email addresses").map((each) => email(each)))].sort();

/** An optional list of patterns. */
export const optionalPatterns: Check<readonly string[] | undefined> = (value) => {
  if (value === undefined) return undefined;
  return list(value, "patterns").map((each) => {
    const pattern = text(each).trim();
    if (pattern === "") throw new InvalidInput("must not hold an empty pattern");
    return pattern;
  });
};

export const displayName: Check<string> = (value) => {
  const name = text(value);
  if (name.trim() === "") throw new InvalidInput("must not be empty");
  return name;
};

/** True or false. The default is false. */
export const flag: Check<boolean> = (value = false) => {
  if (typeof value !== "boolean") throw new InvalidInput("must be true or false");
  return value;
};

/** True or false, but absent if it is false: then the state does not store it. */
export const optionalFlag: Check<true | undefined> = (value) => (flag(value) ? true : undefined);

export const requiredText: Check<string> = (value) => text(value);

export const optionalText: Check<string | undefined> = (value) =>
  value === undefined ? undefined : text(value);

/** A duration such as `90d`. The default is `byDefault`. */
export const duration =
  (byDefault: string): Check<string> =>
  (value = byDefault) => {
    milliseconds(text(value));
    return text(value);
  };

/** An optional duration of more than 0. */
export const optionalDuration: Check<string | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (milliseconds(text(value)) === 0) throw new InvalidInput("must be greater than 0");
  return text(value);
};

/** An optional map of strings. Numbers and booleans become strings. */
export const optionalTextMap: Check<Readonly<Record<string, string>> | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidInput("must be a map of strings");
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => {
      if (!["string", "number", "boolean"].includes(typeof each))
        throw new InvalidInput(`must hold strings, unlike "${name}"`);
      return [name, String(each)];
    }),
  );
};

/** One of `words`. The default is the first one. */
export const oneOf =
  <const Word extends string>(...words: [Word, ...Word[]]): Check<Word> =>
  (value = words[0]) => {
    const word = words.find((each) => each === value);
    if (word === undefined) throw new InvalidInput(`must be ${words.join(" or ")}, not ${quote(value)}`);
    return word;
  };

function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) throw new InvalidInput("is required");
  if (!Array.isArray(value)) throw new InvalidInput(`must be a list of ${what}`);
  return value;
}

function text(value: unknown): string {
  if (value === undefined) throw new InvalidInput("is required");
  if (typeof value !== "string") throw new InvalidInput("must be a string");
  return value;
}

const quote = (value: unknown): string => JSON.stringify(value).slice(0, 100);
