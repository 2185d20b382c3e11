import { isId } from "../api/text/resourceNames.js";
import { InvalidInput, type Check } from "../contract/resource.js";

/**
 * Checks an optional argument.
 *
 * @throws InvalidInput that names the argument
 */
export function optional<Value>(name: string, check: Check<Value>, value: unknown): Value | undefined {
  if (value === undefined) return undefined;
  try {
    return check(value);
  } catch (error) {
    throw error instanceof InvalidInput ? new InvalidInput(`${name} ${error.message}`) : error;
  }
}

/** The API name of the service account with this email; undefined for a person's email. */
export function accountOf(email: string): string | undefined {
  const [, id = "", project = ""] =
    /^([^@]+)@([^@.]+)\.serviceaccount\./.exec(email.trim().toLowerCase()) ?? [];
  return isId(id) && isId(project) ? `projects/${project}/serviceaccounts/${id}` : undefined;
}
